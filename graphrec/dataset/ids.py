"""The conversion of ids between strings (outside) and positions (inside)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UnknownIdError
from graphrec.tables.conform import shortened
from graphrec.tables.ids import encoded_once, positions_in
from graphrec.tables.uri_names import readable_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

_LOOKUPS = "_lookups"
"""Name of the attribute that holds the table of single ids."""


@dataclass(frozen=True, eq=False)
class IdMap:
    """Ids of one label in a fixed order, with further columns of each node.

    Attributes:
        label: the node label.
        ids: string array without repeats; a node's position in it is its number inside.
        columns: further columns of the same length, such as ``name`` or ``kind``.
    """

    label: str
    ids: pa.Array
    columns: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, label: str, ids: Sequence[str] | pa.Array, **columns: Sequence[Any] | pa.Array) -> IdMap:
        """Build a map in the order given; ``name`` defaults to the id."""
        array = _array(ids)
        arrays = {name: _array(values) for name, values in columns.items()}
        return cls(label, array, {"name": array, **arrays})

    @classmethod
    def from_table(cls, label: str, table: pa.Table) -> IdMap:
        """Build a map from a table with ``id`` and further columns, sorted by id so that every store gives the same.

        A name that is a bare URI becomes its last part (``tables.uri_names``), also where a store was loaded before
        loaders did so.
        """
        ordered = table.sort_by("id").combine_chunks()
        columns = {name: _array(ordered[name]) for name in ordered.column_names if name != "id"}
        ids = _array(ordered["id"])
        if "name" in columns and len(ids):
            columns["name"] = readable_names(ids, columns["name"])
        return cls(label, ids, columns)

    @classmethod
    def from_sorted(cls, label: str, table: pa.Table) -> IdMap:
        """Build a map from what ``to_table`` of one gave."""
        columns = {name: _array(table[name]) for name in table.column_names if name != "id"}
        return cls(label, _array(table["id"]), columns)

    def to_table(self) -> pa.Table:
        """Return ``id`` and all columns."""
        return pa.table({"id": self.ids, **self.columns})

    def with_columns(self, names: Sequence[str]) -> IdMap:
        """Return the map with only these columns, as far as there are any."""
        return IdMap(self.label, self.ids, {name: self.columns[name] for name in names if name in self.columns})

    def take(self, positions: npt.NDArray[Any]) -> IdMap:
        """Return the nodes at these positions, in this order."""
        chosen = pa.array(positions)
        columns = {name: column.take(chosen) for name, column in self.columns.items()}
        return IdMap(self.label, self.ids.take(chosen), columns)

    def prepare_lookups(self) -> None:
        """Build the table that finds single ids without a pass over all of them; for services that ask one by one."""
        self.__dict__.setdefault(_LOOKUPS, {text: place for place, text in enumerate(self.ids.to_pylist())})

    def positions(self, ids: Sequence[str] | pa.Array) -> npt.NDArray[np.int32]:
        """Return the position of each id, −1 where it is unknown."""
        places = self.__dict__.get(_LOOKUPS)
        if places is not None and isinstance(ids, (list, tuple)):
            return np.array([places.get(text, -1) for text in ids], dtype=np.int32)
        return positions_in(_one_array(ids), self.ids)

    def require(self, ids: Sequence[str] | pa.Array) -> npt.NDArray[np.int32]:
        """Return the position of each id; raise UnknownIdError naming the first that is unknown."""
        requested = _one_array(ids)
        positions = self.positions(requested)
        if len(positions) and positions.min() < 0:
            first = requested[int(np.argmin(positions))].as_py()
            raise UnknownIdError(
                f"there is no {self.label} with id {shortened(first)}",
                remedy=f"{len(self):,} are known, such as {', '.join(map(repr, self.ids[:3].to_pylist()))}",
            )
        return positions

    def dictionary(self, positions: npt.NDArray[Any], column: str = "id") -> pa.DictionaryArray:
        """Return the ids (or a column) at these positions, dictionary-encoded; −1 becomes null."""
        values = self.ids if column == "id" else self.columns[column]
        flat = np.asarray(positions, dtype=np.int32).ravel()
        return pa.DictionaryArray.from_arrays(pa.array(flat, mask=flat < 0), values)


def _one_array(values: Sequence[Any] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return values as one array, dictionary-encoded where they are."""
    if isinstance(values, pa.ChunkedArray):
        return encoded_once(values) if pa.types.is_dictionary(values.type) else values.combine_chunks()
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return array.cast(pa.string()) if pa.types.is_null(array.type) else array


def _array(values: Sequence[Any] | pa.Array | pa.ChunkedArray) -> pa.Array:
    array = _one_array(values)
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    return pc.cast(array, pa.string()) if pa.types.is_null(array.type) or len(array) == 0 else array
