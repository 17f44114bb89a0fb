"""Load tables: checked as a whole before the first write, then in numbered batches that can be taken up again."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec import queries
from graphrec.digests import digest
from graphrec.errors import SchemaError
from graphrec.schema.property_graph import SCHEMA
from graphrec.store.merging import merge_edges
from graphrec.store.neo4j.packing import (
    BATCH_BYTES,
    BATCH_ROWS,
    as_list,
    edge_parameters,
    encoded,
    pieces,
    refuse_long_ids,
)
from graphrec.store.neo4j.statements import write_edges, write_nodes
from graphrec.tables.conform import conform
from graphrec.tables.fingerprint import fingerprint_of
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.stated import STATED, brought_columns, is_counted, stated, without_stated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.neo4j.batches import BatchWriter
    from graphrec.store.neo4j.connection import Connection
    from graphrec.tables.records import DatasetInfo


class LoadPlan:
    """Tables in a fixed order: the same tables give the same batches, whatever order their rows came in.

    Args:
        given: tables as a loader made them. Columns that they lack stay as they are in the store.
        schema: with the declared properties.

    Raises:
        SchemaError: the tables do not fit the schema.
        InputError: an id is too long.
    """

    def __init__(self, given: GraphTables, schema: GraphSchema) -> None:
        self._brought: dict[str | EdgeKind, list[str]] = {
            label: ["name", *brought_columns(table)] for label, table in given.nodes.items()
        }
        self._brought |= {kind: brought_columns(table) for kind, table in given.edges.items()}
        self._schema = schema
        self._counted = {kind for kind, table in given.edges.items() if is_counted(table)}
        tables = conform(given, schema)
        told = {label: stated(table) for label, table in given.nodes.items()}
        nodes = {
            label: _sorted_nodes(tables.nodes[label], told[label])
            for label in schema.label_names()
            if label in tables.nodes
        }
        edges = {
            kind: _sorted_edges(tables.edges[kind], schema.relationship(kind.type).key)
            for kind in schema.edge_kinds()
            if kind in tables.edges
        }
        for label, table in nodes.items():
            refuse_long_ids(table.column("id"), label)
        self.tables = GraphTables(nodes, edges)
        parts = [*nodes.items(), *((str(kind), table) for kind, table in edges.items())]
        self.fingerprint = fingerprint_of((part, without_stated(table)) for part, table in parts)
        columns = sorted((str(part), sorted(names)) for part, names in self._brought.items())
        # Batch numbers mean the same only to the same rows cut in the same way.
        counted = sorted(map(str, self._counted))
        description = repr((fingerprint_of(parts), columns, counted, BATCH_ROWS, BATCH_BYTES))
        self.digest = digest(description)

    def write(self, writer: BatchWriter, *, merge: bool, progress: Progress) -> None:
        """Write all batches that were not written before: nodes, then edges."""
        first = writer.number
        writer.number = 0
        for part, text, table, columns in self._parts(merge=merge):
            for start, stop in pieces(table):
                if writer.number < first:
                    writer.number += 1
                    continue
                rows = table.slice(start, stop - start)
                progress(f"loading {part}", start, table.num_rows)
                if isinstance(part, str):
                    parameters = {name: as_list(rows.column(name)) for name in columns}
                    writer.write(text, parameters, {"written": len(rows)})
                else:
                    parameters = edge_parameters(rows, columns)
                    ends = {end: len(parameters[end]) for end in ("sources", "targets")}
                    writer.write(text, parameters, {**ends, "written": len(rows)})
            progress(f"loading {part}", table.num_rows, table.num_rows)

    def _parts(self, *, merge: bool) -> Iterator[tuple[str | EdgeKind, str, pa.Table, list[str]]]:
        for label, table in self.tables.nodes.items():
            columns = self._columns(label, table, merge=merge)
            if merge and STATED in table.column_names:
                columns.append(STATED)
            yield label, write_nodes(label, columns, merge=merge), table, columns
        for kind, table in self.tables.edges.items():
            columns = [name for name in self._columns(kind, table, merge=merge) if name not in (FROM, TO)]
            counted = kind in self._counted
            text = write_edges(kind, self._schema.relationship(kind.type), columns, merge=merge, counted=counted)
            yield kind, text, table, columns

    def _columns(self, part: str | EdgeKind, table: pa.Table, *, merge: bool) -> list[str]:
        """Return what is sent: merging sends a given null too, since it removes what was there."""
        brought = self._brought[part]
        return [
            name
            for name in table.column_names
            if name in brought and (merge or table.column(name).null_count < table.num_rows)
        ]


def load_row(info: DatasetInfo, plan: LoadPlan, *, merge: bool) -> dict[str, Any]:
    """Return the properties of a Dataset node whose load is under way."""
    row = {**info.to_row(), "fingerprint": "", "loaded": now(), "status": "loading"}
    return {**row, "load": plan.digest, "merge": merge, "batch": -1}


def resumable(row: Mapping[str, Any] | None, plan: LoadPlan) -> bool:
    """Return whether a Dataset node is what an interrupted load of the same tables left."""
    return row is not None and row.get("status") == "loading" and row.get("load") == plan.digest


def begin(connection: Connection, row: Mapping[str, Any]) -> None:
    """Write the Dataset node of a load that begins anew."""
    connection.write(queries.load("store/load_begin", "neo4j").text, id=row["id"], row=dict(row))


def now() -> str:
    """Return the time, ISO 8601 UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")


def refuse_foreign(tables: GraphTables) -> None:
    """Check that tables hold data only; raise SchemaError otherwise."""
    labels = {name for name in SCHEMA.label_names("data") if name != "Dataset"}
    kinds = set(SCHEMA.edge_kinds("data"))
    for label in sorted(set(tables.nodes) - labels):
        SCHEMA.label(label)
        raise _foreign(label)
    for kind in sorted(set(tables.edges) - kinds):
        SCHEMA.check_kind(kind)
        raise _foreign(str(kind))


def _foreign(part: str) -> SchemaError:
    return SchemaError(f"{part} is not data that a loader may bring", remedy="Write runs with write_run")


def _sorted_nodes(table: pa.Table, told: npt.NDArray[np.int8] | None) -> pa.Table:
    """Return the nodes by id, with the column ``STATED`` where some are not described."""
    if told is not None:
        table = table.append_column(STATED, pa.array(told))
    return table.take(pc.sort_indices(table.column("id").cast(pa.string())))


def _sorted_edges(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return the edges by source, target and key, both ends encoded; of edges with one key, the last."""
    for end in (FROM, TO):
        place = table.column_names.index(end)
        table = table.set_column(place, end, encoded(table.column(end)))
    sources, targets = (table.column(end).combine_chunks() for end in (FROM, TO))
    table = merge_edges(None, table, key, table.column_names, (sources.dictionary, targets.dictionary))
    ends = [np.asarray(table.column(end).combine_chunks().indices) for end in (TO, FROM)]
    keys = [np.asarray(encoded(table.column(name).cast(pa.string())).indices) for name in reversed(key)]
    return table.take(pa.array(np.lexsort([*keys, *ends])))
