"""Means with 95 % confidence intervals, of values that several pairs of one user may share."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    import numpy.typing as npt

CONFIDENCE = 0.95
"""Of every interval here."""


@dataclass(frozen=True, eq=False)
class Band:
    """Means with their confidence intervals; scalars, or curves over T sizes.

    Attributes:
        mean, low, high: float64 [...]; NaN where nobody was measured, and for the interval, where only one was.
        users: int64 [...], how many were measured.
    """

    mean: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    users: npt.NDArray[np.int64]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        return {name: json_value(getattr(self, name)) for name in ("mean", "low", "high", "users")}


def band_of(values: npt.NDArray[Any]) -> Band:
    """Return the mean over users with Student's 95 % interval of that mean.

    The unit is the user: pairs of one user share inputs and are not independent, so that their mean counts once. With
    one item a user this is the mean over pairs, as in the paper's Figure 6.

    Args:
        values: [B, k, ...]; NaN where a pair was not measured.
    """
    of_user = mean_without_nan(np.asarray(values, dtype=np.float64), axis=1)
    users = (~np.isnan(of_user)).sum(axis=0)
    mean = mean_without_nan(of_user, axis=0)
    squares = np.nansum((of_user - mean) ** 2, axis=0)
    free = np.maximum(users - 1, 1)
    half = stats.t.ppf((1 + CONFIDENCE) / 2, free) * np.sqrt(squares / free / np.maximum(users, 1))
    half = np.where(users > 1, half, np.nan)
    return Band(mean, mean - half, mean + half, users)


def mean_without_nan(values: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    """Return the mean of what is not NaN; NaN where nothing is left."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice", RuntimeWarning)
        mean: npt.NDArray[np.float64] = np.asarray(np.nanmean(values, axis=axis))
    return mean


def json_value(values: Any) -> Any:
    """Return numbers and arrays as JSON takes them: lists, and None for what is not finite."""
    if isinstance(values, np.ndarray) and values.ndim:
        return [json_value(value) for value in values]
    number = values.item() if hasattr(values, "item") else values
    return number if not isinstance(number, float) or np.isfinite(number) else None
