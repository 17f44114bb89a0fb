"""Effects are the same to the precision that scores have."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.verification.agreement import changed, effect_agreement, unchanged


def test_a_millionth_of_the_largest_score_is_no_change() -> None:
    """Of scores up to 20, effects are known to 2e-5: a difference of 1e-5 is none, one of 1e-4 is."""
    assert unchanged(np.array([0.3, -0.5])) == 1e-6
    assert unchanged(np.empty(0)) == 1e-6
    within = unchanged(np.array([3.0, -20.0]))
    assert within == pytest.approx(2e-5)
    stored, measured = np.array([1.0, 2.0, np.nan, 4.0]), np.array([1.00001, 2.0001, 3.0, np.nan])
    assert changed(stored, measured, within).tolist() == [False, True, True, False]
    assert changed(stored, measured).tolist() == [True, True, True, False]
    found = effect_agreement(stored, measured, np.ones(4), within=within)
    assert (found["compared"], found["same"]) == (2, 1)
