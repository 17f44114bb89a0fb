"""MEP and MER: which recommended items do neighbours of the item among the user's own items explain?

Abdollahi and Nasraoui, "Using Explainability for Constrained Matrix Factorization", RecSys 2017; InDGRM 6.1. An item i
is explainable to user u if e_ui = |N_i ∩ I_u| / |N_i| > ξ, with N_i the 50 items nearest to i by the cosine of their
columns of interactions in training and I_u the items that the user is known to have taken. The papers' ξ is .01, so
that one neighbour of fifty suffices: where people take many items, nearly all items are explainable, and a list that
knows nothing of anybody has a high value too. So a curve over ξ and a random order belong to every value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import InputError, UsageError
from graphrec.evaluation.aligned_scorer import AlignedScorer
from graphrec.evaluation.evaluating import parts_of
from graphrec.explaining.seeded_draws import uniform
from graphrec.models.neighbours.item_neighbours import NEIGHBOURS, ItemNeighbours
from graphrec.models.recommender import Recommender
from graphrec.rankings.rank_metrics import USERS_AT_ONCE
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from graphrec.dataset.splitting import SplitData

    Scores = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]
    """From B users, positions in the data, to float32 [B, items]."""

THRESHOLD = 0.01
"""ξ of the papers."""

BANDS = ("0–5", "6–20", "21–50", "51–100", "> 100")
"""Items by how many interactions they have in training, as in InDGRM, Table 7."""

_UPPER = np.array([5, 20, 50, 100])


@dataclass(frozen=True, eq=False)
class Explainability:
    """How explainable the first K recommendations of U users are, and how much is explainable to them at all.

    Attributes:
        users: int64 [U], positions in the data, ascending.
        given: int64 [U], how many items each is known to have taken.
        shares: float64 [U, K], e_ui of the recommended items, best first; NaN where a list is shorter.
        bands: int64 [U, K], index into ``BANDS`` of the recommended items; −1 where a list is shorter.
        thresholds: the T values of ξ at which the next is counted.
        explainable: int64 [U, T, bands], items of each band with e_ui > ξ that the user has not taken.
    """

    users: npt.NDArray[np.int64]
    given: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]
    bands: npt.NDArray[np.int64]
    thresholds: tuple[float, ...]
    explainable: npt.NDArray[np.int64]

    def precision(self, k: int, threshold: float = THRESHOLD) -> npt.NDArray[np.float64]:
        """Return EP@k of each user, float64 [U]: explainable among the first k, over k. Its mean is MEP@k.

        Args:
            k: length of the list, at most K; a shorter list lacks explainable items where it lacks items.
            threshold: ξ.

        Raises:
            UsageError: k is below 1, or longer lists than were measured.
        """
        found: npt.NDArray[np.float64] = self._found(k, threshold).sum(axis=1) / k
        return found

    def recall(self, k: int, threshold: float = THRESHOLD) -> npt.NDArray[np.float64]:
        """Return ER@k of each user, float64 [U]: explainable among the first k, over all that are. Its mean is MER@k.

        Args:
            k: length of the list, at most K.
            threshold: ξ, one of ``thresholds``.

        Returns:
            NaN for a user to whom nothing is explainable.

        Raises:
            UsageError: as for ``precision``, or the threshold was not measured.
        """
        return _quotient(self._found(k, threshold).sum(axis=1), self._explainable(threshold).sum(axis=1))

    def precision_in_bands(self, k: int, threshold: float = THRESHOLD) -> npt.NDArray[np.float64]:
        """Return the explainable share of the items of each band among the first k, float64 [U, bands].

        Args, Raises: as for ``precision``. NaN for a user who is recommended nothing of the band.
        """
        in_band = self._in_bands(k)
        return _quotient((self._found(k, threshold)[:, :, None] & in_band).sum(axis=1), in_band.sum(axis=1))

    def recall_in_bands(self, k: int, threshold: float = THRESHOLD) -> npt.NDArray[np.float64]:
        """Return how many of a band's explainable items are among the first k, as a share, float64 [U, bands].

        Args, Raises: as for ``recall``. NaN for a user to whom nothing of the band is explainable.
        """
        found = (self._found(k, threshold)[:, :, None] & self._in_bands(k)).sum(axis=1)
        return _quotient(found, self._explainable(threshold))

    def recommended_in_bands(self, k: int) -> npt.NDArray[np.int64]:
        """Return how many of all users' first k items are of each band, int64 [bands]."""
        counts: npt.NDArray[np.int64] = self._in_bands(k).sum(axis=(0, 1))
        return counts

    def _found(self, k: int, threshold: float) -> npt.NDArray[np.bool_]:
        first: npt.NDArray[np.bool_] = self.shares[:, : self._checked(k)] > threshold
        return first

    def _in_bands(self, k: int) -> npt.NDArray[np.bool_]:
        in_band: npt.NDArray[np.bool_] = self.bands[:, : self._checked(k), None] == np.arange(len(BANDS))
        return in_band

    def _checked(self, k: int) -> int:
        if not 1 <= k <= self.shares.shape[1]:
            raise UsageError(f"lists of {k} were not measured", remedy=f"Ask for 1 to {self.shares.shape[1]}")
        return k

    def _explainable(self, threshold: float) -> npt.NDArray[np.int64]:
        if threshold not in self.thresholds:
            measured = ", ".join(f"{value:g}" for value in self.thresholds)
            raise UsageError(f"the threshold {threshold:g} was not measured", remedy=f"Measured: {measured}")
        counts: npt.NDArray[np.int64] = self.explainable[:, self.thresholds.index(threshold)]
        return counts


def explainability(
    ranked_by: Recommender | Scores,
    data: SplitData,
    *,
    k: int = 10,
    thresholds: Sequence[float] = (THRESHOLD,),
    neighbours: int | ItemNeighbours = NEIGHBOURS,
    part: str = "test",
) -> Explainability:
    """Measure how explainable what is ranked first is, for the users with held-out items.

    Memory grows with a block of users.

    Args:
        ranked_by: a recommender, fitted on the training part; or any scores, such as ``random_scores``.
        data: a data set that a split has cut; neighbours come from its training part, the users' items from ``seen``.
        k: length of the lists.
        thresholds: values of ξ, from 0 and below 1.
        neighbours: how many an item has at most, or the neighbours themselves, where several are measured.
        part: ``test`` or ``validation``, whose users are asked about.

    Raises:
        InputError: nobody has held-out items.
        UsageError: there is no such part, or a number is out of its range.
    """
    if k < 1:
        raise UsageError(f"lists of {k} items have none", remedy="Ask for 1 or more")
    if not thresholds or not all(0 <= value < 1 for value in thresholds):
        raise UsageError(f"the thresholds are {list(thresholds)}", remedy="Give some from 0 and below 1")
    users = np.flatnonzero(parts_of(data, part)[0].counts)
    if not len(users):
        raise InputError(f"nobody has held-out items in the {part} part", remedy="Take another part, or another split")
    scores = AlignedScorer.of(ranked_by, data.seen).scores if isinstance(ranked_by, Recommender) else ranked_by
    taken, positives = data.seen.taken, data.seen.positives
    near = neighbours if isinstance(neighbours, ItemNeighbours) else ItemNeighbours.of(data.train.positives, neighbours)
    n_items = positives.n_columns
    band = np.searchsorted(_UPPER, np.bincount(data.train.positives.indices, minlength=n_items))
    of_band = (band[:, None] == np.arange(len(BANDS))).astype(np.float32)
    everything, blocks = np.ones(n_items, dtype=np.bool_), []
    for rows in row_blocks(len(users), 4 * n_items, most=USERS_AT_ONCE):
        own = taken.rows(users[rows])
        shares = near.shares(positives.rows(users[rows])).toarray()
        items, _ = top_items(scores(users[rows]), own, everything, k)
        items = np.pad(items, ((0, 0), (0, k - items.shape[1])), constant_values=-1)  # a catalogue of fewer than k
        recommended = np.where(items < 0, np.nan, np.take_along_axis(shares, np.maximum(items, 0), axis=1))
        shares[own.row_of_entry, own.indices] = 0
        explainable = [((shares > value).astype(np.float32) @ of_band).astype(np.int64) for value in thresholds]
        blocks.append((recommended, np.where(items < 0, -1, band[items]), np.stack(explainable, axis=1)))
    found, bands, counted = (np.concatenate(part) for part in zip(*blocks, strict=True))
    return Explainability(users, positives.counts[users], found, bands, tuple(thresholds), counted)


def random_scores(n_items: int, seed: int = 0) -> Scores:
    """Return scores that put all items in a random order for every user; blocks of users do not change them.

    Args:
        n_items: size of the catalogue.
        seed: of the orders, 0 or more.
    """

    def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        return uniform(seed, users[:, None], np.arange(n_items)).astype(np.float32)

    return scores


def _quotient(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return part / whole; NaN where the whole is 0."""
    found: npt.NDArray[np.float64] = np.full(part.shape, np.nan)
    return np.divide(part, whole, out=found, where=whole > 0)
