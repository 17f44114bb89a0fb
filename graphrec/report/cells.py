"""The content of tables as text: the same in Markdown, in HTML and in the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from graphrec.report.document import Interval, Spread

if TYPE_CHECKING:
    from graphrec.report.document import Cell, Column

NOTHING = "–"
_MINUS = "−"


def heading(column: Column) -> str:
    """Return a column's heading with its unit."""
    return f"{column.name} [{column.unit}]" if column.unit else column.name


def is_number(cell: Cell) -> bool:
    """Return whether a cell is to be aligned to the right."""
    return not isinstance(cell, str)


def text(cell: Cell, column: Column) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Spread):
        spread = "" if cell.sd is None else f" ± {number(cell.sd, column.digits)}"
        return number(cell.mean, column.digits, signed=column.signed) + spread
    if isinstance(cell, Interval):
        ends = [number(end, column.digits, signed=column.signed) for end in (cell.low, cell.high)]
        return f"{number(cell.value, column.digits, signed=column.signed)} ({ends[0]} to {ends[1]})"
    return number(cell, column.digits, signed=column.signed)


def number(value: float, digits: int | None = None, *, signed: bool = False) -> str:
    """Return a number as people write it.

    Args:
        value: the number.
        digits: after the point; None gives three significant digits, and whole numbers whole.
        signed: with a plus.
    """
    if not math.isfinite(value):
        return NOTHING if math.isnan(value) else ("∞" if value > 0 else _MINUS + "∞")
    if digits is not None:
        written = f"{abs(value):,.{digits}f}"
    elif isinstance(value, int) or (value == round(value) and abs(value) < 1e15) or abs(value) >= 1000:
        written = f"{abs(value):,.0f}"
    elif abs(value) < 1e-3:
        written = f"{abs(value):.1e}"
    else:
        written = f"{abs(value):#.3g}".rstrip(".")
    sign = _MINUS if value < 0 and float(written.replace(",", "")) else ("+" if signed else "")
    return sign + written


def as_json(cell: Cell) -> Any:
    """Return a cell as JSON has it: numbers unrounded, NaN and infinities as null."""
    if isinstance(cell, Spread):
        return {"mean": finite(cell.mean), "sd": finite(cell.sd), "n": cell.n}
    if isinstance(cell, Interval):
        return {"value": finite(cell.value), "low": finite(cell.low), "high": finite(cell.high)}
    return cell if isinstance(cell, str) else finite(cell)


def finite(value: float | None) -> float | None:
    """Return a number that JSON knows, or None."""
    return value if value is not None and math.isfinite(value) else None
