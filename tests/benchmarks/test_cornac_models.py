"""Cornac's models as rows of a recipe: what they are given; and, where Cornac is installed, what they learn."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from benchmarks.cornac_models import (
    CornacEFM,
    CornacMTER,
    CornacNeuMF,
    CornacVBPR,
    items_of_training_first,
    sentiment_tuples,
)
from benchmarks.cornac_peer import OURS, PEERS, with_peers
from graphrec.dataset.mentions import ELSEWHERE, PROFILE, Mentions
from graphrec.dataset.profiles import profiles_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.testing.reviews import toy_with_reviews, with_mentions
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from benchmarks.cornac_models import CornacModel
    from graphrec.dataset.dataset import Dataset

needs_cornac = pytest.mark.skipif(importlib.util.find_spec("cornac") is None, reason="Cornac is not installed")


def test_a_review_is_its_mentions_each_as_often_as_it_was_made() -> None:
    mentions = Mentions.of(
        user=np.array([1, 0, 1, 2, ELSEWHERE, 0, 1]),
        item=np.array([0, 3, 0, PROFILE, 3, 2, 1]),
        feature=np.array([5, 4, 2, 1, 1, 4, 2]),
        sentiment=np.array([-0.5, 1.0, 0.0, 1.0, 1.0, 0.25, -1.0]),
        count=np.array([2, 1, 1, 7, 7, 1, 1]),
    )
    assert sentiment_tuples(mentions) == [
        (0, 2, [(4, "good", 0.25)]),
        (0, 3, [(4, "good", 1.0)]),
        (1, 0, [(2, "neutral", 0.0), (5, "bad", -0.5), (5, "bad", -0.5)]),
        (1, 1, [(2, "bad", -1.0)]),
    ]


def test_there_are_no_tuples_of_no_reviews() -> None:
    assert sentiment_tuples(Mentions.empty()) == []


def test_items_that_nobody_took_come_last() -> None:
    data = build({"ann": {"c": 5, "a": 4}, "bo": {"e": 4}}, list("abcde"))
    assert items_of_training_first(data).tolist() == [0, 2, 4, 1, 3]


def test_peers_stand_beside_our_rows_under_the_protocol_of_the_recipe() -> None:
    recipe = read_recipe("counterfactual")
    joined = with_peers(recipe)
    assert [row.name for row in joined.rows] == [*OURS, "VBPR, tf-idf", *PEERS]
    assert joined.protocol == recipe.protocol
    assert joined.data == recipe.data
    assert {len(row.tried) for row in joined.rows if row.name != "popularity"} == {recipe.protocol.trials}


def two_tastes() -> Dataset:
    """Return eight users; those of even numbers take items 1, 3, 5, the others 2, 4, 6; nobody takes 0 and 7."""
    taken = {f"u{user}": {f"i{item}": 5.0 for item in ((1, 3, 5), (2, 4, 6))[user % 2]} for user in range(8)}
    data = build(taken, [f"i{item}" for item in range(8)])
    said = [(user, item, f"f{user[1:] in '0246'}", 1.0, 1) for user, of in taken.items() for item in of]
    return with_mentions(data, said, ["fTrue", "fFalse"])


@needs_cornac
@pytest.mark.parametrize(
    ("kind", "settings"),
    [(CornacVBPR, {"n_epochs": 200}), (CornacNeuMF, {"num_epochs": 200, "lr": 0.01}), (CornacMTER, {"max_iter": 300})],
)
def test_scores_stand_at_the_users_and_items_that_they_are_of(
    kind: type[CornacModel], settings: dict[str, Any]
) -> None:
    data = two_tastes()
    scores = kind(**settings).fit(data).score_users(data, data.users.ids.to_pylist())
    taken = data.positives.csr(np.float32).toarray() > 0
    known = taken.any(axis=0)
    of_own_taste, of_the_other = (scores[rows].reshape(8, 3).mean(axis=1) for rows in (taken, ~taken & known))
    assert (of_own_taste > of_the_other).all()
    if kind is not CornacVBPR:  # which scores every item by its features
        assert np.allclose(scores[:, ~known], scores.min(axis=1, keepdims=True))


@needs_cornac
def test_a_newcomer_is_recommended_nothing() -> None:
    data = two_tastes()
    newcomer = profiles_of(data, np.full(8, -1, dtype=np.int32), np.array([0]))
    assert CornacNeuMF().fit(data).count_inputs(newcomer).tolist() == [0]


@needs_cornac
@pytest.mark.parametrize("kind", [CornacVBPR, CornacNeuMF, CornacEFM, CornacMTER])
def test_the_same_seed_learns_the_same_and_leaves_the_state_of_chance(kind: type[CornacModel]) -> None:
    data = toy_with_reviews()
    settings: dict[str, Any] = {"max_iter": 5} if kind is CornacMTER else {}
    state = torch.get_rng_state()
    first, second = (kind(**settings).fit(data).arrays()["scores"] for _ in range(2))
    assert np.isfinite(first).all()
    assert np.array_equal(first, second)
    assert torch.equal(torch.get_rng_state(), state)
