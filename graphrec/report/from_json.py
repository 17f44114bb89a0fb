"""A report read again from its JSON, so that its other forms can be written anew without any of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.errors import InputError
from graphrec.report.charts import Band, Cloud, Densities, Heat, Lines, Points
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
from graphrec.report.inert_svg import require_inert
from graphrec.strict_json import read_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.report.charts import Chart
    from graphrec.report.document import Block, Cell

_NAN = float("nan")
_LARGEST = 256 << 20


def read_report(path: Path) -> Report:
    """Read a ``report.json``.

    Args:
        path: as ``write_report`` wrote it.

    Raises:
        InputError: it cannot be read, or it is no report or that of an older version; names the block.
    """
    return from_object(_content(path), str(path))


def figure_names(path: Path) -> set[str]:
    """Return the names of the figures in a ``report.json``; errors as for ``read_report``."""
    report = read_report(path)
    return {block.name for block in report.blocks if isinstance(block, (Figure, Drawing))}


def _content(path: Path) -> Any:
    try:
        return read_json(path, _LARGEST)
    except OSError as error:
        raise InputError("the report cannot be read", where=str(path), remedy="Name a file that is there") from error
    except ValueError as error:
        raise InputError(f"the report is no JSON: {error}", where=str(path)) from error


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
    if not (isinstance(title, str) and isinstance(lead, str) and isinstance(blocks, list) and _is_facts(facts)):
        raise InputError("this is no report: its title, lead, facts or blocks are none", where=where)
    read = []
    for place, block in enumerate(blocks, start=1):
        try:
            read.append(_block(block))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(
                f"block {place} is none that this version knows: {type(error).__name__}: {error}",
                where=where,
                remedy="Run the recipe again, which writes the report whole",
            ) from error
    return Report(title, lead, facts, tuple(read))


def _is_facts(facts: Any) -> bool:
    return isinstance(facts, dict) and all(isinstance(words, str) for words in facts.values())


def _words(value: Any) -> str:
    """Return words; TypeError where JSON has something else."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} stands where words belong")
    return value


def _drawing(block: dict[str, Any]) -> Drawing:
    require_inert(_words(block["svg"]))
    return Drawing(_words(block["drawing"]), block["svg"], _words(block["caption"]), dict(block["data"]))


def _block(block: dict[str, Any]) -> Block:
    for kind, read in _BLOCKS.items():
        if kind in block:
            return read(block)
    raise ValueError(f"none of {', '.join(_BLOCKS)}")


def _table(block: dict[str, Any]) -> Table:
    columns = tuple(Column(**column) for column in block["columns"])
    for column in columns:
        _words(column.name + column.unit)
    rows = tuple(tuple(map(_cell, row)) for row in block["rows"])
    return Table(_words(block["table"]), columns, rows, _words(block["caption"]), frozenset(block["strong"]))


def _cell(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        if not isinstance(cell, (str, int, float)) and cell is not None:
            raise TypeError(f"{cell!r:.40} stands where a cell belongs")
        return cell
    if "mean" in cell:
        return Spread(_number(cell["mean"]), cell["sd"], cell["n"])
    return Interval(*(_number(cell[end]) for end in ("value", "low", "high")))


def _number(value: float | None) -> float:
    if value is not None and not isinstance(value, (int, float)):
        raise TypeError(f"{value!r:.40} stands where a number belongs")
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
    if kind == "heat":
        values = tuple(map(_numbers, parts["values"]))
        columns = tuple(map(_words, parts.get("columns", ())))
        largest = _number(parts.get("largest", 1.0))
        return Heat(tuple(map(_words, parts["labels"])), values, _words(parts["value_name"]), columns, largest)
    raise ValueError(f"no chart {kind!r}")


_BLOCKS: dict[str, Callable[[dict[str, Any]], Block]] = {
    "heading": lambda block: Heading(_words(block["heading"]), block["level"]),
    "text": lambda block: Text(_words(block["text"])),
    "finding": lambda block: Finding(_words(block["finding"]), block["met"]),
    "table": _table,
    "figure": lambda block: Figure(_words(block["figure"]), _chart(block["chart"]), _words(block["caption"])),
    "drawing": _drawing,
}
"""Reader of each kind of block by the name that tells it."""
