"""Composite ids: readable, and unambiguous because the separator is escaped inside the parts."""

from __future__ import annotations

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

SEPARATOR = "|"


def attribute_id(owner: str, kind: str, value: str) -> str:
    """Return the id of an attribute value, such as ``item.genre=Drama``.

    Only ``kind`` is escaped: the owner is one of two words and the value is the rest.
    """
    return f"{owner}.{_escape(kind, '=')}={value}"


def recommendation_ids(run: str, users: pa.Array, items: pa.Array) -> pa.Array:
    """Return ``run|user|item`` for every row; bars and backslashes inside a part are escaped with a backslash."""
    return pc.binary_join_element_wise(
        pa.scalar(_escape(run, SEPARATOR)), *(_escaped(part) for part in (users, items)), SEPARATOR
    )


def _escaped(values: pa.Array) -> pa.Array:
    plain = values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values
    return reduce(
        lambda column, character: pc.replace_substring(column, character, "\\" + character), ("\\", SEPARATOR), plain
    )


def _escape(part: str, separator: str) -> str:
    return part.replace("\\", "\\\\").replace(separator, "\\" + separator)
