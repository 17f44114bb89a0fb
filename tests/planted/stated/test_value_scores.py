"""Scores of values from reasons, against loops and hand-made numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.explainer import Claim, Explainer
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.ease import EASE
from graphrec.models.reconet.model import RecoNet
from graphrec.planted.stated.carried import ATTRIBUTE, ENTITY, ITEM, CarriedValues, changed_places, contrast
from graphrec.planted.stated.config import StatedConfig
from graphrec.planted.stated.planting import plant_tastes
from graphrec.planted.stated.stated_truth import StatedTruth
from graphrec.planted.stated.value_scores import value_scores
from graphrec.planted.stated.yardsticks import COUNT, OF_CATALOGUE, OF_GROUP, POPULARITY, yardsticks
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    import torch

USERS = np.array([3, 7, 8, 40])


@pytest.fixture(scope="module")
def planted() -> tuple[Dataset, StatedTruth]:
    found = plant_tastes(StatedConfig.read({"users": 60, "items": 50, "interactions": 9, "values": 7, "seed": 3}))
    dataset = found.dataset()
    return dataset, StatedTruth.of(found.truth, dataset)


@pytest.fixture(scope="module")
def ease(planted: tuple[Dataset, StatedTruth]) -> EASE:
    return EASE(reg=5.0, attribute_weight=2.0).fit(planted[0])


def dense(incidence: Incidence) -> Any:
    return incidence.csr(np.float64).toarray()


class Even(Explainer):
    """Every input weighs one."""

    def weigh(self, model: Any, profiles: Any, items: torch.Tensor) -> Any:
        slots = model.inputs(profiles)
        return slots.weighed(slots.filled[:, None, :].float().repeat(1, items.shape[1], 1))

    def claim(self, model: Any) -> Claim:
        return Claim("perturbation")


def test_a_contrast_compares_items_with_a_value_to_those_without() -> None:
    carries = np.array([[1, 0, 1], [1, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1]])
    half, third = 1 / 2, -1 / 3
    assert contrast(carries).T.tolist() == [[half, half, third, third, third], [0] * 5, [0] * 5]


def test_places_are_changed_among_what_a_row_has() -> None:
    owned = Incidence.from_pairs(np.array([0, 0, 0, 2]), np.array([1, 3, 4, 2]), (3, 6))
    seen = set()
    for seed in range(60):
        places = changed_places(owned, np.random.default_rng(seed))
        assert sorted(places[0, [1, 3, 4]]) == [1, 3, 4]
        assert places[0, [0, 2, 5]].tolist() == [0, 2, 5]
        assert places[1:].tolist() == [list(range(6))] * 2
        seen.add(tuple(places[0]))
    assert len(seen) == 6  # all orders of three


def test_nodes_carry_what_they_are_linked_to(planted: tuple[Dataset, StatedTruth]) -> None:
    dataset, truth = planted
    model = RecoNet(epochs=1, embedding_size=4).fit(dataset)
    data, rows = model.align(dataset)
    slots = model.inputs(profiles_of(data, rows, USERS))
    carried = CarriedValues(truth).of(slots)
    for user, slot in np.ndindex(slots.labels.shape):
        label, node = slots.labels[user, slot], slots.nodes[user, slot]
        expected = np.zeros(7)
        if label == ITEM:
            expected = dense(truth.carries)[node]
        elif label in (ATTRIBUTE, ENTITY):
            name = dataset.attributes.ids[int(node)].as_py()
            expected = np.array([value == name for value in truth.values.to_pylist()])
        assert carried[user, slot].tolist() == expected.tolist()


def test_equal_weights_are_the_count_and_so_is_their_control(planted: tuple[Dataset, StatedTruth], ease: EASE) -> None:
    dataset, truth = planted
    scores = value_scores(ease, Even(), dataset, truth, USERS, lift=False)
    count = 9 * yardsticks(dataset, truth)[COUNT][USERS]
    assert scores.own == pytest.approx(count)
    assert scores.control == pytest.approx(count)


def test_in_the_control_a_value_stands_for_another_one_of_the_same_user(planted: tuple[Dataset, StatedTruth]) -> None:
    dataset, truth = planted
    model = RecoNet(epochs=1, embedding_size=4).fit(dataset)
    data, rows = model.align(dataset)
    profiles = profiles_of(data, rows, np.arange(60))
    slots = model.inputs(profiles)
    itself = CarriedValues(truth).of(slots)
    other = CarriedValues.shuffled(truth, profiles.items, np.random.default_rng(0)).of(slots)
    is_value = (slots.labels == ATTRIBUTE) & (itself.sum(axis=2) > 0)
    for user in range(60):
        here, there = itself[user][is_value[user]], other[user][is_value[user]]
        assert (there.sum(axis=1) == 1).all()
        assert (here.sum(axis=0) == there.sum(axis=0)).all()
    # of n values in places drawn at random, one stays where it was on average
    stayed = (itself[is_value] == other[is_value]).all(axis=1).sum()
    assert stayed < 2 * 60


def test_nodes_that_are_a_value_change_places_among_those_that_the_user_reaches(
    planted: tuple[Dataset, StatedTruth],
) -> None:
    dataset, truth = planted
    model = RecoNet(epochs=1, embedding_size=4).fit(dataset)
    even = value_scores(model, Even(), dataset, truth, USERS, lift=False)
    count = 9 * yardsticks(dataset, truth)[COUNT][USERS]
    assert even.own == pytest.approx(count + (count > 0))
    assert even.control == pytest.approx(even.own)
    own = value_scores(model, ModelExplainer(), dataset, truth, USERS, lift=False)
    assert not np.isclose(own.own, own.control).all(axis=1).any()


def test_weights_are_added_up_over_the_recommended_items(planted: tuple[Dataset, StatedTruth], ease: EASE) -> None:
    dataset, truth = planted
    scores = value_scores(ease, ModelExplainer(), dataset, truth, USERS, lift=False, k=3)
    weights, taken = ease.arrays()["item_weights"], dense(dataset.positives)
    items, _ = top_items((taken[USERS] @ weights).astype(np.float32), dataset.taken.rows(USERS), np.ones(50, bool), 3)
    for row, user in enumerate(USERS):
        for value in range(7):
            j = [item for item in np.flatnonzero(taken[user]) if dense(truth.carries)[item, value]]
            expected = sum(weights[one, i] for one in j for i in items[row]) / 3
            assert scores.own[row, value] == pytest.approx(expected, abs=1e-5)


def test_a_joint_effect_is_what_the_scores_lose(planted: tuple[Dataset, StatedTruth]) -> None:
    """RecoNet's renormalises: the scores without all inputs of a value are those of another user."""
    dataset, truth = planted
    model = RecoNet(epochs=2, embedding_size=8, item_attributes=False).fit(dataset)
    lift = value_scores(model, None, dataset, truth, USERS, lift=True).own
    recommended = value_scores(model, None, dataset, truth, USERS, lift=False, k=4).own
    arrays, carries = model.arrays(), dense(truth.carries)
    taken, own = dense(dataset.positives), dense(dataset.user_attributes)
    for row, user in enumerate(USERS):

        def scores(items: Any, user: int = user) -> Any:
            inputs = np.concatenate([items, own[user]])
            return arrays["output"] @ (inputs @ arrays["features"] / inputs.sum())

        whole = scores(taken[user])
        best = np.argsort(np.where(taken[user] > 0, np.inf, -whole))[:4]
        for value in range(7):
            lost = whole - scores(taken[user] * (1 - carries[:, value]))
            with_it = carries[:, value] > 0
            assert recommended[row, value] == pytest.approx(lost[best].mean(), abs=1e-5)
            assert lift[row, value] == pytest.approx(lost[with_it].mean() - lost[~with_it].mean(), abs=1e-5)


def test_for_an_additive_model_joint_effects_are_added_weights(
    planted: tuple[Dataset, StatedTruth], ease: EASE
) -> None:
    dataset, truth = planted
    for lift in (False, True):
        joint, added = (
            value_scores(ease, explainer, dataset, truth, USERS, lift=lift, seed=2)
            for explainer in (None, ModelExplainer())
        )
        assert joint.own == pytest.approx(added.own, abs=1e-5)
        assert joint.control == pytest.approx(added.control, abs=1e-5)
        assert np.abs(joint.own - joint.control).max() > 1e-3


def test_yardsticks_of_three_users() -> None:
    """Two of one group and one of another; three films, the first of both values."""
    frame = {"user": ["a", "a", "b", "c", "c"], "item": ["x", "y", "y", "x", "z"]}
    dataset = Dataset.from_pandas(pd.DataFrame(frame))
    carries = Incidence.from_pairs(np.array([0, 0, 1]), np.array([0, 1, 1]), (3, 2))
    truth = StatedTruth(pa.array(["v", "w"]), np.zeros((3, 2), np.int8), carries, *2 * (np.empty(0),))
    found = yardsticks(dataset, truth)
    assert found[POPULARITY].tolist() == [[0.4, 0.8]] * 3
    assert found[COUNT].tolist() == [[0.5, 1], [0, 1], [0.5, 0.5]]
    assert found[OF_CATALOGUE].tolist() == [[0.5, 0.5], [0, 0.5], [0.5, 0.25]]
    # nobody has attributes, so that all are one group
    assert found[OF_GROUP] == pytest.approx(found[COUNT] - found[COUNT].mean(axis=0))
