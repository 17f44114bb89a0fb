"""From a batch of explanations to the statements that write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.errors import InputError
from graphrec.schema.elements import EdgeKind
from graphrec.schema.property_graph import EVIDENCE_LABELS, RECOMMENDATION
from graphrec.store.merging import check_ends
from graphrec.store.neo4j.packing import as_list, edge_parameters, encoded, pieces, refuse_long_ids, used
from graphrec.store.neo4j.statements import read_nodes, write_edges, write_nodes, write_recommendations
from graphrec.tables.graph_tables import FROM, TO
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphrec.schema.elements import GraphSchema
    from graphrec.store.neo4j.connection import Connection
    from graphrec.tables.graph_tables import GraphTables

    Batch = tuple[str, dict[str, Any], dict[str, int]]
    """A statement, its parameters, and the counts that it must return."""

REASONS_A_BATCH = 40_000
RECOMMENDATIONS_A_BATCH = 8_000

_RECEIVED = EdgeKind("RECEIVED", "User", "Recommendation")
_SUGGESTS = EdgeKind("SUGGESTS", "Recommendation", "Item")


class RunEnds:
    """The nodes that a run's edges may end at, so that a batch is refused before any of it is written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[str, pa.Array] = {}

    def check(self, graph: GraphTables) -> None:
        """Raise InputError if an end of an edge is nowhere, or an item is recommended twice to a user."""
        recommended = graph.nodes["Recommendation"].column("id")
        if pc.count_distinct(recommended).as_py() != len(recommended):
            raise InputError("an item is recommended twice to one user", remedy="Merge the rows first")
        refuse_long_ids(recommended, "Recommendation")
        own = {"Recommendation": recommended, "Run": pc.unique(graph.nodes["Recommendation"].column("run"))}
        if "Factor" in graph.nodes:
            new = graph.nodes["Factor"].column("id").cast(pa.string())
            self._ids["Factor"] = pa.concat_arrays([self._known("Factor"), *new.chunks])
        for kind, table in graph.edges.items():
            ids = [
                _array(own[label]).cast(pa.string()) if label in own else self._known(label)
                for label in (kind.source, kind.target)
            ]
            check_ends(table, kind, *ids)

    def _known(self, label: str) -> pa.Array:
        if label not in self._ids:
            ids = [row[0] for row in self._connection.stream(read_nodes(label, ["id"]))]
            self._ids[label] = pa.array(ids, pa.string())
        return self._ids[label]


def side_batches(graph: GraphTables, schema: GraphSchema) -> Iterator[Batch]:
    """Yield the batches of factors and memberships. They are merged: an earlier run of the same fit may have them."""
    factors = graph.nodes.get("Factor")
    if factors is not None:
        text = write_nodes("Factor", factors.column_names, merge=True)
        for start, stop in pieces(factors):
            rows = factors.slice(start, stop - start)
            yield text, {name: as_list(rows.column(name)) for name in rows.column_names}, {"written": len(rows)}
    for kind, table in graph.edges.items():
        if kind.type != "BELONGS_TO":
            continue
        ends = [encoded(table.column(end)) for end in (FROM, TO)]
        members = pa.table([*ends, table.column("weight")], names=[FROM, TO, "weight"])
        text = write_edges(kind, schema.relationship(kind.type), ["weight"], merge=True)
        for start, stop in pieces(members):
            parameters = edge_parameters(members.slice(start, stop - start), ["weight"])
            counts = {end: len(parameters[end]) for end in ("sources", "targets")}
            yield text, parameters, {**counts, "written": stop - start}


def recommendation_batches(graph: GraphTables, run: str) -> Iterator[Batch]:
    """Yield the batches of recommendations, each with its reasons, so many at a time as one transaction holds."""
    recommended = graph.nodes["Recommendation"].combine_chunks()
    ids = _array(recommended.column("id"))
    users = encoded(graph.edges[_RECEIVED].column(FROM))
    items = encoded(graph.edges[_SUGGESTS].column(TO))
    reasons = {
        kind.source: _Reasons(graph.edges[kind], ids)
        for kind in (EdgeKind("EXPLAINS", label, "Recommendation") for label in EVIDENCE_LABELS)
        if kind in graph.edges
    }
    counts = np.zeros(len(ids), dtype=np.int64)
    for several in reasons.values():
        counts += np.bincount(several.to, minlength=len(ids))
    for block in uneven_blocks(counts, REASONS_A_BATCH, most=RECOMMENDATIONS_A_BATCH):
        rows = recommended.slice(block.start, block.stop - block.start)
        yield _batch(run, rows, (users, items), reasons, block.start, block.stop)


class _Reasons:
    """The reasons from nodes of one label, in the order of their recommendations."""

    def __init__(self, table: pa.Table, recommendations: pa.Array) -> None:
        to = positions_in(_array(table.column(TO)), recommendations)
        order = np.argsort(to, kind="stable")
        self.to = to[order]
        evidence = encoded(table.column(FROM))
        self.codes = np.asarray(evidence.indices)[order]
        self.ids = evidence.dictionary
        self.properties = table.drop_columns([FROM, TO]).take(pa.array(order))

    def columns(self, start: int, stop: int) -> dict[str, Any]:
        """Return the columns of the reasons of recommendations ``start`` to ``stop``; all-null ones are left out."""
        low, high = np.searchsorted(self.to, [start, stop])
        rows = self.properties.slice(low, high - low)
        ids, at = used(self.codes[low:high], self.ids)
        filled = [name for name in rows.column_names if rows.column(name).null_count < len(rows)]
        lists = {name: as_list(rows.column(name)) for name in filled}
        return {"ids": ids, "at": at, "to": (self.to[low:high] - start).tolist(), **lists}


def _batch(
    run: str,
    rows: pa.Table,
    ends: tuple[pa.DictionaryArray, pa.DictionaryArray],
    reasons: Mapping[str, _Reasons],
    start: int,
    stop: int,
) -> Batch:
    columns = [p.name for p in RECOMMENDATION.properties]
    parameters: dict[str, Any] = {name: as_list(rows.column(name)) for name in columns}
    for (several, at), codes in zip((("users", "user_at"), ("items", "item_at")), ends, strict=True):
        piece = codes.slice(start, stop - start)
        parameters[several], parameters[at] = used(np.asarray(piece.indices), piece.dictionary)
    present = {label: several.columns(start, stop) for label, several in reasons.items()}
    present = {label: lists for label, lists in present.items() if lists["at"]}
    parameters.update({f"reasons_{label}": lists for label, lists in present.items()})
    expected = {"users": len(parameters["users"]), "items": len(parameters["items"]), "recommendations": len(rows)}
    for label, lists in present.items():
        expected |= {f"found_{label}": len(lists["ids"]), f"wrote_{label}": len(lists["at"])}
    properties = {
        label: [name for name in lists if name not in ("ids", "at", "to")] for label, lists in present.items()
    }
    text = write_recommendations(list(present), columns, properties)
    return text, {**parameters, "run_id": run}, expected


def _array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
