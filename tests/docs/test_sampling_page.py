"""docs/sampling.md works as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.store.opening import open_store
from tests.documentation import DOCS, run_blocks
from tests.store.content import load_small

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_s_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path / "cache"))
    with open_store(str(tmp_path / "store")) as store:
        load_small(store)
        graph = run_blocks("sampling.md", store=store)["graph"]
    text = (DOCS / "sampling.md").read_text(encoding="utf-8")
    for source, name, target in graph.neighbours:
        assert name.partition(":")[0] in text, (source, name, target)
    assert len(list((tmp_path / "cache" / "derived").iterdir())) == 1
