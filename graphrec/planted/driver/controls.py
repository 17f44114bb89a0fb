"""Reasons that need no model, as expectations: what drawing them over and over would come to.

* *random*: one of the user's taken items, and one of the kinds in which it shares a value with the recommended item,
  each as likely as the others; with an item that shares nothing there is no such kind, and the reason is false.
* *count*: of the values that the recommended item carries, the one that most of the user's taken items carry, and one
  of those. Values that are level are as likely as each other.
* *surprise*: likewise the value that the user's taken items carry most surprisingly. Where c of n items carry it, and a
  share p of what all users took, surprise is the logarithm of the binomial likelihood ratio,
  c log(c / np) + (n − c) log((n − c) / n(1 − p)) where c > np, and 0 where not. It says how much of the truth the data
  tell: frequent values are expected often, and a decoy is less surprising than what it stands beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse, special

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.planted.driver.driver_truth import DriverTruth


def chances_of_controls(
    truth: DriverTruth, user: npt.NDArray[np.int64], item: npt.NDArray[np.int64], taken: Incidence
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the chances of a random reason, of the raw count and of the most surprising value, float64 [n] each.

    Arguments as for ``chance_of_random``.
    """
    return (
        chance_of_random(truth, user, item, taken),
        chance_of_count(truth, user, item, taken),
        chance_of_count(truth, user, item, taken, surprise=True),
    )


def chance_of_random(
    truth: DriverTruth, user: npt.NDArray[np.int64], item: npt.NDArray[np.int64], taken: Incidence
) -> npt.NDArray[np.float64]:
    """Return with what chance a random reason of each recommendation is true, float64 [n].

    Args:
        truth: in the numbering of the other arguments.
        user: int64 [n], all of whom follow something and have taken something.
        item: int64 [n], recommended items that carry the user's value.
        taken: users × items.
    """
    chance = np.empty(len(user))
    by_kind = [truth.carries.csr() @ _only(truth.kind_of == kind) for kind in range(len(truth.kinds))]
    longest = int(taken.counts.max(initial=1))
    for rows in row_blocks(len(user), longest * (truth.carries.counts.max(initial=1) + 1)):
        own = taken.rows(user[rows])
        recommended, other = item[rows][own.row_of_entry], own.indices
        shared = sum(_meet(carried[other], carried[recommended]) for carried in by_kind)
        holds = truth.has(user[rows][own.row_of_entry], other.astype(np.int64))
        sums = np.bincount(own.row_of_entry, weights=holds / np.maximum(shared, 1), minlength=own.n_rows)
        chance[rows] = sums / own.counts
    return chance


def chance_of_count(
    truth: DriverTruth,
    user: npt.NDArray[np.int64],
    item: npt.NDArray[np.int64],
    taken: Incidence,
    *,
    surprise: bool = False,
) -> npt.NDArray[np.float64]:
    """Return with what chance the count's reason of each recommendation is true, float64 [n].

    True is the value that the user follows.

    Args:
        truth: as for ``chance_of_random``, and so the other arguments.
        user: int64 [n].
        item: int64 [n].
        taken: users × items.
        surprise: take the most surprising count instead of the greatest.
    """
    chance = np.empty(len(user))
    everything = truth.carries.csr(np.float64)
    base = np.bincount(taken.indices, minlength=taken.n_columns) @ everything / max(taken.n_entries, 1)
    for rows in row_blocks(len(user), truth.carries.n_columns):
        carried = truth.carries.rows(item[rows])
        own = taken.rows(user[rows])
        counts = (own.csr(np.float64) @ everything).toarray()
        if surprise:
            counts = _likelihood_ratio(counts, own.counts[:, None], base)
        at = counts[carried.row_of_entry, carried.indices]
        most = np.zeros(carried.n_rows)
        np.maximum.at(most, carried.row_of_entry, at)
        level = np.bincount(carried.row_of_entry, weights=at == most[carried.row_of_entry], minlength=carried.n_rows)
        followed = counts[np.arange(carried.n_rows), truth.value[user[rows]]]
        chance[rows] = np.where((followed == most) & (followed > 0), 1 / level, 0.0)
    return chance


def _likelihood_ratio(
    count: npt.NDArray[np.float64], number: npt.NDArray[np.int64], base: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return how surprising counts of ``number`` draws are, against the chance ``base``; 0 for no more than expected.

    Arguments broadcast to [n, values].
    """
    expected, others = number * base, number - count
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = special.xlogy(count, count / expected) + special.xlogy(others, others / (number - expected))
    surprise: npt.NDArray[np.float64] = np.where(count > expected, ratio, 0.0)
    return surprise


def _only(columns: npt.NDArray[np.bool_]) -> sparse.csr_matrix:
    return sparse.diags(columns.astype(np.float32)).tocsr()


def _meet(first: sparse.csr_matrix, second: sparse.csr_matrix) -> npt.NDArray[np.bool_]:
    """Return whether each row of the first has a column in common with that of the second, bool [n]."""
    met: npt.NDArray[np.bool_] = np.asarray(first.multiply(second).sum(axis=1)).ravel() > 0
    return met
