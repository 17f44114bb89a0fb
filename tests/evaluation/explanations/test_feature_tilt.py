"""What recommended items are said to be, against what is taken and against all."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.feature_tilt import feature_tilt

FEATURES = Incidence.from_pairs(np.array([0, 0, 1, 2, 3]), np.array([0, 1, 1, 2, 0]), (4, 3))
TAKEN = Incidence.from_pairs(np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3]), (4, 4))
LISTS = np.array([[0, 3], [0, -1], [-1, -1], [1, 2]])


def test_against_what_the_same_users_took() -> None:
    found = feature_tilt(LISTS, TAKEN, FEATURES)
    assert found.users == 2  # the third is recommended nothing, the fourth has taken nothing
    lists, taken = np.array([[1, 0.5, 0], [1, 1, 0]]), np.array([[0, 0.5, 0.5], [0, 0, 1]])
    np.testing.assert_allclose(found.recommended, lists.mean(axis=0))
    np.testing.assert_allclose(found.base, taken.mean(axis=0))
    np.testing.assert_allclose(found.difference, [1, 0.5, -0.75])
    half = stats.t.ppf(1 - 0.05 / 2 / 3, 1) * (lists - taken).std(axis=0, ddof=1) / np.sqrt(2)
    np.testing.assert_allclose(found.high - found.difference, half, atol=1e-7)
    np.testing.assert_allclose(found.difference - found.low, half, atol=1e-7)


def test_against_the_catalogue() -> None:
    found = feature_tilt(LISTS, TAKEN, FEATURES, "catalogue")
    assert found.users == 3
    np.testing.assert_allclose(found.base, [0.5, 0.5, 0.25])
    np.testing.assert_allclose(found.difference, np.mean([[1, 0.5, 0], [1, 1, 0], [0, 0.5, 0.5]], axis=0) - found.base)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = feature_tilt(LISTS, TAKEN, FEATURES, "catalogue")
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 1)
    parts = feature_tilt(LISTS, TAKEN, FEATURES, "catalogue")
    np.testing.assert_allclose(parts.low, whole.low)
    np.testing.assert_allclose(parts.base, whole.base)


def test_one_user_has_no_interval_and_none_is_refused() -> None:
    assert np.isnan(feature_tilt(LISTS[:1], TAKEN.rows(np.array([0])), FEATURES).low).all()
    with pytest.raises(UsageError, match="no user has recommendations"):
        feature_tilt(LISTS[2:3], TAKEN.rows(np.array([2])), FEATURES)
