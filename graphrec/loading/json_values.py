"""One line of JSON, or of Python's notation, and the values on it as texts."""

from __future__ import annotations

import ast
import json
import math
from typing import TYPE_CHECKING, Any

from graphrec.loading.text_numbers import EXACT

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """Return the text of a single value; nothing, NaN, a list or an object is the empty text."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, float):
        if math.isnan(value):
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


def is_no_id(value: Any) -> bool:
    """Return whether a value is there and cannot be an id: a truth value, a fraction, infinity, a list, an object."""
    if isinstance(value, float):
        return not math.isnan(value) and not (value.is_integer() and abs(value) < EXACT)
    return isinstance(value, (bool, dict, list))


def texts_of(row: Mapping[str, Any], name: str) -> list[str]:
    """Return the texts of a list, or of a list of lists, at ``name`` or ``outer.name``."""
    outer, _, inner = name.partition(".")
    field = row.get(outer)
    if inner:
        field = field.get(inner) if isinstance(field, dict) else None
    flat: list[str] = []
    for value in field if isinstance(field, list) else []:
        flat += [text_of(part) for part in value] if isinstance(value, list) else [text_of(value)]
    return flat
