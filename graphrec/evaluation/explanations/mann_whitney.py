"""Do scores fall further than by chance? The Mann–Whitney U test of Δŷ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from graphrec.evaluation.explanations.bands import json_value

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class MannWhitney:
    """Whether Δŷ of a method lies below that of random evidence, at each of T sizes.

    Source: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the
    Other", 1947; Fusco et al., "RecoNet", IJCAI 2019, section 5.4 and Figure 7, for the first evidence.

    Attributes:
        sizes: T numbers of reasons.
        u: float64 [T], of the method: how often it lies above random, counting ties half.
        p_two_sided: float64 [T], of the samples coming from one distribution.
        p_less: float64 [T], of that, against the method lying below.
        below: float64 [T], the chance that a draw of the method is below one of random, 1 − U / (n m).
        pairs: int64 [T], n = m, pairs measured.
    """

    sizes: tuple[int, ...] | tuple[float, ...]
    u: npt.NDArray[np.float64]
    p_two_sided: npt.NDArray[np.float64]
    p_less: npt.NDArray[np.float64]
    below: npt.NDArray[np.float64]
    pairs: npt.NDArray[np.int64]

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists for JSON; null for NaN."""
        arrays = {name: json_value(getattr(self, name)) for name in ("u", "p_two_sided", "p_less", "below", "pairs")}
        return {"sizes": list(self.sizes), **arrays}


def mann_whitney(
    top: npt.NDArray[np.float64], chance: npt.NDArray[np.float64], sizes: tuple[int, ...] | tuple[float, ...]
) -> MannWhitney:
    """Test Δŷ of a method against that of random evidence of the same number.

    Only the first item of each user counts, as in the paper: pairs of one user are no independent draws. The test
    treats both samples as independent; that they are of the same pairs, and so rise and fall together, makes its
    p-values larger rather than smaller.

    Args:
        top: float64 [B, k, T], Δŷ of the method; NaN where not measured.
        chance: float64 [B, k, T], of random evidence.
        sizes: T.
    """
    rows = []
    for size in range(len(sizes)):
        first, second = (values[:, 0, size][~np.isnan(values[:, 0, size])] for values in (top, chance))
        if not len(first) or not len(second):
            rows.append((np.nan, np.nan, np.nan, np.nan, 0))
            continue
        two_sided = stats.mannwhitneyu(first, second, alternative="two-sided")
        less = stats.mannwhitneyu(first, second, alternative="less")
        below = 1 - two_sided.statistic / (len(first) * len(second))
        rows.append((two_sided.statistic, two_sided.pvalue, less.pvalue, below, len(first)))
    u, both, one, below, pairs = (np.array(column) for column in zip(*rows, strict=True))
    return MannWhitney(sizes, u, both, one, below, pairs.astype(np.int64))
