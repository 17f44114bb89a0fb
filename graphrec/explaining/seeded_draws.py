"""Random numbers that depend on the user and the input that they are drawn for, not on the order of the draws.

Each is a hash of the seed, the user's inputs and whatever else names it. So the same pair of user and item gets the
same numbers in any batch, beside any padding, and no generator is passed around.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.splitmix64 import hashed

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots


def uniform(*keys: npt.NDArray[Any] | int) -> npt.NDArray[np.float64]:
    """Return numbers in (0, 1), one for each combination of integers, which broadcast against each other."""
    return ((hashed(*keys) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def slot_keys(slots: Slots) -> npt.NDArray[np.uint64]:
    """Return a number for the node in each slot, uint64 [B, n]; 0 in padding."""
    keys = hashed(slots.labels.astype(np.int64), slots.nodes.astype(np.int64))
    return np.where(slots.labels >= 0, keys, np.uint64(0))


def user_keys(profiles: Profiles, slots: Slots) -> npt.NDArray[np.uint64]:
    """Return a number for each user, uint64 [B].

    A model never learns who a user is, so that two new users with the same inputs are the same user here too.
    """
    with np.errstate(over="ignore"):
        inputs = slot_keys(slots).sum(axis=1, dtype=np.uint64)
    return hashed(profiles.known.astype(np.int64), inputs)
