"""What sums up a recommendation beside its reasons: item groups, and user clusters with what their people took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.answers.answer import ItemGroup, Takers, UserCluster
from graphrec.schema.property_graph import ITEM_GROUP, SUMMARIES, USER_CLUSTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphrec.answers.answer import Reason
    from graphrec.answers.rows import Row
    from graphrec.dataset.ids import IdMap
    from graphrec.dataset.incidence import Incidence
    from graphrec.tables.explanations import Explanations

    Key = tuple[str, str]
    """Id of a recommended item and of a cluster."""


def is_summary(row: Mapping[Any, Any]) -> bool:
    """Return whether a row is a summary and no reason; ``row`` as for ``reason_of``."""
    return row["method"] in SUMMARIES


def item_groups(said: Iterable[Reason], reasons: Sequence[Reason]) -> tuple[ItemGroup, ...]:
    """Return the item groups among summaries, the supporting first, the strongest of each first.

    Args:
        said: summaries of one recommendation, in the order of reasons.
        reasons: of the same recommendation.
    """
    return tuple(
        ItemGroup(
            one.evidence,
            one.weight,
            one.share,
            tuple(
                reason.evidence
                for reason in reasons
                if reason.ground == "history" and reason.supports and reason.via == f"factor:{one.evidence.id}"
            ),
        )
        for one in said
        if one.method == ITEM_GROUP
    )


def user_clusters(said: Iterable[Reason], item: str, takers: Mapping[Key, Takers]) -> tuple[UserCluster, ...]:
    """Return the user clusters among summaries, the strongest membership first.

    Args:
        said: summaries of one recommendation, in the order of reasons.
        item: id of the recommended item.
        takers: of each item and cluster that is among the summaries.
    """
    return tuple(
        UserCluster(one.evidence, one.weight, takers[item, one.evidence.id])
        for one in said
        if one.method == USER_CLUSTER
    )


def takers_from_rows(rows: Iterable[Row]) -> dict[Key, Takers]:
    """Return what the rows of ``cypher/lookup/people`` say."""
    counts = ("people", "people_took", "everybody", "everybody_took")
    return {(str(row["item"]), str(row["cluster"])): Takers(*(int(row[name]) for name in counts)) for row in rows}


def takers_from_tables(
    tables: Explanations, users: IdMap, items: IdMap, taken: Incidence, user: str, keys: Iterable[Key]
) -> dict[Key, Takers]:
    """Return who took items, as ``cypher/lookup/people`` counts them in a store that holds the tables.

    Args:
        tables: of a run: its factors, and the memberships of everybody who counts.
        users: of the data.
        items: of the data.
        taken: users × items.
        user: id of the user, who is not counted.
        keys: recommended items and clusters.
    """
    wanted = list(keys)
    if not wanted:
        return {}
    clusters = tables.factors.filter(pc.equal(tables.factors["kind"], USER_CLUSTER))["id"].combine_chunks()
    of_users = tables.memberships.filter(pc.equal(tables.memberships["label"], "User"))
    factor, person = (_texts(of_users[name]) for name in ("factor", "id"))
    cluster = pc.index_in(factor, value_set=clusters).fill_null(-1).to_numpy(zero_copy_only=False)
    row = users.positions(person)
    counted = (cluster >= 0) & (row >= 0) & (row != int(users.positions([user])[0]))
    cluster, row = cluster[counted], row[counted].astype(np.int64)
    weight = of_users["weight"].to_numpy()[counted]
    most = np.zeros(len(users))
    np.maximum.at(most, row, weight)
    is_best, everybody = weight == most[row], np.unique(row)
    found = {}
    for item, name in wanted:
        column = int(items.positions([item])[0])
        people = row[is_best & (cluster == pc.index(clusters, name).as_py())]
        took = [int(taken.has(some, np.full(len(some), column)).sum()) for some in (people, everybody)]
        found[item, name] = Takers(len(people), took[0], len(everybody), took[1])
    return found


def _texts(column: pa.ChunkedArray) -> pa.Array:
    texts = column.cast(pa.string())
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
