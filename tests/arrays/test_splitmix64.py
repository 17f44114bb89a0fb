"""The hash of integers, beside the published generator and plain integers of Python."""

from __future__ import annotations

import numpy as np

from graphrec.arrays.splitmix64 import STEP, finalised, hashed

MASK = 2**64 - 1


def by_hand(state: int) -> int:
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
    return state ^ (state >> 31)


def test_it_is_splitmix64() -> None:
    """With seed 0 its first outputs are 0xE220A8397B1DCDAF and 0x6E789E6AA1B965F4, as its authors print them."""
    assert int(hashed(0)) == 0xE220A8397B1DCDAF
    outputs = finalised(np.arange(1, 3, dtype=np.uint64) * STEP)
    assert outputs.tolist() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]


def test_several_keys_follow_one_another() -> None:
    first, second = np.array([3, 2**40]), np.array([[7], [-1]])
    expected = [
        [by_hand(((by_hand((a + int(STEP)) & MASK) ^ (b % 2**64)) + int(STEP)) & MASK) for a in first.tolist()]
        for b in (7, -1)
    ]
    assert hashed(first, second).tolist() == expected
