"""Explicit dislikes in models: additive item–item models by hand and by the battery, and sampled negatives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import graphrec as gr
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.errors import InputError, UsageError
from graphrec.explainers.registry import find_explainer
from graphrec.models.ease import EASE
from graphrec.models.ncf.model import NCF
from graphrec.models.negative_sampling import NegativeSampler
from graphrec.models.neighbours.item_item import ItemItem
from graphrec.models.popularity import Popularity
from graphrec.models.recommender import USING_DISLIKES
from graphrec.models.registry import MODELS, registered_model
from graphrec.models.saving import load_model, save_model
from graphrec.recommendation.saved_scores import load_scores
from graphrec.testing import ModelBattery
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset


def disliking() -> Dataset:
    return replace(toy(), negative_if=NegativeRule("rating<=2"))


class TestEASE(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, "dislike_weight": 0.5, **settings})

    def make_dataset(self) -> Dataset:
        return disliking()


class TestCollectiveEASE(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, "attribute_weight": 2.0, "dislike_weight": 0.5, **settings})

    def make_dataset(self) -> Dataset:
        return disliking()


class TestItemItem(ModelBattery):
    def make(self, **settings: Any) -> ItemItem:
        return ItemItem(**{"neighbours": 4, "dislike_weight": 0.5, **settings})

    def make_dataset(self) -> Dataset:
        return disliking()


RATINGS = {"both": {"a": 5, "b": 5}, "one": {"a": 5}, "half": {"a": 1, "c": 5}}


def test_ease_by_hand() -> None:
    """B of "both" and "one" is that of two items in test_ease: B_ab = 1/3. "c" has no neighbour: its column is 0."""
    data = build(RATINGS, ["a", "b", "c"], positive_if="rating>=4", negative_if="rating<=2")
    model = EASE(reg=1.0, dislike_weight=0.5).fit(data)
    assert model.score_users(data, "half") == pytest.approx([0, -1 / 6, 0], abs=1e-6)
    told = gr.recommend(model, data, "half", k=1, against=3).tables
    row = next(row for row in told.reasons.to_pylist())
    assert (row["item"], row["evidence"], row["via"], row["ground"], row["rank"]) == (
        "b",
        "a",
        "disliked",
        "history",
        -1,
    )
    assert (row["weight"], row["effect"]) == pytest.approx((-1 / 6, -1 / 6))
    words = str(gr.recommend(model, data, "half", k=1, against=3).why("half", "b"))
    assert "“The a”, which they interacted with and disliked" in words


def test_item_item_by_hand() -> None:
    """s(a, b) = 1 / √(2 · 1): two took a, one b, one both."""
    data = build(RATINGS, ["a", "b", "c"], positive_if="rating>=4", negative_if="rating<=2")
    model = ItemItem(dislike_weight=0.5).fit(data)
    assert model.score_users(data, "half") == pytest.approx([0, -0.5 / 2**0.5, 0], abs=1e-6)


def test_without_a_dislike_nothing_speaks_against() -> None:
    """Without a, which “half” dislikes, c is all that it took, and nothing is like c."""
    data = build(RATINGS, ["a", "b", "c"], positive_if="rating>=4", negative_if="rating<=2")
    model = EASE(reg=1.0, dislike_weight=0.5).fit(data)
    for attributes in ("go", "stay"):
        answer = gr.whatif(model, data, "half", without=["item:a"], attributes=attributes)
        (row,) = [row for row in answer.items if row.item.id == "b"]
        assert (row.score_before, row.score_after) == pytest.approx((-1 / 6, 0), abs=1e-6)
        assert (answer.inputs_before, answer.inputs_after) == (2, 1)


@pytest.mark.parametrize("name", ["removal", "shapley", "lime", "groups", "counterfactual"])
def test_explainers_weigh_dislikes(name: str) -> None:
    """What opposes is told by all that weigh inputs; the sum of Shapley values is the score."""
    data = disliking()
    model = EASE(reg=5.0, dislike_weight=0.5).fit(data)
    settings: dict[str, Any] = {"groups": {"by": "attribute:genre"}, "counterfactual": {"top": 2}}.get(name, {})
    told = gr.recommend(model, data, k=3, reasons=99, against=99, explainer=find_explainer(name)(**settings)).tables
    assert told.reasons.num_rows
    if name in ("removal", "shapley"):
        own = gr.recommend(model, data, k=3, reasons=99, against=99).tables
        keys = ["user", "item", "evidence", "via"]
        theirs, ours = (t.reasons.to_pandas().sort_values(keys)[[*keys, "weight"]] for t in (told, own))
        assert theirs[keys].to_numpy().tolist() == ours[keys].to_numpy().tolist()
        assert theirs["weight"].tolist() == pytest.approx(ours["weight"].tolist(), abs=1e-5)
        assert "disliked" in set(ours["via"])


def test_a_saved_fit_keeps_its_rule(tmp_path: Path) -> None:
    data = disliking()
    model = EASE(reg=5.0).fit(data)
    save_model(model, tmp_path / "fit")
    again = load_model(tmp_path / "fit")
    assert again.record.negative_if == "rating<=2"
    assert load_scores(tmp_path / "fit") is None
    np.testing.assert_array_equal(again.score_users(data, "u00"), model.score_users(data, "u00"))


def test_what_cannot_use_dislikes_names_what_can() -> None:
    assert [name for name in sorted(MODELS) if registered_model(name).uses_dislikes] == list(USING_DISLIKES)
    with pytest.raises(UsageError, match="popularity cannot use dislikes") as refused:
        Popularity().fit(disliking())
    assert "ease" in str(refused.value)


def test_a_pair_that_is_both_is_refused() -> None:
    with pytest.raises(InputError, match="positive by rating>=3 and disliked by rating<=3"):
        EASE().fit(replace(toy(), negative_if=NegativeRule("rating<=3")))


def test_dislikes_are_drawn_at_their_rate() -> None:
    """User 0 took item 0 and dislikes 1; of the 9 others 1 is the disliked one by chance: 0.3 + 0.7 / 9 = 0.378."""
    taken = Incidence.from_pairs(np.array([0, 1]), np.array([0, 0]), (2, 10))
    disliked = Incidence.from_pairs(np.array([0]), np.array([1]), (2, 10))
    users = np.repeat([0, 1], 20_000)
    drawn = NegativeSampler(taken, disliked, 0.3).draw(users, np.random.default_rng(0))
    assert (drawn[users == 0] == 1).mean() == pytest.approx(0.378, abs=0.015)
    assert (drawn[users == 1] == 1).mean() == pytest.approx(1 / 9, abs=0.01)
    assert (drawn > 0).all()
    plain, none = (
        NegativeSampler(taken, *more).draw(users, np.random.default_rng(0)) for more in ((), (disliked, 0.0))
    )
    np.testing.assert_array_equal(plain, none)


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    taken = Incidence.from_pairs(np.array([0]), np.array([0]), (2, 10))
    with pytest.raises(UsageError, match="is no share of negatives"):
        NegativeSampler(taken, taken, share)
    with pytest.raises(UsageError, match="disliked_share"):
        NCF(disliked_share=share)


def test_dislikes_of_other_data_are_refused() -> None:
    taken = Incidence.from_pairs(np.array([0]), np.array([0]), (2, 10))
    with pytest.raises(UsageError, match="2 users and 9 items of dislikes stand beside 2 and 10"):
        NegativeSampler(taken, Incidence.empty(2, 9), 0.5)


def test_trained_pairs_put_dislikes_lower() -> None:
    """With every negative a dislike, those of the training stand lower than without any dislike."""
    data = disliking()
    settings = {"epochs": 30, "batch_size": 16, "embedding_size": 8, "learning_rate": 0.02}
    rows, columns = data.negatives.row_of_entry, data.negatives.indices
    users = data.users.ids.to_pylist()
    means = []
    for of, share in ((data, 0.9), (replace(data, negative_if=NegativeRule()), 0.9)):
        model = NCF(**settings, disliked_share=share).fit(of)
        scores = model.score_users(of, users)
        has_vector = data.positives.counts[rows] > 0
        means.append(float((scores[rows, columns] - scores[rows].mean(axis=1))[has_vector].mean()))
    assert means[0] < means[1] - 0.1
