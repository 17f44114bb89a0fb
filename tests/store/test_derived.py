"""The local cache: where it lies, and what it leaves behind."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest

from graphrec.errors import StoreError
from graphrec.store import derived

ARRAYS = {"a": np.arange(4, dtype=np.int32), "b": np.empty(0, dtype=np.int64)}


def test_the_folder_is_the_variable_s_else_the_shared_cache_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path / "mine"))
    assert derived.cache_folder() == tmp_path / "mine" / "derived"
    monkeypatch.delenv("GRAPHREC_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "shared"))
    assert derived.cache_folder() == tmp_path / "shared" / "graphrec" / "derived"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert derived.cache_folder() == Path.home() / ".cache" / "graphrec" / "derived"


def test_entries_are_told_apart_by_store_data_and_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path))
    derived.keep("here", "one", "graph", ARRAYS)
    derived.keep("there", "one", "graph", ARRAYS)
    derived.keep("here", "one", "other", ARRAYS)
    found = derived.find("here", "one", "graph")
    assert found is not None
    assert {name: (array.tolist(), array.dtype) for name, array in found.items()} == {
        "a": ([0, 1, 2, 3], np.int32),
        "b": ([], np.int64),
    }
    assert derived.find("here", "two", "graph") is None
    derived.keep("here", "two", "graph", ARRAYS)
    assert derived.find("here", "one", "graph") is derived.find("here", "one", "other") is None
    derived.drop("here", "two")
    assert derived.find("here", "two", "graph") is None
    assert derived.find("there", "one", "graph") is not None
    assert (tmp_path / "derived").stat().st_mode & 0o777 == 0o700


def test_what_a_killed_process_left_goes_with_the_next_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path))
    derived.keep("here", "one", "graph", ARRAYS)
    (entry,) = (tmp_path / "derived").iterdir()
    entry.with_name(entry.name + ".1.writing").write_bytes(b"half")
    assert derived.find("here", "one", "graph") is not None
    derived.keep("here", "two", "graph", ARRAYS)
    assert len(list((tmp_path / "derived").iterdir())) == 1


def test_an_entry_that_cannot_be_removed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path))
    derived.keep("here", "one", "graph", ARRAYS)
    (entry,) = (tmp_path / "derived").iterdir()
    entry.unlink()
    entry.mkdir()
    with pytest.raises(StoreError, match="cannot be removed") as error:
        derived.drop("here", "one")
    assert error.value.where == str(entry)


def test_the_same_data_under_another_address_goes_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A link to a store's folder, or another scheme of a server, is another address."""
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path))
    for uri, fingerprint in (("here", "one"), ("link", "one"), ("there", "two")):
        derived.keep(uri, fingerprint, "graph", ARRAYS)
    (tmp_path / "derived" / ".tmpAbCdEf").write_bytes(b"half")
    derived.drop("here", "one")
    assert len(list((tmp_path / "derived").iterdir())) == 1
    assert derived.find("there", "two", "graph") is not None


def test_a_full_disk_is_said_and_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        derived.keep("here", "one", "graph", {"a": np.arange(1000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "nothing is cached" in caplog.text
    assert list((tmp_path / "derived").iterdir()) == []
    assert derived.find("here", "one", "graph") is None


def test_an_entry_that_cannot_be_read_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path))
    derived.keep("here", "one", "graph", ARRAYS)
    (entry,) = (tmp_path / "derived").iterdir()
    entry.unlink()
    entry.mkdir()
    assert derived.find("here", "one", "graph") is None
    assert "cannot be read" in caplog.text
