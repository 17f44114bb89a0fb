"""From the nodes and edges of a run back to recommendations and reasons: the inverse of ``as_graph``."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.schema.elements import EdgeKind
from graphrec.schema.property_graph import EVIDENCE_LABELS, EXPLAINS
from graphrec.tables.explanations import FACTORS, MEMBERSHIPS, REASONS, RECOMMENDATIONS, Explanations, is_summary
from graphrec.tables.graph_tables import FROM, TO, GraphTables


def as_explanations(tables: GraphTables) -> Explanations:
    """Return the recommendations, reasons, summaries, factors and memberships that ``tables`` hold.

    Args:
        tables: ``Recommendation`` and ``Factor`` nodes; ``EXPLAINS`` edges, each of which ends at one of the
            recommendations given; ``BELONGS_TO`` edges. What is absent is empty.
    """
    nodes = tables.nodes.get("Recommendation")
    recommendations = RECOMMENDATIONS.empty_table() if nodes is None else _shaped(nodes, RECOMMENDATIONS)
    reasons = []
    for label in EVIDENCE_LABELS:
        edges = tables.edges.get(EdgeKind(EXPLAINS.name, label, "Recommendation"))
        if edges is not None and edges.num_rows and nodes is not None:
            reasons.append(_reasons(edges, label, nodes))
    memberships = [
        _shaped(_renamed(edges, {FROM: "id", TO: "factor"}, kind.source), MEMBERSHIPS)
        for kind, edges in tables.edges.items()
        if kind.type == "BELONGS_TO"
    ]
    factors = tables.nodes.get("Factor")
    explaining, summaries = without_summaries(pa.concat_tables([REASONS.empty_table(), *reasons]))
    return Explanations(
        recommendations,
        explaining,
        FACTORS.empty_table() if factors is None else _shaped(factors, FACTORS),
        pa.concat_tables([MEMBERSHIPS.empty_table(), *memberships]),
        summaries,
    )


def without_summaries(explaining: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the reasons among rows of ``REASONS``, and the summaries among them."""
    repeats = is_summary(explaining)
    return explaining.filter(pc.invert(repeats)), explaining.filter(repeats)


def _reasons(edges: pa.Table, label: str, recommendations: pa.Table) -> pa.Table:
    ids = recommendations.column("id").cast(pa.string()).combine_chunks()
    at = pc.index_in(edges.column(TO).cast(pa.string()), value_set=ids)
    table = _renamed(edges, {FROM: "evidence"}, label)
    for name in ("user", "item"):
        table = table.append_column(name, recommendations.column(name).take(at))
    return _shaped(table, REASONS)


def _renamed(table: pa.Table, names: dict[str, str], label: str) -> pa.Table:
    renamed = table.rename_columns([names.get(name, name) for name in table.column_names])
    constant = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), table.num_rows), pa.array([label]))
    return renamed.append_column("label", constant)


def _shaped(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the table with the columns of ``schema``; a nullable one that it lacks, as older runs do, is null."""
    present = table.column_names
    columns = [
        pa.nulls(table.num_rows, field.type)
        if field.nullable and field.name not in present
        else _cast(table.column(field.name), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _cast(column: pa.ChunkedArray, to: pa.DataType) -> pa.ChunkedArray:
    if column.type == to:
        return column
    if pa.types.is_dictionary(to) and pa.types.is_string(column.type):
        return column.dictionary_encode()
    return column.cast(to)
