"""The queries on docs/why-queries.md and docs/reading-reasons.md return what the pages say, on both engines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from graphrec import queries
from tests.documentation import DOCS, blocks

if TYPE_CHECKING:
    from tests.cypher.handles import Handle

PAGE = "why-queries.md"


def answered(page: str) -> list[tuple[str, str]]:
    """Return the queries of a page, each with the table below it."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^```cypher\n(.*?)^```\n\n((?:\|[^\n]*\n)+)", text, re.MULTILINE | re.DOTALL)


ANSWERED = [*answered(PAGE), *answered("reading-reasons.md")]
VALUES = {"user": "ada", "item": "dune"}


def cells(table: str) -> list[list[str]]:
    """Return the rows of a table in Markdown, its ruler left out."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [rows[0], *rows[2:]]


def test_every_query_has_an_answer() -> None:
    assert len(answered(PAGE)) == len(blocks(PAGE, "cypher")) == 8
    assert len(answered("reading-reasons.md")) == len(blocks("reading-reasons.md", "cypher")) == 1


@pytest.mark.parametrize(("text", "table"), ANSWERED)
def test_the_answer_is_right(small: Handle, text: str, table: str) -> None:
    rows = small.query(text, {name: VALUES[name] for name in queries.used_parameters(text)})
    said = [list(map(str, rows.columns)), *[[str(value) for value in row] for row in rows.itertuples(index=False)]]
    assert said == cells(table)


def test_the_page_lists_only_queries_that_exist() -> None:
    named = set(re.findall(r"`((?:why|audit|analyst)/\w+)`", (DOCS / PAGE).read_text(encoding="utf-8")))
    assert named <= set(queries.names())
