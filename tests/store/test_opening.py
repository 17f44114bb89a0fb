"""Store URIs: which engine they mean, and what is said of wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import StoreError, UsageError
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path


def folder_of(uri: str | Path | None) -> Path:
    with open_store(uri) as store:
        assert isinstance(store, EmbeddedStore)
        return store.path


def test_a_folder_is_an_embedded_store(tmp_path: Path) -> None:
    assert folder_of(str(tmp_path / "a")) == tmp_path / "a"
    assert folder_of(tmp_path / "a") == tmp_path / "a"
    assert folder_of(f"ladybug:{tmp_path}/a b") == tmp_path / "a b"
    assert not (tmp_path / "a").exists(), "nothing is made before something is written"


def test_the_environment_then_the_default_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHREC_STORE", raising=False)
    assert folder_of(None) == tmp_path / "graphrec-store"
    monkeypatch.setenv("GRAPHREC_STORE", f"ladybug:{tmp_path}/named")
    assert folder_of(None) == folder_of("") == tmp_path / "named"
    assert folder_of("other") == tmp_path / "other"


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("http://localhost:7474", "no store answers to 'http://'"),
        ("postgres://localhost", "no store answers to 'postgres://'"),
        ("neo4j://", "names no host"),
        ("bolt:localhost", "lacks ://"),
        ("neo4j:", "lacks ://"),
        ("ladybug:", "names no folder"),
        ("   ", "names no folder"),
    ],
)
def test_a_wrong_uri_is_explained(uri: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        open_store(uri)
    assert "neo4j://HOST" in caught.value.remedy


def test_a_password_in_the_uri_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="a user, a password") as caught:
        open_store("neo4j://me:s3cr3t@localhost:7687/db")
    assert "s3cr3t" not in str(caught.value)
    assert "NEO4J_PASSWORD" in caught.value.remedy


def test_reading_needs_a_store_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here"):
        open_store(tmp_path / "none", read_only=True)
