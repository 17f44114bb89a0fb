"""Rows of unequal length as a rectangle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def padded(values: npt.NDArray[Any], counts: npt.NDArray[np.int64], *, fill: int = -1) -> npt.NDArray[Any]:
    """Return the values of each row as a rectangle [rows, longest row], filled up behind the last.

    Args:
        values: of all rows, one row after the other.
        counts: int64 [rows], how many each row has.
        fill: what stands where a row has no more.
    """
    rectangle = np.full((len(counts), int(counts.max(initial=0))), fill, dtype=values.dtype)
    rectangle[np.arange(rectangle.shape[1]) < counts[:, None]] = values
    return rectangle
