"""docs/evaluate.md runs as written, and names every metric and every way to split."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from graphrec.dataset.splitting import SPLITS
from graphrec.evaluation import METRICS
from graphrec.loading import registry
from graphrec.store.opening import open_store
from tests.commands.conftest import Command
from tests.commands.test_main_job import write_movies
from tests.documentation import DOCS, blocks, run_blocks

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = "evaluate.md"


def first_cells(header: str) -> list[str]:
    rows = (DOCS / PAGE).read_text(encoding="utf-8").split(f"| {header} |")[1].split("\n\n", maxsplit=1)[0]
    return re.findall(r"^\| `([^`]+)` \|", rows, re.MULTILINE)


def test_the_page_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHREC_STORE", raising=False)
    loaded = registry.read("movielens", write_movies(tmp_path / "ml"))
    with open_store("./graphrec-store") as store:
        store.load(loaded.tables, loaded.info)
    for block in blocks(PAGE, "sh"):
        for line in block.strip().splitlines():
            said = Command(capsys).good(*shlex.split(line)[1:])
    assert "Wrote fold-0.parquet" in said.out
    run_blocks(PAGE)


def test_every_metric_and_every_way_to_split_is_named() -> None:
    assert first_cells("metric | is") == list(METRICS)
    assert first_cells("split | training sees | to be found") == list(SPLITS)
