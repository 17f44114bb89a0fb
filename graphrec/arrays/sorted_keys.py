"""Looking numbers up among ascending keys, such as those of pairs: row · columns + column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def positions_of(keys: npt.NDArray[Any], numbers: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return where each number stands among the keys, the first of equal ones; −1 where it is none of them.

    Args:
        keys: [n], ascending.
        numbers: of the same type, any shape.

    Returns:
        int64, of the shape of the numbers.
    """
    if not len(keys):
        return np.full(numbers.shape, -1, dtype=np.int64)
    places = _candidates(keys, numbers)
    return np.where(keys[places] == numbers, places, -1)


def among(keys: npt.NDArray[Any], numbers: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return for each number whether it is one of the ascending keys; arguments as for ``positions_of``."""
    if not len(keys):
        return np.zeros(numbers.shape, dtype=np.bool_)
    is_key: npt.NDArray[np.bool_] = keys[_candidates(keys, numbers)] == numbers
    return is_key


def _candidates(keys: npt.NDArray[Any], numbers: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the only place where each number may stand."""
    places: npt.NDArray[np.int64] = np.minimum(np.searchsorted(keys, numbers), len(keys) - 1)
    return places
