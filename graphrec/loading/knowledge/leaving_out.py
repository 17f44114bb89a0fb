"""What of a knowledge graph is left out: relations by name, entities by name or as hubs of too many items."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError, UsageError
from graphrec.loading.knowledge.kept_edges import ends_of, with_edges
from graphrec.loading.matching import unique_texts
from graphrec.loading.signals.common_values import common_values
from graphrec.wording import counted, enumerated, readable, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import LoaderReport
    from graphrec.tables.graph_tables import GraphTables

_SHOWN = 10


def with_relations(
    triples: pa.Table,
    report: LoaderReport,
    *,
    only: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    place: str = "triples",
) -> pa.Table:
    """Return the triples of some relations.

    Args:
        triples: a column ``relation``, and others.
        report: receives how many triples of which relations were left out, and the names that no triple has.
        only: relations that are kept; all, if empty.
        leave_out: relations that are not.
        place: where the triples stand, for remarks and errors.

    Raises:
        InputError: no triple is left.
    """
    if not only and not leave_out:
        return triples
    relations = triples.column("relation").cast(pa.string())
    there = unique_texts(relations)
    _remark_on_unknown([*only, *leave_out], there, report, place)
    is_kept = pc.invert(pc.is_in(relations, value_set=pa.array(leave_out, pa.string())))
    if only:
        is_kept = pc.and_(is_kept, pc.is_in(relations, value_set=pa.array(only, pa.string())))
    kept = triples.filter(is_kept)
    if not kept.num_rows:
        raise InputError(
            f"no triple is left: their relations are such as {_named(there)}",
            where=place,
            remedy="Name those that are kept or left out as they stand in the triples",
        )
    n_lost = triples.num_rows - kept.num_rows
    if n_lost:
        lost = relations.filter(pc.invert(is_kept)).value_counts().sort(order="descending", by="counts")
        report.remarks.append(
            f"{place}: {share(n_lost, triples.num_rows)} triples left out by their relation: "
            f"{_named(lost.field('values'))}"
        )
    return kept


def without_entities(tables: GraphTables, entities: Sequence[str], report: LoaderReport) -> GraphTables:
    """Return a graph without some entities and all triples that they stand in.

    Args:
        tables: the graph of triples.
        entities: their ids.
        report: receives how many triples that cost, and the ids that are no entity of the graph.
    """
    if not entities:
        return tables
    there = tables.nodes["Entity"].column("id") if "Entity" in tables.nodes else pa.array([], pa.string())
    named = pa.array(list(dict.fromkeys(entities)), pa.string())
    is_there = pc.is_in(named, value_set=unique_texts(there))
    strange = named.filter(pc.invert(is_there))
    if len(strange):
        verb = "is" if len(strange) == 1 else "are"
        report.remarks.append(
            f"{share(len(strange), len(named))} entities to leave out {verb} not in the triples, such as "
            f"{readable(strange[0].as_py())}"
        )
    left, n_lost = _without(tables, named)
    if n_lost:
        noun = "entity" if len(named) - len(strange) == 1 else "entities"
        report.remarks.append(
            f"{len(named) - len(strange):,} {noun} left out by name with {counted(n_lost, 'triple')}: "
            f"{_named(named.filter(is_there))}"
        )
    return left


def without_hubs(tables: GraphTables, most_items: float, report: LoaderReport) -> GraphTables:
    """Return a graph without the entities that too many items have, and all triples that these stand in.

    An item has an entity where a triple joins them, in whichever direction and by whatever relation; the share is of
    the items that have an entity.

    Args:
        tables: the graph of triples.
        most_items: the share, above 0 and at most 1.
        report: receives which entities went, the number of their items, and how many triples that cost.

    Raises:
        UsageError: ``most_items`` is no such share.
    """
    if not 0 < most_items <= 1:
        raise UsageError(f"most_items is {most_items}", remedy="Give a share of the items, above 0 and at most 1")
    items, entities = [pa.array([], pa.string())], [pa.array([], pa.string())]
    for kind, edges in tables.edges.items():
        if {kind.source, kind.target} == {"Item", "Entity"}:
            items += [ids.cast(pa.string()).combine_chunks() for ids in ends_of(kind, edges, "Item")]
            entities += [ids.cast(pa.string()).combine_chunks() for ids in ends_of(kind, edges, "Entity")]
    owners = pa.concat_arrays(items)
    hubs = common_values(owners, pa.concat_arrays(entities), most_items, len(owners.unique()), "item")
    left, n_lost = _without(tables, hubs.values)
    hubs.remark(report, ("entity", "entities"), most_items, counted(n_lost, "triple"))
    return left


def _without(tables: GraphTables, entities: pa.Array) -> tuple[GraphTables, int]:
    """Return a graph without entities, and how many edges that cost."""
    is_kept = {}
    for kind, edges in tables.edges.items():
        is_kept[kind] = np.ones(edges.num_rows, dtype=bool)
        for ids in ends_of(kind, edges, "Entity"):
            is_kept[kind] &= ~np.asarray(pc.is_in(ids.cast(pa.string()), value_set=entities), dtype=bool)
    return with_edges(tables, is_kept), sum(int((~kept).sum()) for kept in is_kept.values())


def _remark_on_unknown(names: Sequence[str], there: pa.Array, report: LoaderReport, place: str) -> None:
    known = there.to_pylist()
    for name in dict.fromkeys(names):
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; did you mean {readable(near[0])!r}?" if near else ""
            report.remarks.append(f"{place}: no triple has the relation {readable(name)!r}{hint}")


def _named(values: pa.Array) -> str:
    shown = [readable(value) for value in values[:_SHOWN].to_pylist()]
    n_more = len(values) - len(shown)
    return enumerated([*shown, *([f"{n_more:,} more"] if n_more else [])])
