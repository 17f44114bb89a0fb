"""Features over- and under-mentioned by what is recommended: does a model drift to what people say some things of?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse, stats

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence

    Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FeatureTilt:
    """For each of F features the share of items that mention it, recommended against others.

    Attributes:
        recommended: float64 [F], mean over users of the share of the recommended items whose reviews mention it.
        base: float64 [F], the same of what it is compared with.
        difference, low, high: float64 [F], the first less the second, with an interval over users. The intervals hold
            for all features at once at 95 % (Bonferroni); NaN where one user alone was measured.
        users: how many were measured.
    """

    recommended: Values
    base: Values
    difference: Values
    low: Values
    high: Values
    users: int


def feature_tilt(
    recommended: npt.NDArray[np.int64],
    taken: Incidence,
    item_features: Incidence,
    against: Literal["training", "catalogue"] = "training",
) -> FeatureTilt:
    """Compare what reviews mention of recommended items with what they mention of others.

    Args:
        recommended: int64 [B, n], −1 where a user has fewer; users without any are left out.
        taken: B × items, the users' own.
        item_features: items × features, of the reviews that may be seen.
        against: ``training`` compares with what the same users took, user by user, and leaves out who took nothing;
            ``catalogue`` with all items, each counting once.

    Raises:
        UsageError: nobody is left to measure.
    """
    measured = (recommended >= 0).any(axis=1)
    if against == "training":
        measured &= taken.counts > 0
    users = np.flatnonzero(measured)
    if not len(users):
        raise UsageError("no user has recommendations to compare", remedy="Name users with recommendations and items")
    mentions = item_features.pattern.csr(np.float64)
    everything = np.asarray(mentions.sum(axis=0)).ravel() / mentions.shape[0]
    total, squares, base = np.zeros((3, mentions.shape[1]))
    for rows in row_blocks(len(users), 4 * mentions.shape[1]):
        some = users[rows]
        row, place = np.nonzero(recommended[some] >= 0)
        of_lists = _shares(row, recommended[some][row, place], mentions, len(some))
        own = taken.rows(some)
        of_taken = _shares(own.row_of_entry, own.indices, mentions, len(some)) if against == "training" else everything
        difference = of_lists - of_taken
        total += difference.sum(axis=0)
        squares += np.square(difference).sum(axis=0)
        base += np.broadcast_to(of_taken, of_lists.shape).sum(axis=0)
    n = len(users)
    mean = total / n
    half = np.full_like(mean, np.nan)
    if n > 1:
        error = np.sqrt(np.maximum(squares / n - mean**2, 0) / (n - 1))
        half = stats.t.ppf(1 - 0.025 / max(len(mean), 1), n - 1) * error
    return FeatureTilt(mean + base / n, base / n, mean, mean - half, mean + half, n)


def _shares(
    row: npt.NDArray[np.int64], item: npt.NDArray[np.integer[Any]], mentions: sparse.csr_matrix, n: int
) -> Values:
    """Return for n users the share of their items that mention each feature, float64 [n, F]."""
    each = 1.0 / np.bincount(row, minlength=n)[row]
    weights = sparse.csr_matrix((each, (row, item)), shape=(n, mentions.shape[0]))
    shares: Values = (weights @ mentions).toarray()
    return shares
