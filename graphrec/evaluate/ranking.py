"""Recall and ndcg of full rankings, for chunks of users at once.

Definitions. For a user with the set T of held-out items and the ranking's first k items L_k:

* recall@k = |L_k ∩ T| / |T| (RecoNet, CML, NCF);
* recall_capped@k = |L_k ∩ T| / min(k, |T|) (Mult-VAE);
* ndcg@k = Σ_{p ≤ k, item at p in T} 1/log2(p + 1), over the same sum with the first min(k, |T|) places all hits.

Users without held-out items are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.recommend.ranking import top_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence

USERS_AT_ONCE = 1024
"""Users scored in one matrix."""


def recall(hits: npt.NDArray[np.bool_], relevant: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.float64]:
    """Return recall@k of each user.

    Args:
        hits: bool [B, K], whether the p-th ranked item is held out; K ≥ k unless the catalogue is smaller.
        relevant: int64 [B], number of held-out items, at least 1.
        k: length of the list.
    """
    found: npt.NDArray[np.float64] = hits[:, :k].sum(axis=1) / relevant
    return found


def recall_capped(hits: npt.NDArray[np.bool_], relevant: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.float64]:
    """Return hits over min(k, number of held-out items); arguments as for ``recall``."""
    return recall(hits, np.minimum(relevant, k), k)


def ndcg(hits: npt.NDArray[np.bool_], relevant: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.float64]:
    """Return ndcg@k with binary gains; arguments as for ``recall``."""
    discount = 1 / np.log2(np.arange(2, k + 2))
    best = np.cumsum(discount)[np.minimum(relevant, k) - 1]
    shown = hits[:, :k]
    gained: npt.NDArray[np.float64] = shown @ discount[: shown.shape[1]] / best
    return gained


METRICS = {"recall": recall, "recall_capped": recall_capped, "ndcg": ndcg}
"""Metrics by name."""


def rank_metrics(
    score: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]],
    taken: Incidence,
    held_out: Incidence,
    metrics: Iterable[tuple[str, int]],
) -> dict[str, npt.NDArray[np.float64]]:
    """Rank all items that each user has not taken, and measure where the held-out ones stand.

    Args:
        score: from rows of ``taken`` to float32 [rows, items].
        taken: users × items, not ranked.
        held_out: users × items, to be found.
        metrics: names of ``METRICS`` with k, such as ``("recall", 50)``.

    Returns:
        For each ``name@k`` one value a user, for the users with held-out items in ascending order.
    """
    wanted = list(metrics)
    longest = max(k for _, k in wanted)
    users = np.flatnonzero(held_out.counts)
    allowed = np.ones(taken.n_columns, dtype=np.bool_)
    values: dict[str, list[npt.NDArray[np.float64]]] = {f"{name}@{k}": [] for name, k in wanted}
    for start in range(0, len(users), USERS_AT_ONCE):
        chunk = users[start : start + USERS_AT_ONCE]
        items, _ = top_items(score(chunk), taken.rows(chunk), allowed, longest)
        hits, relevant = hits_of(items, held_out.rows(chunk)), held_out.counts[chunk]
        for name, k in wanted:
            values[f"{name}@{k}"].append(METRICS[name](hits, relevant, k))
    return {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in values.items()}


def hits_of(items: npt.NDArray[np.int64], held_out: Incidence) -> npt.NDArray[np.bool_]:
    """Return whether each ranked item [B, K] is held out for its user (B × items); −1 is no hit."""
    rows = np.repeat(np.arange(len(items)), items.shape[1])
    hits = held_out.has(rows, np.maximum(items, 0).ravel()).reshape(items.shape)
    return hits & (items >= 0)
