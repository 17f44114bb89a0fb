"""How steeply a cost grows: the slope in log–log with its interval, and how far it is above a straight line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Slope:
    """The exponent b of cost = a · size^b, by least squares of the logarithms.

    Attributes:
        value: b; 1 is a straight line through the origin.
        low: end of the interval of 95 % by Student's t, NaN with fewer than three measurements.
        high: its other end.
        above_linear: cost of the largest size over that of the smallest, each for one interaction or item.
    """

    value: float
    low: float
    high: float
    above_linear: float

    @classmethod
    def of(cls, sizes: Sequence[float], costs: Sequence[float]) -> Slope | None:
        """Return the slope, None where there are fewer than two sizes.

        Args:
            sizes: of each measurement.
            costs: likewise, above 0.
        """
        x, y = np.log(np.asarray(sizes, dtype=np.float64)), np.log(np.asarray(costs, dtype=np.float64))
        if len(np.unique(x)) < 2:
            return None
        centred = x - x.mean()
        value = float(centred @ y / (centred @ centred))
        half = float("nan")
        if len(x) > 2:
            left = y - y.mean() - value * centred
            error = np.sqrt(left @ left / (len(x) - 2) / (centred @ centred))
            half = float(stats.t.ppf(0.975, len(x) - 2) * error)
        means = [np.exp(y[x == end].mean() - end) for end in (x.max(), x.min())]
        return cls(value, value - half, value + half, float(means[0] / means[1]))

    def __str__(self) -> str:
        interval = "" if np.isnan(self.low) else f" ({self.low:.2f} to {self.high:.2f})"
        return f"{self.value:.2f}{interval}, {self.above_linear:.2f} × linear"
