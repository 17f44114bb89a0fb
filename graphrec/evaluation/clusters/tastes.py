"""What users take, from the data alone: how much, of how many values of a kind, and which main values they share.

Source: InDGRM, Figure 1. A *main* value of a user is one of the first fifth of the values of what the user took, by how
many of the items taken carry it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.evaluation.clusters.values import ItemValues

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class Tastes:
    """Users who took anything, U of them, and V values of one kind.

    Attributes:
        names: of the values.
        interactions: int64 [U], items that each took.
        touched: int64 [U], different values that these carry.
        shuffled: the same where the items are dealt out anew, each as often as before, and as many to every user.
        main: int64 [V], users of whom each value is a main one.
        together: int64 [V, V], users of whom both are.
        top_users: int64 [T], those who took most items of some value, places among the U.
        profiles: float64 [T, V], the share of each value in what these took.
    """

    names: tuple[str, ...]
    interactions: npt.NDArray[np.int64]
    touched: npt.NDArray[np.int64]
    shuffled: npt.NDArray[np.int64]
    main: npt.NDArray[np.int64]
    together: npt.NDArray[np.int64]
    top_users: npt.NDArray[np.int64]
    profiles: npt.NDArray[np.float64]

    @property
    def lift(self) -> npt.NDArray[np.float64]:
        """Users of whom both values are main over as many as if they had nothing to do with each other, [V, V].

        NaN on the diagonal, and where a value is nobody's.
        """
        expected = np.outer(self.main, self.main) / max(len(self.interactions), 1)
        nothing = np.full(expected.shape, np.nan)
        lift: npt.NDArray[np.float64] = np.divide(self.together, expected, out=nothing, where=expected > 0)
        np.fill_diagonal(lift, np.nan)
        return lift


def tastes(dataset: Dataset, kind: str, *, main_share: float = 0.2, per_value: int = 10, seed: int = 0) -> Tastes:
    """Return what the users of a data set take.

    Args:
        dataset: whose positives are looked at.
        kind: of the items' attributes.
        main_share: of a user's values that are main ones, rounded up.
        per_value: users of each value whose profiles are returned.
        seed: of the items that are dealt out anew.

    Raises:
        UsageError: no item attribute is of this kind, or it has too many values.
    """
    values = ItemValues.of(dataset, kind)
    everybody = dataset.positives.pattern
    taken = everybody.rows(np.flatnonzero(everybody.counts))
    counts = _counts(taken, taken.indices, values)
    dealt = _counts(taken, np.random.default_rng(seed).permutation(taken.indices), values)
    touched = np.diff(counts.indptr)
    main, together = _main_values(counts, touched, main_share)
    top = _top_users(counts, per_value)
    return Tastes(
        names=values.names,
        interactions=taken.counts,
        touched=touched.astype(np.int64),
        shuffled=np.diff(dealt.indptr).astype(np.int64),
        main=main,
        together=together,
        top_users=top,
        profiles=values.profiles(taken.rows(top)),
    )


def _counts(taken: Incidence, items: npt.NDArray[Any], values: ItemValues) -> Any:
    """Return how many of these items of each user carry each value, a CSR matrix [U, V] in canonical form."""
    matrix = taken.csr(np.float64)
    matrix.indices = items.astype(matrix.indices.dtype)
    counts = (matrix @ values.carried.csr(np.float64)).tocsr()
    counts.sum_duplicates()
    return counts


def _main_values(
    counts: Any, touched: npt.NDArray[Any], share: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return of how many users each value is a main one, and of how many each two are; of level ones the first is."""
    n_users, n_values = counts.shape
    together = np.zeros((n_values, n_values), dtype=np.int64)
    # what rounding in the product adds to a whole number must not round it up
    most = np.ceil(share * touched - 1e-9).astype(np.int64)
    for block in row_blocks(n_users, 3 * n_values):
        dense = counts[block].toarray()
        order = np.argsort(-dense, axis=1, kind="stable")
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.arange(n_values)[None].repeat(len(order), axis=0), axis=1)
        is_main = ((rank < most[block, None]) & (dense > 0)).astype(np.int64)
        together += is_main.T @ is_main
    return np.diag(together).copy(), together


def _top_users(counts: Any, per_value: int) -> npt.NDArray[np.int64]:
    """Return the users who took most items of each value, each once, by the value that names them first."""
    entries = counts.tocoo()
    order = np.lexsort((entries.row, -entries.data, entries.col))
    value = entries.col[order]
    place = np.arange(len(value)) - np.searchsorted(value, value)
    users = entries.row[order][place < per_value]
    first = np.sort(np.unique(users, return_index=True)[1])
    top: npt.NDArray[np.int64] = users[first].astype(np.int64)
    return top
