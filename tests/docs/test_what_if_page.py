"""docs/what-if.md works as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.documentation import blocks, run_blocks

if TYPE_CHECKING:
    import pytest

PAGE = "what-if.md"


def test_the_page_s_code_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    answer = run_blocks(PAGE)["answer"]
    printed = capsys.readouterr().out
    (shown,) = blocks(PAGE, "text")
    assert printed.startswith(shown)
    assert "the user '2' took nothing with genre drama" in printed
    assert [row.item.name for row in answer.after] == ["Alien", "Dune"]
