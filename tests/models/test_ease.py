"""EASE: the battery, and its closed form against a direct calculation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.models import ease
from graphrec.models.ease import EASE
from graphrec.testing import ModelBattery
from graphrec.testing.knowledge import toy_with_knowledge, with_facts
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset


class TestPlain(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, **settings})


class TestCollective(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, "attribute_weight": 2.0, **settings})


class TestCollectiveWithEntities(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, "attribute_weight": 2.0, "entity_weight": 1.0, **settings})

    def make_dataset(self) -> Dataset:
        return toy_with_knowledge()


def test_two_items_by_hand() -> None:
    """X = [[1, 1], [1, 0]], λ = 1: G = [[3, 1], [1, 2]], P = [[2, −1], [−1, 3]] / 5, B = [[0, 1/3], [1/2, 0]]."""
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    model = EASE(reg=1.0).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], [[0, 1 / 3], [1 / 2, 0]], atol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "both"), [1 / 2, 1 / 3], atol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "one"), [0, 1 / 3], atol=1e-6)


@pytest.mark.parametrize(("attributes", "entities"), [(0.0, 0.0), (0.7, 0.0), (0.0, 1.3), (0.7, 1.3)])
def test_the_formula(attributes: float, entities: float) -> None:
    """Collective EASE is plain EASE on interactions with √weight × attribute and entity rows stacked under them."""
    data = toy_with_knowledge()
    rows = [data.positives.csr(np.float64).toarray()]
    rows += [
        np.sqrt(weight) * carried.csr(np.float64).toarray().T
        for weight, carried in ((attributes, data.item_attributes), (entities, data.item_entities))
    ]
    stacked = np.vstack(rows)
    precision = np.linalg.inv(stacked.T @ stacked + 3.0 * np.eye(len(data.items)))
    expected = np.eye(len(data.items)) - precision / np.diag(precision)
    model = EASE(reg=3.0, attribute_weight=attributes, entity_weight=entities).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], expected, atol=1e-6)


def test_an_entity_that_two_items_share_by_hand() -> None:
    """One user took a and b, another a; both items are by Ito, entity_weight 2, λ = 1.

    G = [[2 + 2 + 1, 1 + 2], [1 + 2, 1 + 2 + 1]] = [[5, 3], [3, 4]], P = [[4, −3], [−3, 5]] / 11,
    B = [[0, 3/5], [3/4, 0]]: with the entity, each item speaks more for the other than the 1/3 and 1/2 without it.
    """
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    data = with_facts(data, [("a", "by", "Ito"), ("b", "by", "Ito")], ["Ito"])
    model = EASE(reg=1.0, entity_weight=2.0).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], [[0, 3 / 5], [3 / 4, 0]], atol=1e-6)


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


def test_half_an_input_counts_half() -> None:
    """B is [[0, 1/3], [1/2, 0]] as above: b weighs 1/2 for a, and a weighs 1/3 for b, times their strengths."""
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    model = EASE(reg=1.0).fit(data)
    profiles = profiles_of(*model.align(data), np.array([0]))
    strengths = torch.tensor([[[1.0, 0.5], [0.25, 0.0], [0.0, 1.0]]], requires_grad=True)
    for items in (None, torch.tensor([[0, 1]])):
        scores = model.score_with(profiles, model.inputs(profiles), strengths, items)
        torch.testing.assert_close(scores, torch.tensor([[[1 / 4, 1 / 3], [0, 1 / 12], [1 / 2, 0]]]))
        (gradient,) = torch.autograd.grad(scores[0, :, 1].sum() + 2 * scores[0, :, 0].sum(), strengths)
        torch.testing.assert_close(gradient, torch.tensor([[[1 / 3, 1.0]] * 3]))
