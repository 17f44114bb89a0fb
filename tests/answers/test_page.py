"""The Python on docs/why-queries.md prints what the page says, on both engines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.cypher import small_graph
from tests.documentation import blocks, run_blocks
from tests.store.content import SMALL

if TYPE_CHECKING:
    import pytest

    from graphrec.store.store import Store

PAGE = "why-queries.md"


def test_it_prints_what_the_page_says(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    store.load(small_graph.graph(), replace(SMALL, verb="watched"))
    run_blocks(PAGE, store=store)
    printed = capsys.readouterr().out
    assert "('user', 'item', 'run')" in printed
    assert re.search(r"Entity +Ridley Scott +12 % +0\.10? +entity +Alien", printed)
    shown = blocks(PAGE, "text")
    assert len(shown) == 2
    assert [text for text in shown if text not in printed] == []
