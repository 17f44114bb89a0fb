"""FM: the battery of what scores without saying why, and the formula calculated feature pair by feature pair."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_ATTRIBUTES
from graphrec.models.fields.cases import Cases
from graphrec.models.fm.model import FM
from graphrec.models.fm.task import FMTask
from graphrec.models.recommender import FitContext
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import NEWCOMER, NOBODY, PICKY, build, toy

SMALL = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32, "negatives": 3}


class Ranked(RecommenderBattery):
    """A newcomer's history is no feature, the attributes are: such a user is scored like one without history."""

    scores_anyone = True
    newcomers = False


class TestWithAttributes(Ranked):
    def make(self, **settings: Any) -> FM:
        return FM(**{**SMALL, **settings})


class TestIdsAlone(Ranked):
    def make(self, **settings: Any) -> FM:
        return FM(**{**SMALL, "item_attributes": False, "user_attributes": False, **settings})


class TestPairwise(Ranked):
    def make(self, **settings: Any) -> FM:
        return FM(**{**SMALL, "loss": "bpr", **settings})


def pair_by_pair(values: np.ndarray, vectors: np.ndarray, weights: np.ndarray, bias: float) -> float:
    """Return w_0 + Σ w_k x_k + Σ_{k<l} ⟨v_k, v_l⟩ x_k x_l for one case, Rendle's equation 1 as it stands."""
    pairs = sum(vectors[k] @ vectors[m] * values[k] * values[m] for k, m in combinations(range(len(vectors)), 2))
    return bias + weights @ values + pairs


@pytest.mark.parametrize("attributes", [True, False])
def test_the_formula(attributes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every user with every item, from the network's own numbers: O(features²), one case at a time."""
    data = toy()
    seen: list[FMTask] = []
    original = FMTask.__init__

    def remember(self: FMTask, *given: Any) -> None:
        original(self, *given)
        seen.append(self)

    monkeypatch.setattr(FMTask, "__init__", remember)
    model = FM(**SMALL, item_attributes=attributes, user_attributes=attributes).fit(data)
    network = seen[0].network
    v = {name: tensor.detach().numpy() for name, tensor in network.vectors.items()}
    w = {name: tensor.detach().numpy() for name, tensor in network.weights.items()}
    users = data.users.ids.to_pylist()
    scores = model.score_users(data, users)
    for user in range(len(users)):
        of_user = data.user_attributes.row(user) if attributes else []
        for item in range(len(data.items)):
            of_item = data.item_attributes.row(item) if attributes else []
            carried = [*of_user, *of_item]
            values = np.array([1, 1, *(1 / len(part) for part in (of_user, of_item) for _ in part)])
            vectors = np.stack([v["user"][user], v["item"][item], *(v["attribute"][a] for a in carried)])
            weights = np.array([w["user"][user], w["item"][item], *(w["attribute"][a] for a in carried)])
            expected = pair_by_pair(values, vectors.astype(float), weights.astype(float), network.bias.item())
            assert scores[user, item] == pytest.approx(expected, abs=1e-5)


def test_three_features_by_hand() -> None:
    """v_u = (1, 2), v_i = (3, −1), and of i the attributes v_a = (0, 2), v_b = (2, 2), of value ½ each.

    q = (3, −1) + (1, 2) = (4, 1), ⟨p, q⟩ = 6; within the item (⟨v_i, v_a⟩ + ⟨v_i, v_b⟩)/2 + ⟨v_a, v_b⟩/4 = −1 + 2 + 1;
    w = .1, .2, (.3 + .5)/2 and w_0 = .5: together 9.2. Penalised are 5 of the user and 10 + (4 + 8)/2 of the item.
    """
    names = ["item.genre=drama", "item.genre=horror"]
    data = build({"u": {"i": 5}}, ["i"], carried={"i": names})
    network = FMTask(data, FM(embedding_size=2).config, FitContext()).network
    first, second = (data.attributes.ids.to_pylist().index(name) for name in names)
    for name, row, vector, weight in (
        ("user", 0, [1.0, 2.0], 0.1),
        ("item", 0, [3.0, -1.0], 0.2),
        ("attribute", first, [0.0, 2.0], 0.3),
        ("attribute", second, [2.0, 2.0], 0.5),
    ):
        network.vectors[name].data[row] = network.vectors[name].data.new_tensor(vector)
        network.weights[name].data[row] = weight
    network.bias.data.fill_(0.5)
    user, item = (network.feature_sums_of(name, np.array([0])) for name in ("user", "item"))
    score = network.bias + user.bias[0] + item.bias[0] + user.vectors[0] @ item.vectors[0]
    assert score.item() == pytest.approx(9.2)
    assert (user.penalty.item(), item.penalty.item()) == pytest.approx((5, 16))


@pytest.mark.parametrize("loss", ["logistic", "bpr"])
def test_the_loss_by_hand(loss: str) -> None:
    """One positive of score s against one drawn item of score t, and one that does not count."""
    data = build({"u": {"a": 5, "b": 5}, "v": {"c": 5}}, ["a", "b", "c"])
    config = FM(embedding_size=3, negatives=2, loss=loss, reg=0.1).config
    task = FMTask(data, config, FitContext())
    batch = next(iter(task.batches(0, np.random.default_rng(0))))
    expected = []
    v = {name: tensor.detach().numpy().astype(float) for name, tensor in task.network.vectors.items()}
    for place in range(3):
        user, item = batch.users[batch.user[place]], batch.items[batch.item[place]]
        p, s = v["user"][user], v["user"][user] @ v["item"][item]
        terms = [np.log1p(np.exp(-s))] if loss == "logistic" else []
        squares = p @ p + v["item"][item] @ v["item"][item]
        for drawn, counts in zip(batch.items[batch.negatives[place]], batch.counts[place], strict=True):
            assert counts == (drawn not in data.positives.row(user))
            if counts:
                t = p @ v["item"][drawn]
                terms.append(np.log1p(np.exp(t if loss == "logistic" else t - s)))
                squares += p @ p + v["item"][drawn] @ v["item"][drawn]
        expected.append(sum(terms) + 0.1 * squares)
    assert task.loss(batch).item() == pytest.approx(np.mean(expected), rel=1e-5)


def test_every_positive_comes_once_an_epoch() -> None:
    data = toy()
    task = FMTask(data, FM(**SMALL).config, FitContext())
    pairs = [
        (int(batch.users[user]), int(batch.items[item]))
        for batch in task.batches(0, np.random.default_rng(0))
        for user, item in zip(batch.user, batch.item, strict=True)
    ]
    expected = zip(data.positives.row_of_entry.tolist(), data.positives.indices.tolist(), strict=True)
    assert sorted(pairs) == sorted(expected)


def test_a_user_without_history_is_scored_by_attributes() -> None:
    data = toy()
    model = FM(**{**SMALL, "epochs": 20}).fit(data)
    nobody, newcomer, picky = model.score_users(data, [NOBODY, NEWCOMER, PICKY])
    np.testing.assert_array_equal(nobody, picky)  # neither has any feature: the items' biases alone
    assert np.abs((newcomer - newcomer.mean()) - (nobody - nobody.mean())).max() > 1e-3
    arrays = model.arrays()
    for user in (NOBODY, NEWCOMER, PICKY):
        assert not arrays["users"][data.users.require([user])[0]].any()


def test_a_newcomer_is_scored_by_attributes_whatever_the_history() -> None:
    data = toy()
    model = FM(**SMALL).fit(data)
    users = data.users.ids.to_pylist()
    renamed = data.changed(nodes={"User": IdMap.of("User", [f"new {user}" for user in users])})
    scores = model.score_users(renamed, [f"new {user}" for user in users])
    same = data.user_attributes.csr().toarray() @ data.user_attributes.csr().toarray().T == 2
    for user in range(24):
        twin = int(np.flatnonzero(same[user])[0])
        np.testing.assert_allclose(scores[user], scores[twin], atol=1e-6)
    other = np.flatnonzero(~same[0][:24])[0]
    assert np.abs(scores[0] - scores[other]).max() > 1e-4


def test_an_attribute_that_nobody_carries_is_no_feature() -> None:
    """In the toy data user.age=old is carried by people with histories; here it is left to the newcomer alone."""
    data = toy()
    old = data.attributes.ids.to_pylist().index("user.age=old")
    newcomer = data.users.ids.to_pylist().index(NEWCOMER)
    others = data.user_attributes.where(data.user_attributes.indices != old)
    rows = np.append(others.row_of_entry, newcomer)
    carried = Incidence.from_pairs(rows, np.append(others.indices, old), (len(data.users), len(data.attributes)))
    model = FM(**SMALL).fit(data.changed(links={USER_ATTRIBUTES: carried}))
    assert not model.arrays()["attributes"][old].any()


def test_learns_what_the_toy_data_holds() -> None:
    """Two tastes, even and odd: items of a user's own taste score higher on average, held out or not."""
    data = toy()
    model = FM(**{**SMALL, "epochs": 30}).fit(data)
    scores = model.score_users(data, [f"u{number:02}" for number in range(24)])
    own = np.arange(24)[:, None] % 2 == np.arange(12)[None, :] % 2
    assert scores[own].mean() > scores[~own].mean() + 0.5


def test_bpr_without_attributes_is_bpr_mf() -> None:
    """One step on one triple is Rendle's: x = b_i − b_j + ⟨p, q_i − q_j⟩, and with e = σ(−x) the gradients are

    −e (q_i − q_j) + 2 · 2λ p, −e p + 2λ q_i, e p + 2λ q_j, −e and e: λ counts the user once for each of the two items.
    """
    data = build({"u": {"i": 5}, "v": {"j": 5}}, ["i", "j"])
    settings = {"item_attributes": False, "user_attributes": False, "loss": "bpr", "negatives": 1, "reg": 0.05}
    task = FMTask(data, FM(embedding_size=2, **settings).config, FitContext())
    network, (i, j) = task.network, (data.items.require(["i", "j"]))
    user = int(data.users.require(["u"])[0])
    network.vectors["user"].data[user] = torch.tensor([1.0, 2.0])
    network.vectors["item"].data[[i, j]] = torch.tensor([[0.5, -1.0], [1.0, 0.25]])
    network.weights["item"].data[[i, j]] = torch.tensor([0.3, 0.1])
    x = 0.3 - 0.1 + (1 * -0.5 + 2 * -1.25)
    e = 1 / (1 + np.exp(x))
    task.loss(
        Cases(np.array([user]), np.array([i, j]), np.array([0]), np.array([0]), np.array([[1]]), np.array([[True]]))
    ).backward()
    of_items, of_users, weights = (
        part.grad for part in (network.vectors["item"], network.vectors["user"], network.weights["item"])
    )
    np.testing.assert_allclose(of_users[user], [e * 0.5 + 0.2, e * 1.25 + 0.4], rtol=1e-5)
    np.testing.assert_allclose(of_items[i], [-e + 0.05, -2 * e - 0.1], rtol=1e-5)
    np.testing.assert_allclose(of_items[j], [e + 0.1, 2 * e + 0.025], rtol=1e-5)
    np.testing.assert_allclose(weights[[i, j]], [-e, e], rtol=1e-5)
    model = FM(**SMALL | settings).fit(toy())
    arrays = model.arrays()
    scores = model.score_users(toy(), ["u00", "u01"])
    expected = arrays["users"][:2] @ arrays["items"].T + arrays["item_weights"]
    np.testing.assert_allclose(np.diff(scores, axis=1), np.diff(expected, axis=1), atol=1e-5)
