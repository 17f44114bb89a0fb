"""Batches, losses, heads and scores of models of pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.negative_sampling import NegativeSampler
from graphrec.models.pairs.batches import pair_batches
from graphrec.models.pairs.heads import Head, InnerProductHead, LinearHead, MLPHead
from graphrec.models.pairs.losses import loss_of_equal_scores, pair_loss
from graphrec.models.pairs.scoring import pair_scores


def test_batches_hold_every_positive_once_beside_items_not_taken() -> None:
    taken = Incidence.from_pairs(
        np.array([0, 0, 1, 2, 2, 2, 3, 3, 3, 3]), np.array([0, 1, 1, 0, 2, 3, 0, 1, 2, 3]), (4, 4)
    )
    seen = []
    for batch in pair_batches(taken, NegativeSampler(taken), np.random.default_rng(0), batch_size=4, negatives=3):
        assert (np.diff(batch.users) > 0).all()
        assert (np.diff(batch.items) > 0).all()
        users, items = batch.users[batch.user_places], batch.items[batch.item_places]
        assert items.shape == (len(users), 4)
        assert not taken.has(users[:, None], items[:, 1:]).any()
        seen += list(zip(users.tolist(), items[:, 0].tolist(), strict=True))
    assert sorted(seen) == [(0, 0), (0, 1), (1, 1), (2, 0), (2, 2), (2, 3)]  # the last user took every item


def test_losses_by_hand() -> None:
    scores = torch.tensor([[1.0, 0.0, 3.0]])
    bpr = (math.log1p(math.exp(-1)) + math.log1p(math.exp(2))) / 2
    assert pair_loss("bpr", scores).item() == pytest.approx(bpr)
    softmax = math.log(math.exp(1) + 1 + math.exp(3)) - 1
    assert pair_loss("softmax", scores).item() == pytest.approx(softmax)
    for loss in ("bpr", "softmax"):
        assert pair_loss(loss, torch.ones(2, 4)).item() == pytest.approx(loss_of_equal_scores(loss, 3))  # type: ignore[arg-type]


HEADS = {
    "inner": InnerProductHead(6),
    "linear": LinearHead(6, 0.0),
    "mlp": MLPHead(6, [4, 3], 0.0, torch.Generator().manual_seed(0)),
}


@pytest.mark.parametrize("name", HEADS)
def test_scores_in_blocks_are_those_of_single_pairs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head: Head = HEADS[name].eval()
    generator = torch.Generator().manual_seed(1)
    users, items = torch.randn(5, 6, generator=generator), torch.randn(7, 6, generator=generator)
    single = torch.stack([torch.cat([head(user[None], item[None])[0] for item in items]) for user in users])
    named = torch.randint(0, 7, (5, 3), generator=generator)
    for at_once in (1, 40, 1 << 19):
        monkeypatch.setattr("graphrec.models.pairs.scoring.NUMBERS_AT_ONCE", at_once)
        torch.testing.assert_close(pair_scores(head, users, items), single)
        torch.testing.assert_close(pair_scores(head, users, items, named), single.gather(1, named))


def test_linear_head_is_the_inner_product_at_the_start() -> None:
    generator = torch.Generator().manual_seed(2)
    users, items = torch.randn(2, 6, generator=generator), torch.randn(3, 6, generator=generator)
    torch.testing.assert_close(LinearHead(6, 0.0)(users, items), users @ items.T)


def test_mlp_by_hand() -> None:
    """z = (1 · 3, 2 · −1); the first unit is 3 − 2 + .5, the second, 2 · −2, is cut off; ten times the first."""
    head = MLPHead(2, [2], 0.0, torch.Generator())
    first, last = head.layers[1], head.layers[3]
    first.weight.data, first.bias.data = torch.tensor([[1.0, 1.0], [0.0, 2.0]]), torch.tensor([0.5, 0.0])
    last.weight.data = torch.tensor([[10.0, 7.0]])
    assert head(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, -1.0]])).item() == pytest.approx(15.0)
