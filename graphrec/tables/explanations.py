"""The tables of recommendations and their reasons, the same for every model, store, file and frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.schema.elements import EdgeKind
from graphrec.schema.property_graph import EVIDENCE_LABELS, EXPLAINS, MEMBER_LABELS, SUMMARIES
from graphrec.tables.conform import shortened
from graphrec.tables.graph_tables import GraphTables, arrow_schema
from graphrec.tables.ids import recommendation_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

_id_column = pa.dictionary(pa.int32(), pa.string())

RECOMMENDATIONS = pa.schema(
    [
        pa.field("user", _id_column, nullable=False),
        pa.field("item", _id_column, nullable=False),
        pa.field("name", _id_column, nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("rank", pa.int64(), nullable=False),
        pa.field("rest", pa.float64()),
        pa.field("n_reasons", pa.int64(), nullable=False),
        pa.field("counterfactual", _id_column),
        pa.field("computed", _id_column),
        pa.field("basis", _id_column),
    ]
)
"""One row per recommended item. ``rest`` = score minus the sum of the stored weights; ``counterfactual`` is ``FOUND``,
``NONE``, or null where no set of changes was sought; ``computed`` is null but in rows of an earlier run; ``basis`` is
as ``graphrec.recommendation.basis`` computes it, or null."""

FOUND, NONE = "found", "none"
"""What ``counterfactual`` says."""

REASONS = pa.schema(
    [
        pa.field("user", _id_column, nullable=False),
        pa.field("item", _id_column, nullable=False),
        pa.field("label", _id_column, nullable=False),
        pa.field("evidence", _id_column, nullable=False),
        *(
            pa.field(p.name, _id_column if t == pa.string() else t, nullable=not p.required)
            for p, t in zip(EXPLAINS.properties, arrow_schema(EXPLAINS.properties, edge=False).types, strict=True)
        ),
    ]
)
"""One row per reason: ``label`` and ``evidence`` name the node, the rest are the properties of ``EXPLAINS``."""

_KEY = ("user", "item", "label", "evidence", *EXPLAINS.key)

FACTORS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("fit", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("index", pa.int64(), nullable=False),
    ]
)

MEMBERSHIPS = pa.schema(
    [
        pa.field("label", _id_column, nullable=False),
        pa.field("id", _id_column, nullable=False),
        pa.field("factor", _id_column, nullable=False),
        pa.field("weight", pa.float64(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Explanations:
    """A batch of recommendations with all their reasons; a run is a stream of such batches, grouped by user.

    Attributes:
        recommendations: rows of ``RECOMMENDATIONS``.
        reasons: rows of ``REASONS``; every (user, item) is in ``recommendations`` of the same batch.
        factors: rows of ``FACTORS``; in the first batch of a run, or empty.
        memberships: rows of ``MEMBERSHIPS``; their factors are in this or an earlier batch.
        summaries: rows of ``REASONS`` whose method is one of ``SUMMARIES``: what item groups and user clusters say.
            They repeat what reasons say, and are counted in neither ``n_reasons`` nor ``rest``.
    """

    recommendations: pa.Table
    reasons: pa.Table
    factors: pa.Table = field(default_factory=FACTORS.empty_table)
    memberships: pa.Table = field(default_factory=MEMBERSHIPS.empty_table)
    summaries: pa.Table = field(default_factory=REASONS.empty_table)


def joined(batches: Iterable[Explanations]) -> Explanations:
    """Return all batches as one; without any, empty tables."""
    parts = list(batches)
    return Explanations(
        _stacked([part.recommendations for part in parts], RECOMMENDATIONS),
        _stacked([part.reasons for part in parts], REASONS),
        _stacked([part.factors for part in parts], FACTORS),
        _stacked([part.memberships for part in parts], MEMBERSHIPS),
        _stacked([part.summaries for part in parts], REASONS),
    )


def _stacked(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables(tables).unify_dictionaries() if tables else schema.empty_table()


def as_graph(batch: Explanations, run: str) -> GraphTables:
    """Return a batch as the nodes and edges that a store holds (without the Run node itself).

    Args:
        batch: recommendations with reasons.
        run: id of the run.

    Raises:
        InputError: two reasons have the same evidence, recommendation, method, via and set; or a reason has the method
            of a summary, or a summary that of a reason.
    """
    explaining = _explaining(batch)
    _refuse_repeats(explaining)
    recommended = batch.recommendations.combine_chunks()
    ids = recommendation_ids(run, _column(recommended, "user"), _column(recommended, "item"))
    rows = pa.table(
        {
            "id": ids,
            "name": recommended["name"],
            "run": pa.repeat(run, len(ids)),
            **{name: recommended[name] for name in RECOMMENDATIONS.names if name != "name"},
        }
    )
    nodes = {"Recommendation": rows}
    edges = {
        EdgeKind("RECEIVED", "User", "Recommendation"): pa.table({"from": recommended["user"], "to": ids}),
        EdgeKind("SUGGESTS", "Recommendation", "Item"): pa.table({"from": ids, "to": recommended["item"]}),
        EdgeKind("FROM_RUN", "Recommendation", "Run"): pa.table({"from": ids, "to": pa.repeat(run, len(ids))}),
    }
    if batch.factors.num_rows:
        nodes["Factor"] = batch.factors
    edges.update(_reason_edges(explaining, run))
    edges.update(_membership_edges(batch.memberships))
    return GraphTables(nodes, edges)


def is_summary(reasons: pa.Table) -> pa.ChunkedArray:
    """Return bool [rows]: whether each row of ``REASONS`` is a summary."""
    return pc.is_in(reasons["method"].cast(pa.string()), value_set=pa.array(SUMMARIES))


def _explaining(batch: Explanations) -> pa.Table:
    """Return reasons and summaries in one table."""
    for table, expected in ((batch.reasons, False), (batch.summaries, True)):
        strange = table.filter(pc.not_equal(is_summary(table), expected))
        if strange.num_rows:
            raise InputError(
                f"the method of a {'summary' if expected else 'reason'} is {strange['method'][0].as_py()!r}",
                remedy=f"Summaries have the methods {' and '.join(SUMMARIES)}, and no reason has one of these",
            )
    # fields may differ in whether they may be null
    return pa.concat_tables([batch.reasons, batch.summaries], promote_options="default").unify_dictionaries()


def _refuse_repeats(reasons: pa.Table) -> None:
    whole = reasons.combine_chunks()
    codes = [_codes(_column(whole, name)) for name in _KEY] if whole.num_rows else []
    order = np.lexsort(codes) if codes else np.empty(0, dtype=np.int64)
    repeated = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in codes:
        repeated &= column[order][1:] == column[order][:-1]
    if repeated.any():
        row = whole.slice(int(order[1:][repeated][0]), 1).to_pylist()[0]
        raise InputError(
            f"one reason is given twice: {row['label']} {shortened(row['evidence'])} for item {shortened(row['item'])} "
            f"and user {shortened(row['user'])}, by {row['method']} via {row['via']} in set {row['set']}",
            remedy="Merge the rows, or tell them apart by via or set",
        )


def _codes(column: pa.Array) -> npt.NDArray[np.int64]:
    """Return numbers that are equal where the values are."""
    if isinstance(column, pa.DictionaryArray) and pc.count_distinct(column.dictionary).as_py() < len(column.dictionary):
        column = column.dictionary_decode()
    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    return np.asarray(encoded.indices, dtype=np.int64)


def _reason_edges(reasons: pa.Table, run: str) -> Iterable[tuple[EdgeKind, pa.Table]]:
    for label in EVIDENCE_LABELS:
        rows = reasons.filter(pc.equal(reasons["label"], label)).combine_chunks()
        if rows.num_rows:
            ids = recommendation_ids(run, _column(rows, "user"), _column(rows, "item"))
            properties = {p.name: rows[p.name] for p in EXPLAINS.properties}
            yield (
                EdgeKind("EXPLAINS", label, "Recommendation"),
                pa.table({"from": rows["evidence"], "to": ids, **properties}),
            )


def _membership_edges(memberships: pa.Table) -> Iterable[tuple[EdgeKind, pa.Table]]:
    for label in MEMBER_LABELS:
        rows = memberships.filter(pc.equal(memberships["label"], label))
        if rows.num_rows:
            # As plain text: a dictionary would carry the ids of the other labels too, people's among them.
            ends = {"from": rows["id"].cast(pa.string()), "to": rows["factor"].cast(pa.string())}
            table = pa.table({**ends, "weight": rows["weight"]})
            yield EdgeKind("BELONGS_TO", label, "Factor"), table


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
