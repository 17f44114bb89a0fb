"""The smallest changes that turn a ranking: by hand, as intended, and as printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.models.reviews.cnr import CNR, RoundBatch
from graphrec.models.reviews.flipping import smallest_flips
from tests.models.reviews.tiny import data, task_of

SMALL = {"embedding_size": 4, "hidden_size": 5, "batch_size": 16, "epochs": 6, "learning_rate": 0.05}


def test_one_number_by_hand() -> None:
    """m = 2 + 3 δ_1 turns at δ_1 = −2/3; the second number is of no use, and the third pair needs no change."""
    features = torch.tensor([[3.0], [0.0]])
    start = torch.tensor([[2.0], [0.5], [-1.0]])
    changes = smallest_flips(lambda _, x: x[:, 0], start, features, xi=1e-3)
    torch.testing.assert_close(changes, torch.tensor([[-2 / 3, 0.0], [-1 / 6, 0.0], [0.0, 0.0]]), atol=2e-3, rtol=0)
    assert ((start + changes @ features)[:2] < 0).all()


def test_what_is_of_little_use_stays_as_it_is() -> None:
    """With ξ above the slope of a feature, at most its weight, the feature is not touched."""
    features = torch.tensor([[1.0], [0.01]])
    changes = smallest_flips(lambda _, x: x[:, 0], torch.tensor([[3.0]]), features, xi=0.05)
    assert changes[0, 0] < 0
    assert changes[0, 1] == 0


@pytest.fixture(scope="module")
def pairs() -> Any:
    """x_u, features and the margins of 40 pairs of a network with a hidden layer; half of them rank as they should."""
    generator = torch.Generator().manual_seed(0)
    hidden, out = torch.randn(6, 4, generator=generator), torch.randn(6, generator=generator)
    start, features = torch.randn(40, 4, generator=generator), torch.randn(12, 4, generator=generator)

    middle = ((start @ hidden.T).relu() @ out).median()

    def margins(_: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
        return (at @ hidden.T).relu() @ out - middle

    return margins, start, features


def test_as_intended_every_ranking_turns_and_no_less_would_do(pairs: Any) -> None:
    margins, start, features = pairs
    changes = smallest_flips(*pairs, xi=1e-3)
    places = torch.arange(len(start))
    is_ahead = margins(places, start) >= 0
    assert 15 < is_ahead.sum() < 25
    assert (margins(places, start + changes @ features)[is_ahead] < 0).all()
    assert not changes[~is_ahead].any()
    assert (margins(places, start + 0.9 * changes @ features)[is_ahead] > 0).float().mean() > 0.9


def test_as_printed_no_ranking_turns(pairs: Any) -> None:
    """The loss of (9) as it stands is smallest where the item is furthest ahead."""
    margins, start, features = pairs
    changes = smallest_flips(*pairs, xi=1e-3, signs="printed")
    places = torch.arange(len(start))
    before, after = margins(places, start), margins(places, start + changes @ features)
    assert (after[before >= 0] >= 0).all()
    assert (after > before)[before >= 0].float().mean() > 0.9


@pytest.mark.parametrize(("rounds", "first"), [(0, 6), (2, 4), (20, 0)])
def test_rounds_are_the_last_epochs(rounds: int, first: int) -> None:
    task = task_of(CNR(**SMALL, rounds=rounds), data())
    in_rounds = [
        all(isinstance(batch, RoundBatch) for batch in task.batches(epoch, np.random.default_rng(0)))
        for epoch in range(6)
    ]
    assert in_rounds == [epoch >= first for epoch in range(6)]


def test_a_round_learns_the_pairs_as_they_are_and_changed() -> None:
    """The loss of the pairs, and with its weight of the changed ones; before the rounds the first alone."""
    model = CNR(**SMALL, rounds=1, counterfactual=0.5, xi=1e-4)
    task = task_of(model, data())
    (plain,) = task.batches(0, np.random.default_rng(0))
    (batch,) = task.batches(5, np.random.default_rng(0))
    users, items = task.vectors(batch)
    once = task.loss_of(users, items)
    torch.testing.assert_close(task.loss(plain), once)
    margin = (task.network.head(users, items)[:, 0] - task.network.head(users, items)[:, 1]).detach()
    second = (task.loss(batch) - once) / 0.5
    # whoever was ahead is now hardly behind, and whoever was behind stays as they were
    expected = torch.nn.functional.softplus(torch.where(margin >= 0, torch.zeros(()), -margin)).mean()
    assert (margin >= 0).any()
    torch.testing.assert_close(second, expected, atol=2e-3, rtol=0)


def test_changes_of_a_fit_turn_it_behind_the_mean_item() -> None:
    model = CNR(**{**SMALL, "epochs": 80, "averaging": 0.0}, rounds=2).fit(data())
    users = model.user_vectors(torch.arange(4), torch.rand(4, 6, generator=torch.Generator().manual_seed(1)) * 4)
    for item in model._items:
        items = item.expand(4, -1)
        is_ahead = model.margins(users, items) >= 0
        moved = users.clone()
        moved[:, 4:] += model.changes(users, items) @ model._side.features
        assert (model.margins(moved, items)[is_ahead] < 0).all()
