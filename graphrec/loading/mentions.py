"""Mentions as a part of a graph: ``Feature`` nodes, and one ``MENTIONED`` edge for each user, feature and item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.arrays.sorted_keys import among
from graphrec.errors import InputError
from graphrec.loading.matching import remark_on_matches
from graphrec.reviews.mentions import merged
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.stated import Stated, with_stated
from graphrec.wording import counted, share

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport

USER_MENTIONED = EdgeKind("MENTIONED", "User", "Feature")
ITEM_MENTIONED = EdgeKind("MENTIONED", "Item", "Feature")


def mention_tables(mentions: pa.Table, edges: pa.Table, report: LoaderReport, *, place: str) -> GraphTables:
    """Return the nodes and edges of mentions.

    Repeated rows of a user, item and feature become one: counts add up, the sentiment is the mean over all. Mentions of
    pairs without an interaction are left out, since no split could cut them, and counted.

    Args:
        mentions: ``user``, ``item``, ``feature``, ``sentiment``, ``count``.
        edges: the interactions, ``from`` and ``to``.
        report: receives remarks.
        place: where the mentions come from, for the remarks.

    Raises:
        InputError: none of them is of a pair that interacts, or a count is beyond 32 bits.
    """
    _refuse_huge_counts(mentions, place)
    table = merged([mentions])
    _refuse_huge_counts(table, place)
    has_edge = _are_pairs(table, edges)
    if not has_edge.any():
        raise InputError(
            f"none of {counted(table.num_rows, 'mention')} is of a user and an item that interact; here users are such "
            f"as {_example(table.column('user'))}, among the interactions such as {_example(edges.column(FROM))}",
            where=place,
            remedy="Give the mentions of these reviews",
        )
    remark_on_matches(report, f"users of {place}", table.column("user"), edges.column(FROM), "the interactions")
    if not has_edge.all():
        left_out = share(int((~has_edge).sum()), len(has_edge))
        report.remarks.append(f"{place}: {left_out} mentions are of no user and item that interact, and left out")
    kept = table.filter(pa.array(has_edge))
    columns = {FROM: kept.column("user"), TO: kept.column("feature"), "item": kept.column("item")}
    return _tables(pa.table({**columns, "sentiment": kept.column("sentiment"), "count": kept.column("count")}))


def feature_nodes(ids: pa.Array) -> pa.Table:
    """Return nodes of features that are named by their ids; those whose ids are numbers are called ``feature 6``."""
    nameless = pc.match_substring_regex(ids, r"^\d+$")
    names = pc.if_else(nameless, pc.binary_join_element_wise("feature", ids, " "), ids)
    mentioned = np.full(len(ids), Stated.MENTION, dtype=np.int8)
    return with_stated(pa.table({"id": ids, "name": names}), mentioned)


def _refuse_huge_counts(mentions: pa.Table, place: str) -> None:
    largest = pc.max(mentions.column("count")).as_py() or 0
    if largest > np.iinfo(np.int32).max:
        raise InputError(
            f"{largest:,} mentions of one feature by a user of an item are more than can be stored",
            where=place,
            remedy="Look for a count that is an id or a time",
        )


def _tables(edges: pa.Table) -> GraphTables:
    ids = edges.column(TO).combine_chunks().unique()
    return GraphTables({"Feature": feature_nodes(ids)}, {USER_MENTIONED: edges})


def _are_pairs(mentions: pa.Table, edges: pa.Table) -> npt.NDArray[np.bool_]:
    """Return which mentions are of a user and an item that interact."""
    users, items = (pc.unique(edges.column(end)).cast(pa.string()) for end in (FROM, TO))
    width = max(len(items), 1)
    known = _places(edges.column(FROM), users) * width + _places(edges.column(TO), items)
    user, item = _places(mentions.column("user"), users), _places(mentions.column("item"), items)
    return (user >= 0) & (item >= 0) & among(np.unique(known), user * width + item)


def _places(ids: pa.ChunkedArray, known: pa.Array) -> npt.NDArray[np.int64]:
    found = pc.index_in(ids.cast(pa.string()), value_set=known)
    return np.asarray(pc.fill_null(found, -1)).astype(np.int64)


def _example(ids: pa.ChunkedArray) -> str:
    return f"{ids[0].as_py()!r:.40}" if len(ids) else "none"
