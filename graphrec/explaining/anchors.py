"""Anchors: the taken item through which a reason is connected to the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


def strongest_carriers(
    user: npt.NDArray[np.int64],
    node: npt.NDArray[np.int64],
    own_weights: npt.NDArray[np.float32],
    pair: npt.NDArray[np.int64],
    taken: Incidence,
    carried: Incidence,
) -> npt.NDArray[np.int32]:
    """Return for each reason the taken item that carries its node and weighs most on its own.

    Args:
        user: [m], row of the reason's user in ``taken``.
        node: [m], the attribute or entity that was chosen; a column of ``carried``.
        own_weights: float32 [pairs, n], weight of the i-th taken item of the pair's user for the pair's item.
        pair: [m], the reason's row in ``own_weights``.
        taken: users × items, what the model was given; the i-th column of a row fills slot i.
        carried: items × nodes.

    Returns:
        int32 [m], items; −1 where no taken item carries the node.
    """
    anchors = np.full(len(user), -1, dtype=np.int32)
    if not len(user):
        return anchors
    distinct, column = np.unique(node, return_inverse=True)
    groups = np.full((taken.n_rows, len(distinct)), -1, dtype=np.int32)
    groups[user, column] = 0
    groups[groups == 0] = np.arange(np.count_nonzero(groups == 0))
    group, slots = _carrying_slots(taken, carried, distinct, groups)
    sizes = np.bincount(group, minlength=int(groups.max()) + 1)
    of_reason = groups[user, column]
    count, first = sizes[of_reason], (np.cumsum(sizes) - sizes)[of_reason]
    carried_by_some = np.flatnonzero(count)
    if not len(carried_by_some):
        return anchors
    starts = np.concatenate([[0], np.cumsum(count[carried_by_some])[:-1]])
    reason = np.repeat(carried_by_some, count[carried_by_some])
    candidate = np.arange(len(reason)) - np.repeat(starts, count[carried_by_some]) + first[reason]
    slot = slots[candidate]
    weight = own_weights[pair[reason], slot]
    best = np.repeat(np.maximum.reduceat(weight, starts), count[carried_by_some])
    hits = np.flatnonzero(weight == best)
    winner = hits[np.unique(reason[hits], return_index=True)[1]]
    anchors[reason[winner]] = taken.indices[taken.indptr[user[reason[winner]]] + slot[winner]]
    return anchors


def _carrying_slots(
    taken: Incidence, carried: Incidence, nodes: npt.NDArray[np.int64], groups: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the slots of taken items that carry a node in question, and the group of each, ascending.

    Args:
        taken: users × items.
        carried: items × nodes.
        nodes: int64 [distinct], columns of ``carried``.
        groups: int32 [users, distinct], the number of each pair of a user and one of these nodes; −1 for those that
            are not in question.
    """
    column = np.full(carried.n_columns, -1, dtype=np.int32)
    column[nodes] = np.arange(len(nodes))
    entry = carried.rows(taken.indices)
    columns = column[entry.indices]
    keep = np.flatnonzero(columns >= 0)
    source = entry.row_of_entry[keep]
    user = taken.row_of_entry[source]
    group = groups[user, columns[keep]]
    wanted = np.flatnonzero(group >= 0)
    wanted = wanted[np.argsort(group[wanted], kind="stable")]
    return group[wanted], source[wanted] - taken.indptr[user[wanted]]
