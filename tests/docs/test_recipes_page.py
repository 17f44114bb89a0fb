"""The page on recipes: its recipe runs, and it names every kind of section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections import SECTIONS
from tests.documentation import DOCS, blocks
from tests.reproduce.tiny import write_toy

if TYPE_CHECKING:
    from pathlib import Path


def test_the_recipe_of_the_page_runs(tmp_path: Path) -> None:
    (text,) = blocks("recipes.md", "toml small.toml")
    file = tmp_path / "small.toml"
    file.write_text(text, encoding="utf-8")
    write_toy(tmp_path / "ml-latest-small")
    reproduction = reproduce(read_recipe(str(file)), RunOptions(tmp_path / "out", tmp_path))
    assert reproduction.done == 2 * 2 + 2 * 2 + 1
    assert {one.met for one in reproduction.report.findings} <= {True, False, None}


def test_the_page_names_every_kind_of_section() -> None:
    page = (DOCS / "recipes.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z0-9_]+)` \|", page, flags=re.MULTILINE) == list(SECTIONS)
