"""One method against another on the same pairs, and every method against Random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.evaluation.explanations.bands import Band, band_of, json_value
from graphrec.evaluation.explanations.fidelity import area
from graphrec.evaluation.explanations.mann_whitney import MannWhitney, mann_whitney

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.explanations.fidelity import Fidelity
    from graphrec.evaluation.explanations.shift import Shift


@dataclass(frozen=True, eq=False)
class Paired:
    """One number of two methods on the same pairs.

    Attributes:
        difference: first minus second, mean with its 95 % interval.
        won: float64 [...], share of pairs on which the first is greater; NaN where none was measured.
        lost: float64 [...], share on which it is smaller; the rest is level.
        pairs: int64 [...], pairs measured by both.
    """

    difference: Band
    won: npt.NDArray[np.float64]
    lost: npt.NDArray[np.float64]
    pairs: npt.NDArray[np.int64]

    @property
    def beats(self) -> npt.NDArray[np.bool_]:
        """Whether the interval of the difference lies above zero, bool [...]; false where there is no interval."""
        return np.asarray(self.difference.low > 0)

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        shares = {name: json_value(getattr(self, name)) for name in ("won", "lost", "pairs", "beats")}
        return {"difference": self.difference.to_dict(), **shares}


def paired(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> Paired:
    """Compare two methods.

    Args:
        first: [B, k, ...], NaN where not measured; greater is better.
        second: of the same pairs.
    """
    difference = first - second
    pairs = (~np.isnan(difference)).sum(axis=(0, 1))
    count = np.where(pairs > 0, pairs, np.nan)
    won, lost = ((part.sum(axis=(0, 1)) / count) for part in (difference > 0, difference < 0))
    return Paired(band_of(difference), np.asarray(won), np.asarray(lost), np.asarray(pairs))


@dataclass(frozen=True, eq=False)
class Comparison:
    """One method against another. Differences are so signed that a positive one speaks for the first.

    Attributes:
        test: Mann–Whitney U of Δŷ at each number of reasons.
        drop: difference in comprehensiveness at each number of reasons.
        hold: difference in sufficiency at each number of reasons, the second's minus the first's.
        comprehensiveness: difference in the area of comprehensiveness.
        sufficiency: difference in the area of sufficiency, the second's minus the first's.
        shift: difference in recall lost at each n; None where shift was not measured.
    """

    test: MannWhitney
    drop: Paired
    hold: Paired
    comprehensiveness: Paired
    sufficiency: Paired
    shift: Paired | None

    @property
    def beats(self) -> bool:
        """Whether the first's area of comprehensiveness lies above the second's, with the whole interval."""
        return bool(self.comprehensiveness.beats)

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        names = ("test", "drop", "hold", "comprehensiveness", "sufficiency", "shift")
        parts = {name: getattr(self, name) for name in names}
        return {"beats": self.beats, **{name: part if part is None else part.to_dict() for name, part in parts.items()}}


def comparison(
    first: Fidelity, second: Fidelity, first_shift: Shift | None = None, second_shift: Shift | None = None
) -> Comparison:
    """Compare two methods at the sizes at which both were measured; a short order has no others.

    Args:
        first: of the method that is judged.
        second: of the one beside it, at the same sizes of the same pairs.
        first_shift: likewise.
        second_shift: likewise.
    """
    dropped = _both(first.comprehensiveness(), second.comprehensiveness())
    held = _both(second.sufficiency(), first.sufficiency())
    shift = None
    if first_shift is not None and second_shift is not None:
        shift = paired(-first_shift.after[:, None], -second_shift.after[:, None])
    return Comparison(
        test=mann_whitney(first.delta, second.delta, first.sizes),
        drop=paired(*dropped),
        hold=paired(*held),
        comprehensiveness=paired(*(area(curve) for curve in dropped)),
        sufficiency=paired(*(area(curve) for curve in held)),
        shift=shift,
    )


def _both(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return two curves with NaN wherever one of them has it."""
    both = ~np.isnan(first) & ~np.isnan(second)
    return np.where(both, first, np.nan), np.where(both, second, np.nan)
