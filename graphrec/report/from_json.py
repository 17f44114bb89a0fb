"""A report read again from its JSON, so that its other forms can be written anew without any of its data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphrec.errors import InputError
from graphrec.report.charts import Band, Cloud, Densities, Lines, Points
from graphrec.report.document import (
    Column,
    Drawing,
    Figure,
    Finding,
    Heading,
    Interval,
    Report,
    Spread,
    Table,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.report.charts import Chart
    from graphrec.report.document import Block, Cell

_NAN = float("nan")


def read_report(path: Path) -> Report:
    """Read a ``report.json``.

    Args:
        path: as ``write_report`` wrote it.

    Raises:
        InputError: it cannot be read, or it is no report or that of an older version; names the block.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("the report cannot be read", where=str(path), remedy="Name a file that is there") from error
    except ValueError as error:
        raise InputError(f"the report is no JSON: {error}", where=str(path)) from error
    return from_object(content, str(path))


def from_object(content: Any, where: str = "") -> Report:
    """Return the report in what ``as_object`` returned; numbers that JSON does not know have become NaN.

    Args:
        content: the object.
        where: the file, for messages.

    Raises:
        InputError: it is no report or that of an older version; names the block.
    """
    try:
        title, lead, facts, blocks = (content[name] for name in ("title", "lead", "facts", "blocks"))
    except (KeyError, TypeError) as error:
        raise InputError(
            "this is no report: title, lead, facts or blocks are missing", where=where, remedy="Name a report.json"
        ) from error
    read = []
    for place, block in enumerate(blocks, start=1):
        try:
            read.append(_block(block))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"block {place} is none that this version knows: {type(error).__name__}: {error}",
                where=where,
                remedy="Run the recipe again, which writes the report whole",
            ) from error
    return Report(title, lead, facts, tuple(read))


def _block(block: dict[str, Any]) -> Block:
    for kind, read in _BLOCKS.items():
        if kind in block:
            return read(block)
    raise ValueError(f"none of {', '.join(_BLOCKS)}")


def _table(block: dict[str, Any]) -> Table:
    columns = tuple(Column(**column) for column in block["columns"])
    rows = tuple(tuple(map(_cell, row)) for row in block["rows"])
    return Table(block["table"], columns, rows, block["caption"], frozenset(block["strong"]))


def _cell(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        plain: str | float | None = cell
        return plain
    if "mean" in cell:
        return Spread(_number(cell["mean"]), cell["sd"], cell["n"])
    return Interval(*(_number(cell[end]) for end in ("value", "low", "high")))


def _number(value: float | None) -> float:
    return _NAN if value is None else value


def _numbers(values: list[float | None]) -> tuple[float, ...]:
    return tuple(map(_number, values))


def _chart(chart: dict[str, Any]) -> Chart:
    kind, parts = chart["kind"], {name: part for name, part in chart.items() if name != "kind"}
    if kind == "lines":
        bands = (
            Band(line["label"], *(_numbers(line[name]) for name in ("x", "y", "low", "high")))
            for line in parts["lines"]
        )
        return Lines(**{**parts, "lines": tuple(bands)})
    if kind == "points":
        numbers = {name: _numbers(parts[name]) for name in ("values", "low", "high")}
        return Points(**{**parts, **numbers, "labels": tuple(parts["labels"]), "marks": tuple(parts["marks"])})
    if kind == "densities":
        samples = tuple((label, _numbers(values)) for label, values in parts["samples"])
        return Densities(**{**parts, "samples": samples})
    if kind == "cloud":
        return Cloud(tuple((label, _numbers(x), _numbers(y)) for label, x, y in parts["groups"]))
    raise ValueError(f"no chart {kind!r}")


_BLOCKS: dict[str, Callable[[dict[str, Any]], Block]] = {
    "heading": lambda block: Heading(block["heading"], block["level"]),
    "text": lambda block: Text(block["text"]),
    "finding": lambda block: Finding(block["finding"], block["met"]),
    "table": _table,
    "figure": lambda block: Figure(block["figure"], _chart(block["chart"]), block["caption"]),
    "drawing": lambda block: Drawing(block["drawing"], block["svg"], block["caption"], block["data"]),
}
"""Reader of each kind of block by the name that tells it."""
