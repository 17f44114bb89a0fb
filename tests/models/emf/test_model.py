"""EMF: the battery, its loss cell by cell, its minimum by a general solver, and what the explainability term does."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from graphrec.errors import UsageError
from graphrec.models.emf.model import EMF
from graphrec.models.neighbours.item_neighbours import ItemNeighbours
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import build, toy

SMALL: dict[str, Any] = {"embedding_size": 3, "reg": 0.3, "explainability": 0.05, "neighbours": 4}


class TestEMF(RecommenderBattery):
    def make(self, **settings: Any) -> EMF:
        return EMF(**{**SMALL, **settings})


def shares(taken: np.ndarray, size: int) -> np.ndarray:
    """Return W by its definition, item by item and user by user."""
    users, items = taken.shape
    norms = np.sqrt(taken.sum(axis=0))
    found = np.zeros(taken.shape)
    for item in range(items):
        together = taken.T @ taken[:, item]
        alike = np.divide(together, norms * norms[item], out=np.zeros(items), where=together > 0)
        alike[item] = 0
        order = np.argsort(-alike, kind="stable")[:size]
        nearest = order[alike[order] > 0]
        for user in range(users):
            found[user, item] = taken[user, nearest].mean() if len(nearest) else 0
    return found


def loss(taken: np.ndarray, weights: np.ndarray, users: np.ndarray, items: np.ndarray, config: Any) -> float:
    """Return the loss by its definition, cell by cell."""
    cells = np.where(taken > 0, 1.0, config.zero_weight)
    apart = ((users[:, None, :] - items[None, :, :]) ** 2).sum(axis=2)
    fit = (cells * (taken - users @ items.T) ** 2).sum()
    return float(
        fit + config.explainability * (weights * apart).sum() + config.reg * ((users**2).sum() + (items**2).sum())
    )


@pytest.mark.parametrize("settings", [{}, {"zero_weight": 1.0}, {"explainability": 0.0}, {"neighbours": 50}])
def test_the_loss_is_the_one_that_is_written_down_and_users_are_its_minimum(settings: dict[str, float]) -> None:
    data = toy()
    model = EMF(**{**SMALL, **settings}, epochs=4, tolerance=0).fit(data)
    given = np.flatnonzero(data.positives.counts)
    taken, items = data.positives.csr(np.float64).toarray()[given], model.arrays()["items"]
    weights = shares(taken, model.config.neighbours)

    def of_users(users: np.ndarray) -> float:
        return loss(taken, weights, users.reshape(len(taken), 3), items, model.config)

    best = minimize(of_users, np.full(len(taken) * 3, 0.1), method="L-BFGS-B", options={"maxfun": 10**6})
    assert model.record.metrics["loss"] == pytest.approx(best.fun, rel=1e-5)
    users = data.users.ids.take(given).to_pylist()
    np.testing.assert_allclose(model.score_users(data, users), best.x.reshape(-1, 3) @ items.T, atol=2e-3)


def test_the_loss_never_rises_and_ends_where_neither_side_can_lower_it() -> None:
    data = toy()
    losses = [EMF(**SMALL, epochs=epochs, tolerance=0).fit(data).record.metrics["loss"] for epochs in (1, 2, 3, 5, 9)]
    assert all(later < earlier for earlier, later in pairwise(losses))
    model = EMF(**SMALL, epochs=3000, tolerance=0).fit(data)
    given = np.flatnonzero(data.positives.counts)
    taken, items = data.positives.csr(np.float64).toarray()[given], model.arrays()["items"]
    users = model._users(data.positives.rows(given)).numpy()
    weights = shares(taken, 4)
    least = loss(taken, weights, users, items, model.config)
    rng = np.random.default_rng(0)
    for _ in range(20):
        moved = [side + 1e-3 * rng.standard_normal(side.shape) for side in (users, items)]
        assert loss(taken, weights, *moved, model.config) > least


def test_one_dimension_by_hand() -> None:
    """Two users who both took both items; each item is the only neighbour of the other, so that W = 1 everywhere.

    All vectors become one number v. Least is 4 (1 − v²)² + 4 β v², where the distance is 0: v² = 1 − β / 2.
    """
    data = build({"ada": {"a": 5, "b": 5}, "bob": {"a": 5, "b": 5}}, ["a", "b"])
    model = EMF(embedding_size=1, reg=0.5, explainability=0.7, epochs=500, tolerance=0).fit(data)
    np.testing.assert_allclose(model.score_users(data, ["ada", "bob"]), 0.75, atol=1e-5)
    assert model.record.metrics["loss"] == pytest.approx(4 * 0.25**2 + 4 * 0.5 * 0.75, abs=1e-6)


def test_a_heavier_term_brings_users_nearer_to_what_is_explainable() -> None:
    data = toy(3)
    taken = data.positives.rows(np.flatnonzero(data.positives.counts))
    weights = ItemNeighbours.of(taken, 4).shares(taken).toarray()
    distances = []
    for weight in (0.0, 0.1, 1.0):
        model = EMF(**{**SMALL, "explainability": weight}, epochs=50).fit(data)
        users, items = model._users(taken), torch.from_numpy(model.arrays()["items"])
        apart = torch.cdist(users, items).numpy() ** 2
        distances.append((weights * apart).sum() / weights.sum() / apart.mean())
    assert distances[0] > distances[1] > distances[2]


def test_settings_out_of_range_are_refused() -> None:
    for wrong in ({"zero_weight": 0}, {"reg": 0}, {"neighbours": 0}):
        with pytest.raises(UsageError, match=next(iter(wrong))):
            EMF(**wrong)
