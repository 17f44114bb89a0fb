"""Numbers that look random and follow from integers alone, by the finaliser of SplitMix64.

Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

STEP = np.uint64(0x9E3779B97F4A7C15)
"""What the state of SplitMix64 grows by from number to number."""

_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def finalised(states: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the states with every bit depending on every other one."""
    with np.errstate(over="ignore"):  # arithmetic is modulo 2⁶⁴
        numbers = (states ^ (states >> np.uint64(30))) * _FIRST
        numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
        return numbers ^ (numbers >> np.uint64(31))


def hashed(*keys: npt.NDArray[Any] | int) -> npt.NDArray[np.uint64]:
    """Return one number for each combination of integers, which broadcast against each other."""
    with np.errstate(over="ignore"):
        numbers = np.zeros((), dtype=np.uint64)
        for key in keys:
            numbers = finalised((numbers ^ np.asarray(key).astype(np.uint64)) + STEP)
    return numbers
