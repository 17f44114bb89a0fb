from __future__ import annotations

import numpy as np
import pytest

from graphrec.evaluation.explanations.bands import band_of, json_value

NAN = float("nan")


def test_students_interval_by_hand():
    band = band_of(np.array([[1.0], [2.0], [3.0]]))
    # mean 2, standard deviation 1, t of 2 degrees 4.302653: 4.302653 / √3
    assert (band.mean, band.users) == (2.0, 3)
    assert band.low == pytest.approx(2 - 2.484138, abs=1e-6)
    assert band.high == pytest.approx(2 + 2.484138, abs=1e-6)


def test_pairs_of_one_user_count_once():
    several = band_of(np.array([[0.0, 2.0], [2.0, NAN], [3.0, 3.0]]))
    single = band_of(np.array([[1.0], [2.0], [3.0]]))
    assert several.to_dict() == single.to_dict()


def test_a_curve_counts_those_who_reach_each_size():
    band = band_of(np.array([[[1.0, 5.0, NAN]], [[3.0, NAN, NAN]]]))
    assert band.users.tolist() == [2, 1, 0]
    assert band.to_dict() == {
        "mean": [2.0, 5.0, None],
        "low": [pytest.approx(2 - 12.706205), None, None],
        "high": [pytest.approx(2 + 12.706205), None, None],
        "users": [2, 1, 0],
    }


def test_plain_takes_arrays_numbers_and_what_is_not_finite():
    assert json_value(np.array([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]
    assert json_value(np.float64("inf")) is None
    assert json_value(np.bool_(1)) is True
