"""Metrics of the first k places of a ranking, with binary relevance.

For a user with the set T of held-out items, |T| ≥ 1, and the first k items L_k of a ranking, where h_p is 1 if the item
at place p is in T, else 0, and hits = |L_k ∩ T| = Σ_{p ≤ k} h_p:

* recall@k = hits / |T| (RecoNet, CML, NCF);
* recall_capped@k = hits / min(k, |T|) (Mult-VAE);
* precision@k = hits / k, by k also where the ranking is shorter;
* f1@k = 2 · hits / (k + |T|), the harmonic mean of precision@k and recall@k;
* hit_rate@k = 1 if hits ≥ 1, else 0;
* mrr@k = 1 / p of the first hit at p ≤ k, 0 without one;
* map@k = Σ_{p ≤ k} h_p · (Σ_{q ≤ p} h_q / p) / |T|, by all of T also where k < |T|, as trec_eval does;
* ndcg@k = Σ_{p ≤ k} h_p / log2(p + 1), over the same sum with the first min(k, |T|) places all hits.

A ranking shorter than k, even an empty one, has no hits at the places that it lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    Hits = npt.NDArray[np.bool_]
    Counts = npt.NDArray[np.int64]
    Values = npt.NDArray[np.float64]


def recall(hits: Hits, relevant: Counts, k: int) -> Values:
    """Return recall@k of B rankings.

    Args:
        hits: bool [B, K], whether the p-th ranked item is held out; K ≥ k unless there are fewer candidates.
        relevant: int64 [B], number of held-out items, at least 1.
        k: length of the list, at least 1.

    Returns:
        float64 [B], from 0 to 1, as for every metric here.
    """
    return _count(hits, k) / relevant


def recall_capped(hits: Hits, relevant: Counts, k: int) -> Values:
    """Return hits over min(k, number of held-out items); arguments as for ``recall``."""
    return _count(hits, k) / np.minimum(relevant, k)


def precision(hits: Hits, relevant: Counts, k: int) -> Values:  # noqa: ARG001 - one shape for all
    """Return hits over k; arguments as for ``recall``."""
    share: Values = _count(hits, k) / k
    return share


def f1(hits: Hits, relevant: Counts, k: int) -> Values:
    """Return the harmonic mean of precision and recall; arguments as for ``recall``."""
    harmonic: Values = 2 * _count(hits, k) / (k + relevant)
    return harmonic


def hit_rate(hits: Hits, relevant: Counts, k: int) -> Values:  # noqa: ARG001
    """Return 1 where there is a hit; arguments as for ``recall``."""
    return (_count(hits, k) > 0).astype(np.float64)


def mrr(hits: Hits, relevant: Counts, k: int) -> Values:  # noqa: ARG001
    """Return one over the place of the first hit; arguments as for ``recall``."""
    shown = hits[:, :k]
    first = shown.argmax(axis=1) + 1 if shown.shape[1] else np.ones(len(shown))
    reciprocal: Values = np.where(shown.any(axis=1), 1 / first, 0.0)
    return reciprocal


def average_precision(hits: Hits, relevant: Counts, k: int) -> Values:
    """Return the mean, over held-out items, of the precision at the place of each (0 beyond k); as for ``recall``."""
    shown = hits[:, :k]
    at_place = shown.cumsum(axis=1) / np.arange(1, shown.shape[1] + 1)
    total: Values = (at_place * shown).sum(axis=1) / relevant
    return total


def ndcg(hits: Hits, relevant: Counts, k: int) -> Values:
    """Return ndcg@k with binary gains; arguments as for ``recall``."""
    shown = hits[:, :k]
    discount = 1 / np.log2(np.arange(2, max(k, 1) + 2))
    best = np.cumsum(discount)[np.minimum(relevant, k) - 1]
    gained: Values = shown @ discount[: shown.shape[1]] / best
    return gained


def _count(hits: Hits, k: int) -> Values:
    counted: Values = hits[:, :k].sum(axis=1).astype(np.float64)
    return counted


METRICS: dict[str, Callable[[Hits, Counts, int], Values]] = {
    "recall": recall,
    "recall_capped": recall_capped,
    "precision": precision,
    "f1": f1,
    "hit_rate": hit_rate,
    "mrr": mrr,
    "map": average_precision,
    "ndcg": ndcg,
}
"""Metrics by name."""


class Metric(NamedTuple):
    """A metric of the first k places, written ``ndcg@10``."""

    name: str
    k: int

    def __str__(self) -> str:
        return f"{self.name}@{self.k}"

    @classmethod
    def parse(cls, text: str) -> Metric:
        """Read ``ndcg@10``.

        Raises:
            UsageError: it is no metric with a k of 1 or more.
        """
        name, at, k = text.strip().partition("@")
        if not at or not k.isdecimal():
            raise UsageError(f"{text!r} is no metric with its k", remedy="Write it like recall@50 or ndcg@10")
        return cls.checked(name, int(k))

    @classmethod
    def checked(cls, name: str, k: int) -> Metric:
        """Return the metric; raise UsageError for an unknown name, or a k below 1."""
        if name not in METRICS:
            raise UsageError(f"there is no metric {name!r}", remedy=f"Known metrics: {', '.join(METRICS)}")
        if k < 1:
            raise UsageError(f"{name}@{k} looks at no place", remedy="Give a k of 1 or more")
        return cls(name, k)


def measured(hits: Hits, relevant: Counts, metrics: Iterable[Metric]) -> dict[str, Values]:
    """Return each metric of B rankings, by its text; arguments as for ``recall``."""
    return {str(metric): METRICS[metric.name](hits, relevant, metric.k) for metric in metrics}
