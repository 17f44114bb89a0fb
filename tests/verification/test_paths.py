"""Recency, popularity and diversity of paths, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.verification.paths import Paths, path_quality, smoothed

NAN = np.nan


def test_smoothing_is_the_papers_recursion_scaled_within_each_group() -> None:
    values = np.array([30.0, 10.0, 20.0, 5.0, 1.0, 7.0, 7.0, NAN])
    groups = np.array([0, 0, 0, 1, 1, 2, 2, 0])
    # group 0: 10, .7·10 + .3·20 = 13, .7·13 + .3·30 = 18.1; group 1: 1, .7·1 + .3·5 = 2.2; group 2 is flat
    expected = [1.0, 0.0, 3 / 8.1, 1.0, 0.0, NAN, NAN, NAN]
    np.testing.assert_allclose(smoothed(values, groups), expected, atol=1e-12)


def test_equal_values_share_that_of_the_last_of_them() -> None:
    # 1, .7·1 + .3·1 = 1 (both ones: 1), .7·1 + .3·3 = 1.6, .7·1.6 + .3·3 = 2.02 (both threes), .7·2.02 + .3·9 = 4.114
    found = smoothed(np.array([3.0, 1.0, 9.0, 3.0, 1.0]), np.zeros(5, dtype=np.int64))
    np.testing.assert_allclose(found, [1.02 / 3.114, 0, 1, 1.02 / 3.114, 0], atol=1e-12)


def test_smoothing_agrees_with_a_plain_loop_on_many_groups() -> None:
    rng = np.random.default_rng(3)
    groups = rng.integers(0, 40, 2000)
    values = rng.integers(9 * 10**8, 10**9, 2000).astype(float)
    found = smoothed(values, groups, 0.3)
    for group in range(40):
        mine = np.flatnonzero(groups == group)
        order = mine[np.argsort(values[mine])]
        levels = [values[order[0]]]
        for value in values[order[1:]]:
            levels.append(0.7 * levels[-1] + 0.3 * value)
        scaled = (np.array(levels) - min(levels)) / (max(levels) - min(levels))
        np.testing.assert_allclose(found[order], scaled, atol=1e-9)


def test_nothing_to_smooth() -> None:
    assert smoothed(np.empty(0), np.empty(0, dtype=np.int64)).shape == (0,)
    assert np.isnan(smoothed(np.array([NAN, NAN]), np.zeros(2, dtype=np.int64))).all()


PATHS = Paths(
    link=np.array([[5, 5, 6, -1], [-1, 1, 1, 2]]),
    shared=np.array([[-1, 8, 8, -1], [-1, -1, -1, -1]]),
    kind=np.array([[0, 3, 3, 4], [-1, 0, 0, 0]]),
    recency=np.array([[0.2, 0.2, 0.8, NAN], [NAN, NAN, 1.0, NAN]]),
    popularity=np.array([[NAN, 0.5, 0.1, NAN], [NAN] * 4]),
)


@pytest.mark.parametrize(
    ("k", "types", "expected"),
    [
        (1, 5, {"LIR": [0.2, NAN], "SEP": [NAN, NAN], "LID": [1, NAN], "SED": [NAN, NAN], "PTD": [1, NAN],
                "PTC": [NAN, NAN]}),
        (3, 5, {"LIR": [0.4, 1.0], "SEP": [0.3, NAN], "LID": [2 / 3, 1 / 2], "SED": [1 / 2, NAN],
                "PTD": [2 / 3, 1 / 2], "PTC": [1 - 2 / 6, 0]}),
        (4, 2, {"LIR": [0.4, 1.0], "SEP": [0.3, NAN], "LID": [2 / 3, 2 / 3], "SED": [1 / 2, NAN],
                "PTD": [3 / 2, 1 / 2], "PTC": [1 - 2 / 12, 0]}),
        (10, 9, {"PTD": [3 / 4, 1 / 3], "PTC": [1 - 2 / 12, 0]}),
    ],
)  # fmt: skip
def test_qualities_of_two_lists_by_hand(k: int, types: int, expected: dict[str, list[float]]) -> None:
    found = path_quality(PATHS, k, types)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, err_msg=name)
