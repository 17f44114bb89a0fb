"""One line of JSON, or of Python's notation, and the values on it as texts."""

from __future__ import annotations

import ast
import json
import math
from typing import TYPE_CHECKING, Any

from graphrec.loading.text_numbers import EXACT
from graphrec.loading.typed_texts import NO_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.columns import Column

NESTED = "is a list or an object, not one value"
_NO_TEXTS = "holds an object, a deeper list or an infinite number, which are no texts"


def object_of(line: str) -> dict[str, Any] | None:
    """Return the object on a line of JSON, or of Python's notation; None if it is neither, or nested too deeply.

    A whole number of more digits than Python reads comes as the text of its digits.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = _long_numbers_as_texts(line)
    return value if isinstance(value, dict) else None


def _long_numbers_as_texts(line: str) -> Any:
    try:
        return json.loads(line, parse_int=str)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(line.strip())
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def text_of(value: Any) -> str:
    """Return the text of a single value; nothing, NaN, infinity, a list or an object is the empty text."""
    if value is None or _is_nested(value):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else str(value)
    return value if isinstance(value, str) else str(value).lower()


def number_text(value: Any, *, required: bool) -> str:
    """Return the text of a value of a column of numbers or times.

    Args:
        value: as JSON gives it; a float that is too large to be exact keeps an exponent, which tells that it was one.
        required: NaN keeps its name, so that it is told as what it is; otherwise it is a missing value.
    """
    if not isinstance(value, float) or (value.is_integer() and abs(value) < EXACT):
        return text_of(value)
    if math.isnan(value) and not required:
        return ""
    return f"{value:.17e}"


def fault_of(value: Any, column: Column) -> str:
    """Return why a value cannot be one of its column, or an empty text; what only its text tells is not asked here."""
    if column.identifies:
        return NO_ID if _is_no_id(value) else ""
    if _is_nested(value):
        return NESTED
    return "is not a finite number" if column.kind == "text" and _is_infinite(value) else ""


def _is_no_id(value: Any) -> bool:
    """Return whether a value is there and cannot be an id: a truth value, a fraction, infinity, a list, an object."""
    if isinstance(value, float):
        return not math.isnan(value) and not (value.is_integer() and abs(value) < EXACT)
    return isinstance(value, bool) or _is_nested(value)


def _is_nested(value: Any) -> bool:
    """Return whether a value is there and is not one value: a list or an object, or what Python's notation adds."""
    return not (value is None or isinstance(value, (str, int, float)))


def _is_infinite(value: Any) -> bool:
    """Return whether a value is an infinite number, as which one that is too large, such as 1e400, is read."""
    return isinstance(value, float) and math.isinf(value)


def texts_of(row: Mapping[str, Any], name: str) -> tuple[list[str], str]:
    """Return the texts at ``name`` or ``outer.name``: of a list, of a list of lists, or one that stands alone.

    Returns:
        The texts, and what is wrong where something is there that is none; otherwise an empty text.
    """
    outer, _, inner = name.partition(".")
    field = row.get(outer)
    if inner:
        if not isinstance(field, dict):
            return [], "" if field is None else _NO_TEXTS
        field = field.get(inner)
    flat: list[Any] = []
    for value in field if isinstance(field, (list, tuple)) else [field]:
        flat += value if isinstance(value, (list, tuple)) else [value]
    texts = [text_of(value) for value in flat if value is not None]
    return texts, _NO_TEXTS if any(_is_nested(value) or _is_infinite(value) for value in flat) else ""
