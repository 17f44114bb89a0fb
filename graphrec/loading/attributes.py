"""Attribute nodes and ``HAS_ATTRIBUTE`` edges from columns of values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.interactions import encoded
from graphrec.loading.missing import without_missing
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.ids import attribute_id
from graphrec.tables.stated import STATED, Stated, with_stated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

Owner = Literal["item", "user"]
_LABELS = {"item": "Item", "user": "User"}


@dataclass
class AttributeTables:
    """Collects attribute values of items and users until they become tables."""

    _nodes: list[pa.Table] = field(default_factory=list)
    _edges: dict[Owner, list[pa.Table]] = field(default_factory=lambda: {"item": [], "user": []})

    def add(
        self,
        owner: Owner,
        kind: str,
        ids: pa.ChunkedArray | pa.Array,
        values: pa.ChunkedArray | pa.Array,
        *,
        separator: str = "",
        missing: Sequence[str] = (),
        name: Callable[[str], str] = str,
    ) -> None:
        """Add one kind of attribute.

        Args:
            owner: whose attribute it is.
            kind: genre, director, age, …
            ids: owner ids, one per row.
            values: one text per row, or a list of texts; empty and null ones are left out, and so are repeats.
            separator: splits each text into several values, if given.
            missing: values that mean that nothing is known, such as ``?``; they are left out.
            name: what a person reads, from a value; by default the value itself.
        """
        owners, flat = exploded(ids, values, separator, missing)
        codes = encoded(flat)
        texts = codes.dictionary.to_pylist()
        pairs = np.asarray(owners.indices).astype(np.int64) * max(len(texts), 1) + np.asarray(codes.indices)
        first = np.sort(np.unique(pairs, return_index=True)[1])
        codes, owners = codes.take(pa.array(first)), owners.take(pa.array(first))
        node_ids = pa.array([attribute_id(owner, kind, text) for text in texts], pa.string())
        n = len(texts)
        told = Stated.UNNAMED if name is str else Stated.DESCRIBED
        self._nodes.append(
            pa.table(
                {
                    "id": node_ids,
                    "name": pa.array([name(text) for text in texts], pa.string()),
                    "owner": pa.repeat(owner, n),
                    "kind": pa.repeat(kind, n),
                    "value": pa.array(texts, pa.string()),
                    # A value that is named by itself takes no better name from one that is there.
                    STATED: pa.array(np.full(n, told, dtype=np.int8)),
                }
            )
        )
        targets = pa.DictionaryArray.from_arrays(codes.indices, node_ids)
        self._edges[owner].append(pa.table({"from": owners.cast(pa.string()), "to": targets.cast(pa.string())}))

    def tables(self) -> GraphTables:
        """Return the nodes and edges: a value or edge that was added twice stands once."""
        return GraphTables(self._node_table(), self._edge_tables())

    def _node_table(self) -> dict[str, pa.Table]:
        tables = [table for table in self._nodes if table.num_rows]
        if not tables:
            return {}
        table = pa.concat_tables(tables).combine_chunks()
        table = table.take(_first_rows(table, ["id"]))
        return {"Attribute": with_stated(table.drop_columns(STATED), np.asarray(table.column(STATED)))}

    def _edge_tables(self) -> dict[EdgeKind, pa.Table]:
        edge_tables = {}
        for owner, tables in self._edges.items():
            table = pa.concat_tables(tables).combine_chunks() if tables else None
            if table is not None and table.num_rows:
                edge_tables[EdgeKind("HAS_ATTRIBUTE", _LABELS[owner], "Attribute")] = table.take(
                    _first_rows(table, ["from", "to"])
                )
        return edge_tables


def exploded(
    ids: pa.ChunkedArray | pa.Array,
    values: pa.ChunkedArray | pa.Array,
    separator: str = "",
    missing: Sequence[str] = (),
) -> tuple[pa.DictionaryArray, pa.Array]:
    """Return one row per single value: owner ids and non-empty values, trimmed.

    Args:
        ids: owner ids, one per row.
        values: texts, or lists of texts.
        separator: splits each text into several values, if given.
        missing: values that are left out.
    """
    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(column, pa.DictionaryArray):
        column = column.dictionary_decode()
    owners, column = _flat(encoded(ids), column)
    if separator:
        owners, column = _flat(owners, pc.split_pattern(pc.fill_null(column, ""), separator))
    column = pc.utf8_trim_whitespace(column.cast(pa.string()))
    filled = pc.fill_null(pc.not_equal(without_missing(column, missing), ""), False)
    return owners.filter(filled), column.filter(filled)


def single_values(
    values: pa.ChunkedArray | pa.Array, separator: str = "", missing: Sequence[str] = ()
) -> tuple[pa.Array, pa.Array]:
    """Return the rows (int32) and the texts of all single non-empty values, trimmed.

    Args:
        values: texts, or lists of texts, one per row.
        separator: splits each text into several values, if given.
        missing: values that are left out.
    """
    numbers = pa.array(np.arange(len(values), dtype=np.int32))
    rows, texts = exploded(
        pa.DictionaryArray.from_arrays(numbers, numbers.cast(pa.string())), values, separator, missing
    )
    return rows.indices, texts


def _flat(owners: pa.DictionaryArray, values: pa.Array) -> tuple[pa.DictionaryArray, pa.Array]:
    """Return one row per value of lists, with its owner; single values stay as they are."""
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        return owners.take(pc.list_parent_indices(values)), values.flatten()
    return owners, values


def is_frequent(values: pa.ChunkedArray | pa.Array, minimum: int) -> pa.Array:
    """Return a mask of the rows whose value occurs at least ``minimum`` times; empty values never count."""
    codes = encoded(values)
    indices = np.asarray(codes.indices)
    often = np.bincount(indices, minlength=len(codes.dictionary)) >= minimum
    often &= np.asarray(pc.not_equal(codes.dictionary, ""), dtype=bool)
    return pa.array(often[indices])


def _first_rows(table: pa.Table, key: list[str]) -> pa.Array:
    """Return the positions of the first row of every key, in order."""
    codes: npt.NDArray[np.int64] = np.zeros(table.num_rows, dtype=np.int64)
    for name in key:
        column = encoded(table.column(name))
        codes = codes * max(len(column.dictionary), 1) + np.asarray(column.indices)
    return pa.array(np.sort(np.unique(codes, return_index=True)[1]))
