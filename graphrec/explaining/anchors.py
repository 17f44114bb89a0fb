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
    keys, slots = _carrying_slots(taken, carried, np.unique(node))
    reason_keys = node * taken.n_rows + user
    first = np.searchsorted(keys, reason_keys, side="left")
    count = np.searchsorted(keys, reason_keys, side="right") - first
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
    taken: Incidence, carried: Incidence, nodes: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return sorted keys ``node * users + user`` and, beside each, the slot of a taken item that carries the node."""
    is_reason = np.zeros(carried.n_columns, dtype=np.bool_)
    is_reason[nodes] = True
    entry = carried.rows(taken.indices)
    keep = is_reason[entry.indices]
    source = entry.row_of_entry[keep]
    user = taken.row_of_entry[source]
    keys = entry.indices[keep].astype(np.int64) * taken.n_rows + user
    order = np.argsort(keys, kind="stable")
    return keys[order], (source - taken.indptr[user])[order]
