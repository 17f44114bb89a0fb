"""docs/every-day.md runs as written, and states the rules that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec import queries
from graphrec.refreshing.rules import LARGEST_GROWTH, LARGEST_UNKNOWN
from graphrec.store.opening import open_store
from tests.documentation import DOCS, blocks, run_blocks

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own assertions are a test; its query says what the shipped one says."""
    monkeypatch.chdir(tmp_path)
    run_blocks("every-day.md")
    (query,) = blocks("every-day.md", "cypher")
    with open_store("songs", read_only=True) as store:
        shipped = store.query(queries.load("analyst/ages", store.engine).text, {"run": ""})
        assert store.query(query)[["computed", "lists"]].equals(shipped[["computed", "lists"]])


def test_its_numbers_are_those_of_the_rules() -> None:
    text = (DOCS / "every-day.md").read_text(encoding="utf-8")
    assert f"by more than {LARGEST_GROWTH * 100:.0f} %" in text
    assert f"more than {LARGEST_UNKNOWN * 100:.0f} % of the new interactions" in text
