"""Replace a data set: what differs is found by reading, marked as being replaced, and changed batch by batch.

Every attempt compares what is stored then, so that one which died half-way is completed by the next; until then the
data set is not read, and only a replacement may load it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from graphrec import queries
from graphrec.errors import InputError
from graphrec.schema.property_graph import SCHEMA
from graphrec.store.content import own_rows
from graphrec.store.neo4j.loading import now
from graphrec.store.neo4j.merged_batches import put_edges, put_nodes, with_encoded_ends
from graphrec.store.neo4j.packing import BATCH_ROWS, as_list, edge_parameters, pieces
from graphrec.store.neo4j.statements import delete_edges, delete_nodes, nodes_of_runs, remove_property
from graphrec.store.neo4j.streaming import stream_data
from graphrec.store.replacing import Comparison, listed, undeclared, without
from graphrec.tables.families import longer_prefixes
from graphrec.tables.fingerprint import Fingerprint, hash_of_rows
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.neo4j.batches import BatchWriter
    from graphrec.store.neo4j.connection import Connection
    from graphrec.tables.graph_tables import GraphTables

NODES_AT_ONCE = 2_000
"""Nodes that are removed in one transaction, with what hangs on them."""


def refuse_half_replaced(rows: Iterable[Mapping[str, Any]], own: Sequence[DatasetInfo], where: str) -> None:
    """Refuse to load into a data set that a replacement which did not end left half-replaced.

    Args:
        rows: properties of the Dataset nodes.
        own: records of the data set and its overlays.
        where: the store's name in messages.

    Raises:
        InputError: it did.
    """
    names = {info.id for info in own}
    half = [row["id"] for row in rows if row["id"] in names and is_half_replaced(row)]
    if half:
        raise InputError(
            f"the data set {half[0]!r} was left half-replaced",
            where=where,
            remedy="Replace it to its end first: graphrec load LOADER PATH --replace",
        )


def is_half_replaced(row: Mapping[str, Any]) -> bool:
    """Return whether a Dataset node says that a replacement of the data set did not end."""
    return row["status"] == "loading" and bool(row.get("replacing"))


class DatasetReplacement:
    """Makes a data set equal to tables; only the holder of the write lock may do this.

    Args:
        connection: to the database.
        target: the tables, with the schema's columns, and unique keys.
        schema: with what the other data sets and the new record declare.
        info: the new record.
        rows: properties of the Dataset nodes that are here.
        own: records of the data set and its overlays that are here.
    """

    def __init__(
        self,
        connection: Connection,
        target: GraphTables,
        schema: GraphSchema,
        info: DatasetInfo,
        rows: Mapping[str, Mapping[str, Any]],
        own: Sequence[DatasetInfo],
    ) -> None:
        self._connection = connection
        self._target = target
        self._schema = schema
        self._info = info
        self._datasets = [*(DatasetInfo.from_row(row) for row in rows.values() if row["id"] != info.id), info]
        self._dropped = undeclared(own, info)
        for name, more in json.loads(rows.get(info.id, {}).get("replacing") or "{}").items():
            known = self._dropped.setdefault(name, [])
            known += [one for one in more if one not in known]
        others = [one for one in self._datasets if one.id not in {info.id, *(each.id for each in own)}]
        self._readable = SCHEMA
        for one in (*others, replace(info, declared=without(info.declared, self._dropped))):
            self._readable = self._readable.with_declared(one.declared)

    def compare(self, progress: Progress) -> tuple[Comparison, dict[str, pa.Array]]:
        """Read what is stored, and return what differs, and the ids of surplus nodes that stored runs name."""
        comparison = Comparison(self._target, self._stored(progress), self._schema, self._dropped)
        surplus = comparison.surplus_ids()
        return comparison, {label: self._named_by_runs(label, ids) for label, ids in surplus.items()}

    def properties(self) -> list[str]:
        """Return the declared properties that go."""
        return listed(self._dropped)

    def begin(self) -> None:
        """Mark the data set as being replaced."""
        row = {**self._info.to_row(), "fingerprint": "", "loaded": now(), "status": "loading", "batch": -1}
        row["replacing"] = json.dumps(self._dropped)
        self._connection.write(_text("load_begin"), id=row["id"], row=row)

    def change(
        self, writer: BatchWriter, comparison: Comparison, held: Mapping[str, pa.Array], progress: Progress
    ) -> Fingerprint:
        """Change what differs, and return what is stored afterwards."""
        self._drop_properties()
        content = Fingerprint()
        for part, rows in _edges_before_nodes(comparison.surplus):
            progress(f"removing {part}", 0, rows.num_rows)
            if isinstance(part, str):
                is_held = pc.is_in(rows.column("id").cast(pa.string()), value_set=held[part])
                content.add_hashed(part, hash_of_rows(rows.filter(is_held)))
                self._remove_nodes(writer, part, rows.filter(pc.invert(is_held)))
            else:
                self._remove_edges(writer, part, rows)
        for part, table in self._target.parts():
            content.add_hashed(str(part), hash_of_rows(table))
            rows = table.take(pa.array(comparison.differences[part].to_write()))
            for start, stop in pieces(rows):
                progress(f"loading {part}", start, rows.num_rows)
                self._put(writer, part, rows.slice(start, stop - start))
        return content

    def _stored(self, progress: Progress) -> Iterator[tuple[str | EdgeKind, pa.Table]]:
        """Stream the data set's rows, without properties whose stored values may be of another type."""
        for part, batch in stream_data(self._connection.stream, self._readable):
            progress(f"comparing {part}", 0, 0)
            yield part, pa.Table.from_batches([own_rows(part, batch, self._datasets, self._info)])

    def _named_by_runs(self, label: str, ids: pa.Array) -> pa.Array:
        texts = [nodes_of_runs(label)]
        if label == "Item":
            texts.append(_text("items_in_reasons"))
        found: set[str] = set()
        for low in range(0, len(ids), BATCH_ROWS):
            piece = ids.slice(low, BATCH_ROWS).to_pylist()
            found.update(row["id"] for text in texts for row in self._connection.read(text, ids=piece))
        return pa.array(sorted(found), pa.string())

    def _drop_properties(self) -> None:
        whose = {"prefix": self._info.prefix, "others": longer_prefixes(self._datasets, self._info)}
        labels = self._schema.label_names("data")
        for owned_by, names in self._dropped.items():
            for name in names:
                self._connection.bulk(remove_property(owned_by, name, node=owned_by in labels), **whose)

    def _remove_edges(self, writer: BatchWriter, kind: EdgeKind, edges: pa.Table) -> None:
        relationship = self._schema.relationship(kind.type)
        text = delete_edges(kind, relationship)
        for start, stop in pieces(edges):
            parameters = edge_parameters(with_encoded_ends(edges.slice(start, stop - start)), relationship.key)
            ends = {end: len(parameters[end]) for end in ("sources", "targets")}
            writer.write(text, parameters, {**ends, "written": stop - start})

    def _remove_nodes(self, writer: BatchWriter, label: str, nodes: pa.Table) -> None:
        for start in range(0, nodes.num_rows, NODES_AT_ONCE):
            ids = as_list(nodes.column("id").slice(start, NODES_AT_ONCE))
            writer.write(delete_nodes(label), {"id": ids}, {"written": len(ids)})

    def _put(self, writer: BatchWriter, part: str | EdgeKind, rows: pa.Table) -> None:
        names = rows.column_names
        if isinstance(part, str):
            writer.apply(lambda tx, _: put_nodes(tx, part, rows, names))
        else:
            relationship = self._schema.relationship(part.type)
            writer.apply(lambda tx, _: put_edges(tx, part, relationship, rows, names))


def _edges_before_nodes(surplus: Mapping[str | EdgeKind, pa.Table]) -> list[tuple[str | EdgeKind, pa.Table]]:
    return sorted(surplus.items(), key=lambda item: isinstance(item[0], str))


def _text(name: str) -> str:
    return queries.load(f"store/{name}", "neo4j").text
