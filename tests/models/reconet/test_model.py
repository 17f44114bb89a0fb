"""RecoNet: the battery for every variant, cold users, and new users without retraining."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.selection import choose
from graphrec.models.recommender import FitContext
from graphrec.models.reconet.config import RecoNetConfig
from graphrec.models.reconet.model import RecoNet
from graphrec.models.reconet.task import RecoNetTask
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request
from graphrec.testing import ModelBattery, frames
from graphrec.testing.toy import NEWCOMER, build, toy
from tests.explainers.handmade import taking

SMALL = {"epochs": 8, "embedding_size": 6, "learning_rate": 0.05, "batch_size": 32}


class TestLinear(ModelBattery):
    cold_by_attributes = True
    learns_from_one = False

    def make(self, **settings: Any) -> RecoNet:
        return RecoNet(**{**SMALL, **settings})


class TestWithLayer(TestLinear):
    def make(self, **settings: Any) -> RecoNet:
        return RecoNet(**{**SMALL, "hidden_size": 5, **settings})


class TestItemsAlone(TestLinear):
    cold_by_attributes = False

    def make(self, **settings: Any) -> RecoNet:
        return RecoNet(**{**SMALL, "item_attributes": False, "user_attributes": False, **settings})


class TestMixedPrecision(TestLinear):
    def make(self, **settings: Any) -> RecoNet:
        return RecoNet(**{**SMALL, "precision": "mixed", **settings})


class TestThinned(TestLinear):
    def make(self, **settings: Any) -> RecoNet:
        return RecoNet(**{**SMALL, "thinning": 0.3, **settings})


@pytest.mark.parametrize("settings", [{}, {"thinning": 0.5, "labels": "left-out", "mask_inputs": True}])
def test_a_sample_of_all_items_trains_the_same_network(settings: dict[str, Any]) -> None:
    """Draws take nothing from the examples' random numbers but their own, so a first step has the same gradients."""
    data = toy()
    gradients = []
    for negatives in (0, 99):
        task = RecoNetTask(data, RecoNetConfig(**SMALL, **settings, negatives=negatives), FitContext())
        batch = next(iter(task.batches(0, np.random.default_rng(0))))
        assert (batch.sampled is None) == (not negatives)
        loss = task.loss(batch)
        gradients.append((loss, *torch.autograd.grad(loss, list(task.network.parameters()))))
    for whole, sampled in zip(*gradients, strict=True):
        torch.testing.assert_close(sampled, whole, atol=1e-6, rtol=1e-5)


def test_sampled_training_is_like_that_of_the_whole_softmax() -> None:
    """Its scores go with those of the whole softmax as well as those of another seed do, a tenth aside."""
    data = toy(n_users=40)
    users = data.users.ids.to_pylist()

    def scores(**changed: Any) -> np.ndarray[Any, Any]:
        return RecoNet(**{**SMALL, "epochs": 40, **changed}).fit(data).score_users(data, users)

    whole = scores()

    def agreement(other: np.ndarray[Any, Any]) -> float:
        pairs = zip(other, whole, strict=True)
        return float(np.mean([np.corrcoef(one, two)[0, 1] for one, two in pairs if one.any()]))

    as_another_seed = agreement(scores(seed=1))
    for chances in ("uniform", "popularity"):
        assert agreement(scores(negatives=8, negatives_by=chances)) > as_another_seed - 0.1


def test_chances_without_draws_are_refused() -> None:
    with pytest.raises(UsageError, match="nothing is drawn: take negatives above 0"):
        RecoNet(negatives_by="popularity")


def test_the_score_is_the_mean_of_vectors_mapped_to_items() -> None:
    """x_u and W x_u calculated from the learned arrays, feature by feature."""
    data = toy()
    model = RecoNet(**SMALL).fit(data)
    arrays = model.arrays()
    user = 4
    items = data.positives.row(user)
    attributes = {int(a) for item in items for a in data.item_attributes.row(item)}
    features = [*items, *(12 + a for a in attributes), *(12 + data.user_attributes.row(user))]
    expected = arrays["output"] @ arrays["features"][features].mean(axis=0)
    np.testing.assert_allclose(model.score_users(data, "u04"), expected, rtol=1e-5)


def test_a_cold_user_is_told_of_the_profile_alone() -> None:
    data = toy()
    model = RecoNet(**SMALL).fit(data)
    rows, reasons = frames(recommend(model, data, Request(users=(NEWCOMER,), against=5)))
    assert len(rows) == 10
    assert set(reasons["evidence"]) == {"user.age=young", "user.gender=F"}
    assert {"profile"} == set(reasons["via"]) == set(reasons["ground"])
    assert reasons["anchor"].isna().all()
    totals = reasons.groupby("item")["weight"].sum()
    np.testing.assert_allclose(totals, rows.sort_values("item")["score"], atol=1e-6)


def test_a_new_users_history_is_scored_without_retraining() -> None:
    """The newcomer's history leads to the taste it shows, in a model that never saw it."""
    data = toy(n_users=40)
    model = RecoNet(**{**SMALL, "epochs": 30, "user_attributes": False}).fit(data)
    even, odd = {"i00": 5.0, "i02": 5.0}, {"i01": 5.0, "i03": 5.0}
    genres = ("item.genre=comedy", "item.genre=drama")
    items = data.items.ids.to_pylist()
    carried = {item: [genres[number % 2]] for number, item in enumerate(items)}
    new = build({"even": even, "odd": odd}, items, carried=carried)
    scores = model.score_users(new, ["even", "odd"])
    assert (model.align(new)[1] == -1).all()
    assert scores[0, 4::2].mean() > scores[0, 5::2].mean()
    assert scores[1, 5::2].mean() > scores[1, 4::2].mean()
    _, reasons = frames(recommend(model, new, Request(k=2)))
    assert set(reasons.query("user == 'even' and label == 'Item'")["evidence"]) <= set(even)


def test_the_only_input_has_no_effect_to_measure() -> None:
    data = toy()
    model = RecoNet(**{**SMALL, "item_attributes": False, "user_attributes": False}).fit(data)
    new = build({"one": {"i03": 5.0}}, data.items.ids.to_pylist())
    _, reasons = frames(recommend(model, new, Request(against=1)))
    assert reasons["effect"].isna().all()
    assert (reasons["share"].abs() == 1).all()


def restored(arrays: dict[str, Any]) -> RecoNet:
    model = RecoNet(item_attributes=False, user_attributes=False)
    model.restore({name: np.array(array, dtype=np.float32) for name, array in arrays.items()})
    return model


def test_the_mean_is_weighted_by_the_strengths() -> None:
    """q = 2 and −4 of the items taken: Σ s q / Σ s is (2 − 2)/1.5 = 0 with the second at half strength."""
    profiles = taking([0, 1], items=3)
    linear = restored({"features": [[2], [-4], [0]], "output": [[1], [0], [3]]})
    slots = history_slots(profiles.items)
    strengths = torch.tensor([[[1.0, 1.0], [1.0, 0.5], [0.5, 0.5], [0.0, 0.25], [1.0, 0.25], [0.0, 0.0]]])
    expected = torch.tensor([-1.0, 0.0, -1.0, -4.0, 0.8, 0.0])[:, None] * torch.tensor([[1.0, 0.0, 3.0]])
    torch.testing.assert_close(linear.score_with(profiles, slots, strengths)[0], expected)
    layered = restored({"features": [[2], [-4], [0]], "hidden": [[1], [-1]], "output": [[1, 0], [0, 0], [1, 10]]})
    after = layered.score_with(profiles, slots, strengths, torch.tensor([[2]]))[0, :, 0]
    assert after.tolist() == pytest.approx([10, 0, 10, 40, 0.8, 0])


def test_held_the_mean_keeps_its_divisor() -> None:
    """q = 2 and −4: Σ s q / 2 is (2 − 2)/2 = 0 with the second at half strength, and −2 with the first off."""
    profiles = taking([0, 1], items=3)
    linear = restored({"features": [[2], [-4], [0]], "output": [[1], [0], [3]]})
    slots = history_slots(profiles.items)
    strengths = torch.tensor([[[1.0, 1.0], [1.0, 0.5], [0.5, 0.5], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]])
    expected = torch.tensor([-1.0, 0.0, -0.5, -2.0, 1.0, 0.0])[:, None] * torch.tensor([[1.0, 0.0, 3.0]])
    torch.testing.assert_close(linear.score_held(profiles, slots, strengths)[0], expected)
    layered = restored({"features": [[2], [-4], [0]], "hidden": [[1], [-1]], "output": [[1, 0], [0, 0], [1, 10]]})
    after = layered.score_held(profiles, slots, strengths, torch.tensor([[2]]))[0, :, 0]
    assert after.tolist() == pytest.approx([10, 0, 5, 20, 1, 0])
    assert (linear.additive_measures, layered.additive_measures) == (("held_effect",), ())


@pytest.mark.parametrize("layer", [{}, {"hidden": [[1], [-1]]}])
def test_the_held_effect_of_an_only_input_is_the_whole_score(layer: dict[str, Any]) -> None:
    """x = 2 and, with the input off, 0: of the layer ReLU(0) is left, and no score."""
    model = restored(
        {"features": [[2], [-4], [0]], "output": [[1, 0], [0, 0], [3, 10]] if layer else [[1], [0], [3]], **layer}
    )
    profiles, items = taking([0], items=3), torch.tensor([[0, 2]])
    evidence = history_slots(profiles.items).weighed(torch.tensor([[[2.0], [6.0]]]))
    chosen = choose(evidence, evidence.filled, reasons=1, against=0)
    scores = model.score(profiles, items)
    assert scores.tolist() == [[2, 6]]
    assert model.held_effects(profiles, items, scores, evidence, chosen).tolist() == [[[2], [6]]]
    assert torch.isnan(model.effects(profiles, items, scores, evidence, chosen)).all()


def test_exact_shapley_values_by_hand() -> None:
    """a = 6, 3, 0: weights 2, 1, 0, effects 1.5, 0, −1.5, H_3 − 1 = 5/6. One of two users has a single input."""
    model = restored({"features": [[6], [3], [0]], "output": [[1], [-2], [0]]})
    exact = model.exact_shapley(taking([0, 1, 2], [1], [], items=3), torch.tensor([[0, 1]] * 3))
    assert exact is not None
    expected = torch.tensor([2 + 1.25, 1.0, -1.25])
    torch.testing.assert_close(exact[0], torch.stack([expected, -2 * expected]))
    assert exact[1:].tolist() == [[[3, 0, 0], [-6, 0, 0]], [[0, 0, 0], [0, 0, 0]]]
    layered = restored({"features": [[6], [3], [0]], "hidden": [[1]], "output": [[1], [-2], [0]]})
    assert layered.exact_shapley(taking([0], items=3), torch.tensor([[0]])) is None
