"""docs/signals.md works as written, and lists the models that use dislikes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphrec.models.recommender import USING_DISLIKES
from tests.documentation import DOCS, run_blocks

if TYPE_CHECKING:
    import pytest

PAGE = "signals.md"


def test_the_page_s_code_says_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    run_blocks(PAGE)
    printed = capsys.readouterr().out
    assert "“Heat”, which they watched and disliked" in printed
    assert "Not from the model, for fay watched nothing yet that counts" in printed
    assert "age 18-24 of the user: people with it watched it more often than others" in printed


def test_the_page_names_the_models_that_use_dislikes() -> None:
    rows = re.findall(r"^\| (`.*?) \|", (DOCS / PAGE).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`([a-z-]+)`", row)) == list(USING_DISLIKES)
