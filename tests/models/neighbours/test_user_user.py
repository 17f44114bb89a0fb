"""User–user: the battery, values by hand, scikit-learn's similarities, and effects measured by brute force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

import graphrec as gr
from graphrec.dataset.ids import IdMap
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.selection import choose
from graphrec.models.neighbours.user_user import UserUser
from graphrec.testing import ModelBattery
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset


class TestAll(ModelBattery):
    def make(self, **settings: Any) -> UserUser:
        return UserUser(**{"neighbours": 0, **settings})

    def test_a_newcomer_with_a_known_history(self, model: UserUser, dataset: Dataset) -> None:
        """One who took the same as a user of the training data has that user for a neighbour, of similarity 1."""
        users = dataset.users.ids.to_pylist()
        stranger = dataset.changed(nodes={"User": IdMap.of("User", [f"new {user}" for user in users])})
        history = dataset.positives.csr().toarray()
        expected = model.score_users(dataset, users) + history
        np.testing.assert_allclose(model.score_users(stranger, [f"new {user}" for user in users]), expected, atol=1e-6)


class TestFew(ModelBattery):
    newcomers = False  # see above: a newcomer with a known history has one neighbour more to choose from

    def make(self, **settings: Any) -> UserUser:
        return UserUser(**{"neighbours": 5, "shrinkage": 0.5, **settings})


HISTORIES = {"u": {"a": 5, "b": 5}, "v": {"a": 5, "b": 5, "c": 5}, "w": {"a": 5, "c": 5, "d": 5, "e": 5}, "x": {"e": 5}}
"""cos(u, v) = 2/√6, cos(u, w) = 1/√8, cos(u, x) = 0."""


@pytest.mark.parametrize(
    ("settings", "v", "w"),
    [
        ({"neighbours": 0}, 2 / np.sqrt(6), 1 / np.sqrt(8)),
        ({"neighbours": 1}, 2 / np.sqrt(6), 0),
        ({"neighbours": 2, "shrinkage": 1.0}, 2 / (np.sqrt(6) + 1), 1 / (np.sqrt(8) + 1)),
    ],
)
def test_by_hand(settings: dict[str, Any], v: float, w: float) -> None:
    data = build(HISTORIES, ["a", "b", "c", "d", "e"])
    model = UserUser(**settings).fit(data)
    np.testing.assert_allclose(model.score_users(data, "u"), [v + w, v, v + w, w, w], atol=1e-6)


def test_weights_and_effects_by_hand() -> None:
    """Of the score of c for u, a has 1/√6 from v and 1/√8 from w, b has 1/√6 from v.

    Without a, u has b alone: 1/√3 from v, and nothing in common with w. Without b: 1/√3 from v and 1/√4 from w.
    """
    data = build(HISTORIES, ["a", "b", "c", "d", "e"])
    model = UserUser(neighbours=0).fit(data)
    score = 2 / np.sqrt(6) + 1 / np.sqrt(8)
    reasons = gr.explain(model, data, "u", "c", against=5).tables.reasons.to_pandas().set_index("evidence")
    assert reasons["weight"].to_dict() == pytest.approx({"a": 1 / np.sqrt(6) + 1 / np.sqrt(8), "b": 1 / np.sqrt(6)})
    assert reasons["effect"].to_dict() == pytest.approx(
        {"a": score - 1 / np.sqrt(3), "b": score - 1 / np.sqrt(3) - 1 / 2}, abs=1e-6
    )


def test_the_effect_of_an_only_item_is_unknown() -> None:
    data = build(HISTORIES, ["a", "b", "c", "d", "e"])
    reasons = gr.explain(UserUser(neighbours=0).fit(data), data, "x", "a").tables.reasons.to_pandas()
    assert reasons["weight"].tolist() == pytest.approx([1 / 2])
    assert reasons["effect"].isna().all()


def test_neighbours_against_scikit_learn() -> None:
    """The similarities of the six nearest; who they are is open only where the sixth and the seventh are alike."""
    data = toy()
    history = data.positives.csr().toarray()
    alike = 1 - NearestNeighbors(metric="cosine", algorithm="brute").fit(history).kneighbors(history, len(history))[0]
    model = UserUser(neighbours=6).fit(data)
    users = np.flatnonzero(data.positives.counts)
    _, near = next(model._neighbours(data.positives.rows(users).csr(), users.astype(np.int32)))
    for row, user in enumerate(users):
        expected = np.sort(alike[user])[::-1][1:7]  # the first is the user himself
        np.testing.assert_allclose(np.sort(near[row].data)[::-1], expected[expected > 1e-9], atol=1e-6)
        assert user not in near[row].indices


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    model = UserUser(neighbours=5).fit(data)
    users = data.users.ids.to_pylist()
    whole = model.score_users(data, users), gr.recommend(model, data).tables.reasons.to_pandas()
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 60)
    np.testing.assert_array_equal(model.score_users(data, users), whole[0])
    again = gr.recommend(model, data).tables.reasons.to_pandas()
    np.testing.assert_allclose(again["weight"], whole[1]["weight"], atol=1e-6)
    np.testing.assert_allclose(again["effect"], whole[1]["effect"], atol=1e-6)


def test_a_weaker_item_counts_less_for_who_is_near() -> None:
    """u took a with strength 1 and b with 1/2: |u| = √1.25; v took a and b, w b alone; both took c."""
    data = build({"u": {"a": 5, "b": 5}, "v": {"a": 5, "b": 5, "c": 5}, "w": {"b": 5, "c": 5}}, ["a", "b", "c"])
    model = UserUser(neighbours=0).fit(data)
    profiles = profiles_of(*model.align(data), np.array([0]))
    scores = model.score_with(profiles, model.inputs(profiles), torch.tensor([[[1.0, 0.5]]]), torch.tensor([[2, 0]]))
    of_v, of_w = 1.5 / np.sqrt(1.25 * 3), 0.5 / np.sqrt(1.25 * 2)
    assert scores[0, 0].tolist() == pytest.approx([of_v + of_w, of_v])


def test_held_by_hand() -> None:
    """u took a and b; v took a, b, c and w a, c, d, e: |u| is √2 with either off, or at half strength.

    Of the score of c, a puts in 1/√6 by v and 1/√8 by w, b 1/√6 by v. With one neighbour held it is v alone, even
    without b, when w would be as near as v.
    """
    data = build(HISTORIES, ["a", "b", "c", "d", "e"])
    strengths, c = torch.tensor([[[1.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.5, 1.0], [0.0, 0.0]]]), torch.tensor([[2, 4]])
    for neighbours, of_w in ((0, 1 / np.sqrt(8)), (1, 0.0)):
        model = UserUser(neighbours=neighbours).fit(data)
        profiles = profiles_of(*model.align(data), np.array([0]))
        of_a, of_b = 1 / np.sqrt(6) + of_w, 1 / np.sqrt(6)
        expected = [[of_a + of_b, of_w], [of_b, 0], [of_a, of_w], [of_a / 2 + of_b, of_w / 2], [0, 0]]
        slots = model.inputs(profiles)
        named = model.score_held(profiles, slots, strengths, c)[0]
        np.testing.assert_allclose(named, expected, atol=1e-6)
        np.testing.assert_array_equal(model.score_held(profiles, slots, strengths)[0][:, [2, 4]], named)


def test_the_held_effect_of_an_only_item_is_the_whole_score() -> None:
    data = build(HISTORIES, ["a", "b", "c", "d", "e"])
    model = UserUser(neighbours=0).fit(data)
    profiles, items = profiles_of(*model.align(data), np.array([3])), torch.tensor([[0]])
    evidence, scores = model.evidence(profiles, items), model.score(profiles, items)
    chosen = choose(evidence, evidence.filled, reasons=1, against=0)
    assert scores.tolist() == [[pytest.approx(1 / 2)]]
    assert model.held_effects(profiles, items, scores, evidence, chosen).tolist() == [[[pytest.approx(1 / 2)]]]
