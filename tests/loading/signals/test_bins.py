from __future__ import annotations

import numpy as np
import pytest

from graphrec.loading.signals.bins import edge_bins, equal_frequency_edges, width_bins


def edges(numbers: list[float], bins: int) -> list[float]:
    return equal_frequency_edges(np.array(numbers, dtype=float), bins).tolist()


def test_bins_of_equal_frequency_by_hand() -> None:
    assert edges([10, 2, 3, 1, 5, 6, 4, 7, 9, 8], 5) == [3, 5, 7, 9]  # two numbers each
    assert edges([1, 2, 3], 2) == [2]  # one and a half below: one and two are as near, the lower counts
    assert edges([1, 2, 3, 4, 5], 2) == [3]
    assert edges([1, 2], 10) == [2]


def test_bounds_are_as_round_as_they_can_be() -> None:
    assert edges([18.25, 23.75], 2) == [20]
    assert edges([4.991, 4.999], 2) == [4.999]
    assert edges([4.98, 5.01], 2) == [5]
    assert edges([-23.5, -13.5], 2) == [-20]
    assert edges([-3.2, 4.7], 2) == [4]
    assert edges([1 / 3, 2 / 3], 2) == [0.6]
    assert edges([7, 8], 2) == [8]
    assert edges([1e-9, 1e300], 2) == [1e300]


def test_equal_numbers_are_never_in_two_bins() -> None:
    assert edges([0, 0, 0, 0, 7], 2) == [7]  # the only possible bound, however uneven
    assert edges([0] * 60 + list(range(1, 41)), 5) == [1, 21]  # bounds at 20, 40 and 60 % fall together
    assert edges([4, 4, 4], 3) == []
    assert edges([], 3) == []


@pytest.mark.parametrize("seed", range(5))
def test_each_bound_is_the_possible_one_that_is_nearest(seed: int) -> None:
    random = np.random.default_rng(seed)
    numbers = random.integers(0, 30, size=200).astype(float)
    for bins in (2, 3, 7, 50):
        possible = sorted(set(numbers))[1:]
        nearest = {
            min(possible, key=lambda bound: (abs((numbers < bound).sum() - 200 * j / bins), bound))
            for j in range(1, bins)
        }
        assert edges(numbers.tolist(), bins) == sorted(nearest)


def test_a_bin_holds_its_lower_bound_and_not_its_upper_one() -> None:
    bins = edge_bins(np.array([9.99, 10, 24.5, 25, -3, 1e9]), np.array([10.0, 24.5, 25.0]))
    assert bins.to_pylist() == [
        "under 10", "10 to under 24.5", "24.5 to under 25", "25 or more", "under 10", "25 or more",
    ]  # fmt: skip
    assert edge_bins(np.array([1.0, 2.0]), np.array([2.0])).to_pylist() == ["under 2", "2 or more"]


def test_decades() -> None:
    bins = width_bins(np.array([1999, 2000, 1990, 2009.5, -1, 0]), 10)
    assert bins.to_pylist() == [
        "1990 to under 2000", "2000 to under 2010", "1990 to under 2000", "2000 to under 2010", "-10 to under 0",
        "0 to under 10",
    ]  # fmt: skip


def test_widths_that_binary_fractions_cannot_hold() -> None:
    # 0.3 / 0.1 is below 3 and 3 · 0.1 above 0.3: every tenth is the lower bound of its own bin all the same
    tenths = np.array([k / 10 for k in range(50)])
    names = width_bins(tenths, 0.1).to_pylist()
    assert names[:4] == ["0 to under 0.1", "0.1 to under 0.2", "0.2 to under 0.3", "0.3 to under 0.4"]
    assert [name.split(" ")[0] for name in names] == [f"{k / 10:g}" for k in range(50)]


def test_numbers_beyond_all_multiples_have_no_bin() -> None:
    assert width_bins(np.array([1e300, 5.0, -1e300]), 1).to_pylist() == [None, "5 to under 6", None]
    assert width_bins(np.array([1e-300, 1e308]), 1e-5).to_pylist() == ["0 to under 1e-05", None]
