"""Do clusters survive another seed? Adjusted mutual information of every two fits, beside permuted clusters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.clusters.agreement import NOWHERE
from graphrec.evaluation.clusters.scikit_learn import mutual_information

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


@dataclass(frozen=True)
class SeedAgreement:
    """Adjusted mutual information between the clusterings of F fits.

    Attributes:
        between: of every two fits, F (F − 1) / 2.
        permuted: the same, one of the two permuted.
    """

    between: tuple[float, ...]
    permuted: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON."""
        return {"between": list(self.between), "permuted": list(self.permuted)}


def seed_agreement(clusterings: Sequence[npt.NDArray[np.int64]], *, seed: int = 0) -> SeedAgreement:
    """Compare clusterings of the same things by fits of several seeds.

    Args:
        clusterings: of each fit the cluster of each thing, int64 [n]; −1 for none, which is left out of the pair.
        seed: of the permutations.

    Raises:
        UsageError: fewer than two clusterings, or two that have nothing in common.
        MissingExtraError: scikit-learn is not installed.
    """
    if len(clusterings) < 2:
        raise UsageError("one clustering cannot be compared with itself", remedy="Give two or more, of different seeds")
    rng = np.random.default_rng(seed)
    between, permuted = [], []
    for first, second in combinations(clusterings, 2):
        both = (first > NOWHERE) & (second > NOWHERE)
        if not both.any():
            raise UsageError("nothing belongs to a cluster in both of two fits", remedy="Fit them on the same data")
        between.append(mutual_information(first[both], second[both])[1])
        permuted.append(mutual_information(first[both], rng.permutation(second[both]))[1])
    return SeedAgreement(tuple(between), tuple(permuted))
