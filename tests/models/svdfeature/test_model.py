"""SVDFeature: the battery of what scores without saying why, and score and loss by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.models.fields.cases import Cases
from graphrec.models.recommender import FitContext
from graphrec.models.svdfeature.model import SVDFeature
from graphrec.models.svdfeature.task import SVDFeatureTask
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import NEWCOMER, NOBODY, build, toy

SMALL = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32, "negatives": 3}


class Ranked(RecommenderBattery):
    """Who is unknown to the fit lacks the id, so that such a user is scored by attributes and history alone."""

    scores_anyone = True
    newcomers = False


class TestWithAttributes(Ranked):
    def make(self, **settings: Any) -> SVDFeature:
        return SVDFeature(**{**SMALL, **settings})


class TestIdsAlone(Ranked):
    def make(self, **settings: Any) -> SVDFeature:
        alone = {"item_attributes": False, "user_attributes": False, "feedback": False}
        return SVDFeature(**{**SMALL, **alone, **settings})


class TestLogistic(Ranked):
    def make(self, **settings: Any) -> SVDFeature:
        return SVDFeature(**{**SMALL, "loss": "logistic", **settings})


DRAMA, HORROR = "item.genre=drama", "item.genre=horror"


def by_hand(**settings: Any) -> tuple[SVDFeatureTask, SVDFeature, Any]:
    """u took a and b. p_u = 1; q = 1, 2, 3, of drama .5, of horror −1; y = 2, 4, 0: nobody took c, which carries both.

    w of a, b, c is .1, .2, .3, of drama .4, of horror .6, of u .7, and w_0 = .05.
    """
    data = build({"u": {"a": 5, "b": 5}}, ["a", "b", "c"], carried={"a": [DRAMA], "c": [DRAMA, HORROR]})
    model = SVDFeature(embedding_size=1, epochs=1, **settings)
    task = SVDFeatureTask(data, model.config, FitContext())
    drama, horror = (data.attributes.ids.to_pylist().index(name) for name in (DRAMA, HORROR))
    network = task.network
    network.vectors["user"].data[0] = 1.0
    network.vectors["item"].data = torch.tensor([[1.0], [2.0], [3.0]])
    network.weights["item"].data = torch.tensor([0.1, 0.2, 0.3])
    for place, vector, weight in ((drama, 0.5, 0.4), (horror, -1.0, 0.6)):
        network.vectors["attribute"].data[place] = vector
        network.weights["attribute"].data[place] = weight
    network.weights["user"].data[0] = 0.7
    network.bias.data.fill_(0.05)
    network.feedback.data[:2] = torch.tensor([[2.0], [4.0]])
    model.fit(data)  # so that it knows the ids; what it learned is exchanged
    model.restore(model.learned(network))
    return task, model, data


def test_scores_by_hand() -> None:
    """The user is 1 + (2 + 4)/√2; the items are 1.5, 2, and 3 + (.5 − 1)/2 with weights .5, .2 and .3 + .5."""
    _, model, data = by_hand()
    user = 1 + 6 / np.sqrt(2)
    expected = [1.5 * user + 0.5 + 0.75, 2 * user + 0.2 + 0.75, 2.75 * user + 0.8 + 0.75]
    np.testing.assert_allclose(model.score_users(data, "u"), expected, rtol=1e-5)


def test_a_newcomer_by_hand() -> None:
    """Who took b and c is 4/√1: c is no feature, and there is no id and no weight of it."""
    _, model, _ = by_hand()
    other = build({"n": {"b": 5, "c": 5}}, ["a", "b", "c"], carried={"a": [DRAMA], "c": [DRAMA, HORROR]})
    np.testing.assert_allclose(model.score_users(other, "n"), [6.55, 8.25, 11.85], rtol=1e-5)


@pytest.mark.parametrize("loss", ["bpr", "logistic"])
def test_the_loss_by_hand(loss: str) -> None:
    """For a the user is 1 + 4/√1, without a itself; against it stand c, which counts, and b, which u took.

    Penalised at λ .1: of the user 1 + 4², of a 1 + .5², of c 9 + (.5² + 1)/2, the user once for each item.
    """
    task, _, _ = by_hand(loss=loss, negatives=2, reg=0.1)
    everything = np.arange(3)
    batch = Cases(
        np.array([0]), everything, np.array([0]), np.array([0]), np.array([[2, 1]]), np.array([[True, False]])
    )
    above, below = 1.5 * 5 + 0.5 + 0.75, 2.75 * 5 + 0.8 + 0.75
    expected = np.log1p(np.exp(below - above))
    if loss == "logistic":
        expected = np.log1p(np.exp(-above)) + np.log1p(np.exp(below))
    penalty = 0.1 * (2 * (1 + 16) + (1 + 0.25) + (9 + 0.625))
    assert task.loss(batch).item() == pytest.approx(expected + penalty, rel=1e-5)


def test_validation_scores_as_the_fitted_model_does() -> None:
    task, model, data = by_hand()
    with torch.no_grad():
        of_task = task.scorer()(np.array([0]))
    of_model = model.score(profiles_of(*model.align(data), np.array([0]))).numpy()
    np.testing.assert_allclose(of_task + 0.75, of_model, rtol=1e-5)  # w_0 and the user's weight rank nothing


def test_without_feedback_history_is_nothing() -> None:
    data = toy()
    model = SVDFeature(**SMALL, feedback=False).fit(data)
    assert not model.arrays()["feedback"].any()
    renamed = build({"stranger": {"i00": 5.0}}, data.items.ids.to_pylist())
    nobody = model.score_users(data, NOBODY)
    np.testing.assert_allclose(model.score_users(renamed, "stranger"), nobody, atol=1e-6)
    with_feedback = SVDFeature(**SMALL).fit(data)
    apart = with_feedback.score_users(renamed, "stranger") - with_feedback.score_users(data, NOBODY)
    assert np.ptp(apart) > 1e-3
    assert np.ptp(with_feedback.score_users(data, NEWCOMER) - with_feedback.score_users(data, NOBODY)) > 1e-3
