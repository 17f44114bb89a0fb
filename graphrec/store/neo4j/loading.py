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
from graphrec.store.neo4j.content_record import encoded as encoded_content
from graphrec.store.neo4j.merged_batches import merge_edge_batch, merge_node_batch
from graphrec.store.neo4j.packing import (
    as_list,
    batch_limits,
    edge_parameters,
    encoded,
    pieces,
    refuse_long_ids,
)
from graphrec.store.neo4j.statements import write_edges, write_nodes
from graphrec.tables.conform import conform
from graphrec.tables.fingerprint import Fingerprint, fingerprint_of, hash_of_rows
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.stated import STATED, brought_columns, is_counted, stated, without_stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        self.content = Fingerprint()
        for part, table in parts:
            self.content.add_hashed(part, hash_of_rows(without_stated(table)))
        columns = sorted((str(part), sorted(names)) for part, names in self._brought.items())
        # Batch numbers mean the same only to the same rows cut in the same way.
        counted = sorted(map(str, self._counted))
        description = repr((fingerprint_of(parts), columns, counted, *batch_limits()))
        self.digest = digest(description)

    def target(self) -> GraphTables:
        """Return what a load into an empty database would make it hold."""
        nodes = {label: without_stated(table) for label, table in self.tables.nodes.items()}
        return GraphTables(nodes, self.tables.edges)

    def write(self, writer: BatchWriter, *, merge: bool, progress: Progress) -> None:
        """Write all batches that were not written before: nodes, then edges."""
        first = writer.number
        writer.number = 0
        for part, table in self.tables.parts():
            for start, stop in pieces(table):
                if writer.number < first:
                    writer.number += 1
                    continue
                progress(f"loading {part}", start, table.num_rows)
                rows = table.slice(start, stop - start)
                if merge:
                    self._merge(writer, part, rows)
                else:
                    self._create(writer, part, without_stated(rows))
            progress(f"loading {part}", table.num_rows, table.num_rows)

    def _merge(self, writer: BatchWriter, part: str | EdgeKind, rows: pa.Table) -> None:
        brought = self._brought[part]
        if isinstance(part, str):
            writer.apply(lambda tx, content: merge_node_batch(tx, content, part, rows, brought))
            return
        relationship, counted = self._schema.relationship(part.type), part in self._counted
        writer.apply(
            lambda tx, content: merge_edge_batch(tx, content, part, relationship, rows, brought, counted=counted)
        )

    def _create(self, writer: BatchWriter, part: str | EdgeKind, rows: pa.Table) -> None:
        filled = [name for name in rows.column_names if rows.column(name).null_count < rows.num_rows]
        if isinstance(part, str):
            parameters = {name: as_list(rows.column(name)) for name in filled}
            writer.write(write_nodes(part, filled, merge=False), parameters, {"written": len(rows)})
            return
        columns = [name for name in filled if name not in (FROM, TO)]
        parameters = edge_parameters(rows, columns)
        ends = {end: len(parameters[end]) for end in ("sources", "targets")}
        text = write_edges(part, self._schema.relationship(part.type), columns, merge=False)
        writer.write(text, parameters, {**ends, "written": len(rows)})


def load_row(info: DatasetInfo, plan: LoadPlan, content: Fingerprint | None) -> dict[str, Any]:
    """Return the properties of a Dataset node whose load is under way.

    Args:
        info: the record of the load.
        plan: the load.
        content: what is stored of the data set now; None where the database holds no data, so that rows are created.
    """
    row = {**info.to_row(), "fingerprint": "", "loaded": now(), "status": "loading"}
    parts = encoded_content(content) if content is not None else None
    return {**row, "load": plan.digest, "merge": content is not None, "batch": -1, "parts": parts, "before": parts}


def resumable(row: Mapping[str, Any] | None, plan: LoadPlan) -> bool:
    """Return whether a Dataset node is what an interrupted load of the same tables left."""
    if row is None or row.get("status") != "loading" or row.get("load") != plan.digest:
        return False
    return row.get("merge") is False or row.get("parts") is not None  # else an earlier graphrec began it


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
