"""How well groups agree with a labelling, beside the same groups with their members permuted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.clusters.scikit_learn import mutual_information

if TYPE_CHECKING:
    import numpy.typing as npt

NOWHERE = -1
"""Group or label of what has none; it is left out."""


@dataclass(frozen=True)
class Agreement:
    """Agreement of groups with labels.

    Attributes:
        purity: share of members that carry the label most common in their group. One member a group makes it 1.
        nmi: normalised mutual information.
        ami: the same adjusted for chance, 0 in the mean over permutations.
        members: that have a group and a label.
    """

    purity: float
    nmi: float
    ami: float
    members: int


def agreement(groups: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]) -> Agreement:
    """Return how well groups agree with labels, both int64 [n], −1 for none.

    Raises:
        UsageError: nothing has both.
        MissingExtraError: scikit-learn is not installed.
    """
    both = (groups > NOWHERE) & (labels > NOWHERE)
    group, label = groups[both], labels[both]
    if not len(group):
        raise UsageError("nothing has both a group and a label", remedy="Take labels that members of groups carry")
    return Agreement(purity(group, label), *mutual_information(group, label), len(group))


def purity(groups: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]) -> float:
    """Return the share of n things that carry the label most common in their group; both int64 [n], from 0.

    Source: Manning, Raghavan and Schütze, "Introduction to information retrieval", 2008, section 16.3.
    """
    width = int(labels.max()) + 1
    together = np.bincount(groups * width + labels, minlength=(int(groups.max()) + 1) * width)
    return float(together.reshape(-1, width).max(axis=1).sum() / len(groups))


def permuted_agreement(
    groups: npt.NDArray[np.int64], labels: npt.NDArray[np.int64], *, permutations: int = 20, seed: int = 0
) -> Agreement:
    """Return the mean agreement of groups of the same sizes whose members are drawn at random.

    Arguments and errors as for ``agreement``.
    """
    both = (groups > NOWHERE) & (labels > NOWHERE)
    group, label = groups[both], labels[both]
    rng = np.random.default_rng(seed)
    drawn = [agreement(rng.permutation(group), label) for _ in range(permutations)]
    pure, nmi, ami = (float(np.mean([getattr(one, name) for one in drawn])) for name in ("purity", "nmi", "ami"))
    return Agreement(pure, nmi, ami, len(group))


def parts_of_equal_size(values: npt.NDArray[Any], parts: int) -> npt.NDArray[np.int64]:
    """Return groups of equal size by a number, such as how popular an item is: int64 [n], the smallest numbers in 0.

    Args:
        values: [n]; equal ones in their order.
        parts: how many groups.
    """
    place = np.empty(len(values), dtype=np.int64)
    place[np.argsort(values, kind="stable")] = np.arange(len(values))
    return place * parts // max(len(values), 1)
