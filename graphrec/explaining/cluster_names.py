"""Names of user clusters: what their people are, and what they take more of than others do.

A user is one of a cluster's if they belong to no other more. Two kinds of marks make a name.

- What people are: their own attributes. Each user has a mark or not, so that the marks over-represented among a
  cluster's people follow from the hypergeometric distribution, as those of items do (``naming``).
- What people take: attributes and entities of items. Interactions of one user are not independent, so that users are
  compared and not interactions: a user's share of a mark is the part of the items taken that carry it, and the mean
  share of the cluster's people is held against that of all others by Welch's t test, one-sided.

A mark is tested where at least ``LEAST_PEOPLE`` users have it, whichever cluster they are of. For each cluster, the
attributes of users and of items and the entities that are discoveries at a false discovery rate
(``naming.discoveries``) are taken, the least probable first. A cluster without any is called by the items that stand
out most among what its people took, and one without people by its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse, stats

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.explaining.naming import (
    MARKS_IN_A_NAME,
    discoveries,
    item_marks,
    named_attributes,
    over_representation,
    strongest,
    told_apart,
)
from graphrec.tables.ids import attribute_name

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

OWN_MARKS_IN_A_NAME = 2
"""Most attributes of users in a name."""
LEAST_PEOPLE = 3
"""Least number of users who have a mark, and of a cluster's people."""
PAIRS_AT_ONCE = 4_000_000
"""Pairs of an interaction and a mark that are held at once."""


def names_by_people(gates: npt.NDArray[np.float32], dataset: Dataset) -> list[str]:
    """Return a name for each cluster; no two are the same.

    Args:
        gates: float32 [users, K], how much each user belongs to each cluster.
        dataset: in the same numbering of items; its users are those of the gates.
    """
    best = strongest(gates)
    own = _own_marks(best, dataset)
    tastes = _tastes(best, dataset)
    names = []
    for cluster in range(gates.shape[1]):
        telling = own[cluster][:OWN_MARKS_IN_A_NAME] + tastes[cluster][:MARKS_IN_A_NAME]
        name = " · ".join(dict.fromkeys(telling)) or _by_items(best[:, cluster], dataset)
        names.append(name or f"cluster {cluster + 1}")
    return told_apart(names)


def larger_shares(
    best: npt.NDArray[np.bool_], taken: Incidence, marks: sparse.csr_matrix
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return whether a cluster's people have larger shares of marks than others, by Welch's t test.

    The share of a mark is the part of a user's items that carry it. Users without any item are not counted.

    Args:
        best: bool [users, clusters], whose people they are.
        taken: users × items.
        marks: items × marks, 0 or 1.

    Returns:
        log P, float64 [clusters, marks]: 0, no evidence, where a cluster or its complement has fewer than
        ``LEAST_PEOPLE`` users, or its mean is not larger; and how many users have each mark, int64 [marks].
    """
    sums, squares = (np.zeros((best.shape[1], marks.shape[1])) for _ in range(2))
    all_sums, all_squares = np.zeros(marks.shape[1]), np.zeros(marks.shape[1])
    carriers = np.zeros(marks.shape[1], dtype=np.int64)
    pairs_before = np.concatenate([[0], np.cumsum(np.diff(marks.indptr)[taken.indices])])
    for block in uneven_blocks(np.diff(pairs_before[taken.indptr]), PAIRS_AT_ONCE):
        own = taken.rows(np.arange(block.start, block.stop)).pattern
        share = (sparse.diags(1.0 / np.maximum(own.counts, 1)) @ (own.csr(np.float64) @ marks)).tocsr()
        members = sparse.csr_matrix(best[block].T.astype(np.float64))
        square = share.multiply(share).tocsr()
        sums += (members @ share).toarray()
        squares += (members @ square).toarray()
        all_sums += np.asarray(share.sum(axis=0)).ravel()
        all_squares += np.asarray(square.sum(axis=0)).ravel()
        carriers += np.bincount(share.indices, minlength=len(carriers))
    counted = taken.counts > 0
    people = (best & counted[:, None]).sum(axis=0).astype(np.float64)[:, None]
    others = counted.sum() - people
    apart = _Moments(others, all_sums[None] - sums, all_squares[None] - squares)
    return _welch(_Moments(people, sums, squares), apart), carriers


class _Moments:
    """Count, mean and variance of the mean of several samples, [clusters, marks]."""

    def __init__(
        self, count: npt.NDArray[np.float64], sums: npt.NDArray[np.float64], squares: npt.NDArray[np.float64]
    ) -> None:
        self.count = count
        self.mean = sums / np.maximum(count, 1)
        spread = np.maximum(squares / np.maximum(count, 1) - self.mean**2, 0.0)
        self.variance_of_mean = spread / np.maximum(count - 1, 1)


def _welch(people: _Moments, others: _Moments) -> npt.NDArray[np.float64]:
    """Return log P of a one-sided t test with unequal variances, 0 where the mean of ``people`` is not larger."""
    enough = (people.count >= LEAST_PEOPLE) & (others.count >= LEAST_PEOPLE)
    difference = people.mean - others.mean
    one, other = people.variance_of_mean, others.variance_of_mean
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = difference / np.sqrt(one + other)
        freedom = (one + other) ** 2 / (
            one**2 / np.maximum(people.count - 1, 1) + other**2 / np.maximum(others.count - 1, 1)
        )
    surprise = stats.t.logsf(statistic, np.nan_to_num(freedom, nan=1.0, posinf=1e9))
    evident: npt.NDArray[np.float64] = np.where(enough & (difference > 1e-12), surprise, 0.0)
    return evident


def _own_marks(best: npt.NDArray[np.bool_], dataset: Dataset) -> list[list[str]]:
    """Return what the people of each cluster are more often than others, the most surprising first."""
    marks = named_attributes(dataset, dataset.user_attributes).csr(np.float64)
    tested = np.flatnonzero(np.asarray(marks.sum(axis=0)).ravel() >= LEAST_PEOPLE)
    surprise = over_representation(best, marks)
    names, ids = dataset.attributes.columns["name"], dataset.attributes.ids
    return [
        [attribute_name(ids[int(mark)].as_py(), names[int(mark)].as_py()) for mark in discoveries(row, tested)]
        for row in surprise
    ]


def _tastes(best: npt.NDArray[np.bool_], dataset: Dataset) -> list[list[str]]:
    """Return what the people of each cluster take a larger share of than others, attributes before entities."""
    marks, names = item_marks(dataset)
    surprise, carriers = larger_shares(best, dataset.positives, marks)
    tested = np.flatnonzero(carriers >= LEAST_PEOPLE)
    of_attributes, of_entities = np.split(tested, [np.searchsorted(tested, len(dataset.attributes))])
    return [
        [names[mark] for kind in (of_attributes, of_entities) for mark in discoveries(row, kind)] for row in surprise
    ]


def _by_items(people: npt.NDArray[np.bool_], dataset: Dataset) -> str:
    """Return a name from the items that the largest part of the people took, less the part of all others who did."""
    if not people.any():
        return ""
    taken = dataset.positives
    of_people = np.bincount(taken.indices[people[taken.row_of_entry]], minlength=taken.n_columns)
    of_others = np.bincount(taken.indices, minlength=taken.n_columns) - of_people
    excess = of_people / people.sum() - of_others / max((~people).sum(), 1)
    chosen = [item for item in np.argsort(-excess, kind="stable")[:MARKS_IN_A_NAME] if excess[item] > 0]
    items = " · ".join(str(dataset.items.columns["name"][int(item)].as_py()) for item in chosen)
    verb = dataset.verbs.of_user(dataset.users.ids[0].as_py())
    return f"people who {verb} {items}" if items else ""
