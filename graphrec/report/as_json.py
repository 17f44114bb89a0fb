"""A report as JSON: every number unrounded, every figure with its data."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from graphrec import strict_json
from graphrec.report import cells
from graphrec.report.document import Drawing, Figure, Finding, Heading, Table, Text

if TYPE_CHECKING:
    from graphrec.report.document import Block, Report


def as_json(report: Report) -> str:
    """Return the whole report as one JSON object."""
    return strict_json.dumps(as_object(report), indent=1, ensure_ascii=False) + "\n"


def as_object(report: Report) -> dict[str, Any]:
    """Return the report as objects that JSON knows; ``from_object`` reads them again."""
    return {
        "title": report.title,
        "lead": report.lead,
        "facts": dict(report.facts),
        "findings": [asdict(finding) for finding in report.findings],
        "blocks": [_block(block) for block in report.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"heading": block.text, "level": block.level}
    if isinstance(block, Text):
        return {"text": block.text}
    if isinstance(block, Finding):
        return {"finding": block.text, "met": block.met}
    if isinstance(block, Table):
        return {
            "table": block.name,
            "caption": block.caption,
            "columns": [asdict(column) for column in block.columns],
            "rows": [[cells.as_json(cell) for cell in row] for row in block.rows],
            "strong": sorted(block.strong),
        }
    if isinstance(block, Figure):
        chart = {"kind": type(block.chart).__name__.lower(), **_plain(asdict(block.chart))}
        return {"figure": block.name, "caption": block.caption, "chart": chart}
    return _drawing(block)


def _drawing(block: Drawing) -> dict[str, Any]:
    return {"drawing": block.name, "caption": block.caption, "data": _plain(dict(block.data)), "svg": block.svg}


def _plain(value: Any) -> Any:
    """Return tuples as lists, and numbers that JSON does not know as null."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
