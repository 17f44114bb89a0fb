"""EASE: the battery, and its closed form against a direct calculation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphrec.errors import ModelError, UsageError
from graphrec.models import ease
from graphrec.models.ease import EASE
from graphrec.testing import ModelBattery
from graphrec.testing.toy import build, toy


class TestPlain(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, **settings})


class TestCollective(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, "attribute_weight": 2.0, **settings})


def test_two_items_by_hand() -> None:
    """X = [[1, 1], [1, 0]], λ = 1: G = [[3, 1], [1, 2]], P = [[2, −1], [−1, 3]] / 5, B = [[0, 1/3], [1/2, 0]]."""
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    model = EASE(reg=1.0).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], [[0, 1 / 3], [1 / 2, 0]], atol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "both"), [1 / 2, 1 / 3], atol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "one"), [0, 1 / 3], atol=1e-6)


@pytest.mark.parametrize("weight", [0.0, 0.7])
def test_the_formula(weight: float) -> None:
    """Collective EASE is plain EASE on interactions with √weight × attribute rows stacked under them."""
    data = toy()
    stacked = np.vstack(
        [data.positives.csr(np.float64).toarray(), np.sqrt(weight) * data.item_attributes.csr(np.float64).toarray().T]
    )
    precision = np.linalg.inv(stacked.T @ stacked + 3.0 * np.eye(len(data.items)))
    expected = np.eye(len(data.items)) - precision / np.diag(precision)
    model = EASE(reg=3.0, attribute_weight=weight).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], expected, atol=1e-6)


def test_a_catalogue_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease, "MAX_ITEMS", 5)
    with pytest.raises(ModelError, match="12 items are too many"):
        EASE().fit(toy())


def test_weights_that_are_no_numbers_are_no_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease, "_inverse", lambda gram: np.full_like(gram, np.nan))
    model = EASE()
    with pytest.raises(ModelError, match="weights that are no finite numbers"):
        model.fit(toy())
    with pytest.raises(ModelError):
        _ = model.record


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"reg": -1}, "'reg'"),
        ({"reg": float("inf")}, "'reg'"),
        ({"seed": 2**63}, "'seed'"),
        ({"size": 3}, "'size'"),
        ({"reg": "x"}, "'reg'"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        EASE(**settings)
