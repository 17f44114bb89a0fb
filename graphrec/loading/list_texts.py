"""Lists that are written as one text, in JSON or in Python's notation: ``["a", "b"]``, ``['a', 'b']``.

Nothing is evaluated: a text is read as JSON or, where it is none, as a literal of Python (``ast.literal_eval``).
"""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.json_values import text_of
from graphrec.loading.text_numbers import mask

if TYPE_CHECKING:
    from graphrec.loading.text_numbers import Fault

_LONGEST = 1 << 20
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_SIDE_BY_SIDE = re.compile(r"\0\s*\0")
_FAULT = "is not a list such as ['a', 'b']"


def lists_of(texts: pa.Array, key: str = "") -> tuple[pa.Array, list[Fault]]:
    """Return lists of texts, and the mask of the texts that are no lists.

    An empty text is an empty list; None and null within a list are left out. What holds a deeper list, an object where
    no key is given, or two texts without a comma between them, as NumPy writes arrays, is no list.

    Args:
        texts: one list each.
        key: of lists of objects such as ``[{'id': 16, 'name': 'Animation'}]``: the entry of each that is taken; objects
            without it are left out.
    """
    codes = pc.fill_null(texts, "").dictionary_encode()
    parsed = [_parsed(text, key) for text in codes.dictionary.to_pylist()]
    wrong = np.fromiter((values is None for values in parsed), dtype=bool, count=len(parsed))
    lists = pa.array([values or [] for values in parsed], pa.list_(pa.string()))
    indices = np.asarray(codes.indices)
    filled = mask(pc.not_equal(pc.utf8_trim_whitespace(codes.dictionary), ""))
    return lists.take(codes.indices), [(_FAULT, (wrong & filled)[indices] if parsed else wrong)]


def _parsed(text: str, key: str) -> list[str] | None:
    values = _list_of(text.strip())
    if values is None:
        return None
    if key:
        if not all(isinstance(value, dict) for value in values):
            return None
        values = [value.get(key) for value in values]
    if not all(value is None or isinstance(value, (str, int, float)) for value in values):
        return None
    found = [part for part in map(text_of, values) if part]
    return found if all(map(_is_sound, found)) else None


def _is_sound(text: str) -> bool:
    """Return whether a text is valid Unicode: an escape may stand for half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _list_of(text: str) -> list[Any] | None:
    if len(text) > _LONGEST or text[:1] not in ("[", "(", "{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        if _SIDE_BY_SIDE.search(_STRING.sub("\0", text)):
            return None
        try:
            value = ast.literal_eval(text)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
    if isinstance(value, set):
        return sorted(value, key=str)
    return list(value) if isinstance(value, (list, tuple)) else None
