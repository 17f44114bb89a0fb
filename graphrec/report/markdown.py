"""A report as Markdown, as GitHub shows it. Figures lie beside it as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.report.cells import heading, is_number, text
from graphrec.report.document import Drawing, Figure, Finding, Heading, Table, Text
from graphrec.report.sentences import mark

if TYPE_CHECKING:
    from graphrec.report.document import Block, Report

FIGURES = "figures"
"""Folder of the figures, beside the report."""

_SPECIAL = str.maketrans({symbol: "\\" + symbol for symbol in "\\*_<>[]|"} | {"\n": " ", "\r": " "})


def as_markdown(report: Report) -> str:
    """Return the whole report."""
    parts = [f"# {escaped(report.title)}", escaped(report.lead)]
    if report.findings:
        parts += ["## In short", "\n".join(_finding(finding) for finding in report.findings)]
    parts += [_block(block) for block in report.blocks if not isinstance(block, Finding)]
    parts += ["## How this was made", "\n".join(f"- {escaped(k)}: {escaped(v)}" for k, v in report.facts.items())]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(words: str) -> str:
    """Return words without meaning for Markdown; what stands between backticks stays code."""
    pieces = words.split("`")
    if len(pieces) % 2 == 0:  # a lone backtick is a character like any other
        return words.replace("`", "'").translate(_SPECIAL)
    return "`".join(piece if place % 2 else piece.translate(_SPECIAL) for place, piece in enumerate(pieces))


def _finding(finding: Finding) -> str:
    return f"- {mark(finding.met)} {escaped(finding.text)}"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {escaped(block.text)}"
    if isinstance(block, Text):
        return escaped(block.text)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, (Figure, Drawing)):
        return f"![{escaped(block.caption)}]({FIGURES}/{block.name}.svg)\n\n*{escaped(block.caption)}*"
    return ""


def _table(table: Table) -> str:
    numeric = [all(is_number(row[place]) for row in table.rows) for place in range(len(table.columns))]
    lines = [
        "| " + " | ".join(escaped(heading(column)) for column in table.columns) + " |",
        "|" + "|".join(" ---: " if right else " --- " for right in numeric) + "|",
    ]
    for place, row in enumerate(table.rows):
        cells = [escaped(text(cell, column)) for cell, column in zip(row, table.columns, strict=True)]
        lines.append("| " + " | ".join(f"**{cell}**" if place in table.strong else cell for cell in cells) + " |")
    caption = f"**{escaped(table.caption)}**\n\n" if table.caption else ""
    return caption + "\n".join(lines)
