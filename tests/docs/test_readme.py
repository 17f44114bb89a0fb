"""The README runs, and points at what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphrec.loading import registry
from graphrec.store.opening import open_store
from tests.commands.test_main_job import write_movies
from tests.conftest import ROOT
from tests.documentation import blocks, run_blocks

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

README = "../README.md"


def test_its_python_writes_a_run_and_its_cypher_finds_the_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = registry.read("movielens", write_movies(tmp_path / "ml"))
    with open_store("./graphrec-store") as store:
        store.load(loaded.tables, loaded.info)
    run_blocks(README)
    printed = capsys.readouterr().out
    assert "number 1 for 4" in printed
    assert "“a”, which they listened to" in printed
    assert "number 1 for user 1" in printed
    assert all(len(block.strip().splitlines()) <= 8 for block in blocks(README))
    (cypher,) = blocks(README, "cypher")
    with open_store("./graphrec-store", read_only=True) as store:
        rows = store.query(cypher)
    assert list(rows.columns) == ["u.name", "j.name", "e.percent", "e.effect", "i.name"]
    assert len(rows)


def test_every_link_of_the_project_s_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
