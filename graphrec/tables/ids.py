"""Ids: composite ones, unambiguous because the separator is escaped inside the parts; and their positions."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.uri_names import name_of_uri

if TYPE_CHECKING:
    import numpy.typing as npt

SEPARATOR = "|"
ENCODED = pa.dictionary(pa.int32(), pa.string())
"""The type of ids that repeat: a number for each row, and every id once."""
_ATTRIBUTE = re.compile(r"[^.=]*\.(?P<kind>(?:[^=\\]|\\.)+)=(?P<value>.*)", re.DOTALL)


def attribute_id(owner: str, kind: str, value: str) -> str:
    """Return the id of an attribute value, such as ``item.genre=Drama``.

    Only ``kind`` is escaped: the owner is one of two words and the value is the rest.
    """
    return f"{owner}.{_escape(kind, '=')}={value}"


def attribute_name(identifier: str, name: str) -> str:
    """Return an attribute as a person reads it, ``genre Drama``; its name where the id tells no kind.

    Args:
        identifier: as ``attribute_id`` makes it.
        name: of the attribute.
    """
    parts = _ATTRIBUTE.fullmatch(identifier)
    if parts is None:
        return name
    kind = re.sub(r"\\(.)", r"\1", parts["kind"]).replace("_", " ")
    return f"{kind} {name_of_uri(parts['value'])}"


def recommendation_ids(run: str, users: pa.Array, items: pa.Array) -> pa.Array:
    """Return ``run|user|item`` for every row; bars and backslashes inside a part are escaped with a backslash."""
    return pc.binary_join_element_wise(
        pa.scalar(_escape(run, SEPARATOR)), *(_escaped(part) for part in (users, items)), SEPARATOR
    )


def positions_in(values: pa.Array, ids: pa.Array) -> npt.NDArray[np.int32]:
    """Return the position of each value in ``ids``, −1 where it is absent."""
    if isinstance(values, pa.DictionaryArray):
        if not values.null_count and values.dictionary.equals(ids):
            return np.asarray(values.indices, dtype=np.int32)
        by_value = positions_in(values.dictionary, ids)
        positions: npt.NDArray[np.int32] = by_value[np.asarray(values.indices)]
        return positions
    return np.asarray(pc.fill_null(pc.index_in(values, value_set=ids), -1), dtype=np.int32)


def encoded_once(texts: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Return texts as one dictionary-encoded array, in whose dictionary no text stands twice.

    Args:
        texts: plain, or encoded already: then no text is made for a row.
    """
    if pa.types.is_dictionary(texts.type):
        encoded = texts.unify_dictionaries().combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        array = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
        if array.type == ENCODED and pc.count_distinct(array.dictionary, mode="all").as_py() == len(array.dictionary):
            return array
        places = array.dictionary.cast(pa.string()).dictionary_encode()
        codes = places.indices.take(array.indices)
        return pa.DictionaryArray.from_arrays(codes.cast(pa.int32()), places.dictionary)
    return encoded_once(pa.chunked_array(texts).cast(ENCODED))


def with_used_values(table: pa.Table) -> pa.Table:
    """Return a table in whose dictionaries stand only the values that its rows have.

    Rows of a few users carry the dictionary of all, which costs nothing until they are written or hashed.
    """
    columns = [_with_used(column) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.table(columns, schema=table.schema)


def _with_used(column: pa.ChunkedArray) -> pa.Array:
    array = encoded_once(column)
    codes = np.asarray(array.indices.fill_null(-1))
    is_used = np.zeros(len(array.dictionary), dtype=np.bool_)
    is_used[codes[codes >= 0]] = True
    place = np.cumsum(is_used, dtype=np.int32) - 1
    codes = np.where(codes < 0, -1, place[codes]) if len(place) else codes
    values = array.dictionary.filter(pa.array(is_used))
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=codes < 0), values)


def _escaped(values: pa.Array) -> pa.Array:
    plain = values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values
    return reduce(
        lambda column, character: pc.replace_substring(column, character, "\\" + character), ("\\", SEPARATOR), plain
    )


def _escape(part: str, separator: str) -> str:
    return part.replace("\\", "\\\\").replace(separator, "\\" + separator)
