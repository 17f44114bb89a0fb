"""Products that are kept: the same relevances as computed one by one, whatever came before."""

from __future__ import annotations

import pytest
import torch

from graphrec.models.reconet import item_products as module
from graphrec.models.reconet.item_products import ITEMS_AT_ONCE, ItemProducts
from graphrec.models.reconet.relevance import directions, relevances

ITEMS, FEATURES, SIZE = 200, 300, 16
DRAW = torch.Generator().manual_seed(4)
OUTPUT = torch.randn(ITEMS, SIZE, generator=DRAW)
VECTORS = torch.nn.functional.pad(torch.randn(FEATURES - 1, SIZE, generator=DRAW), (0, 0, 0, 1))


def batch(users: int, width: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return items, features and numbers of features of some users; the last place is padding."""
    items = torch.randint(0, ITEMS, (users, 3), generator=DRAW)
    slots = torch.randint(0, FEATURES - 1, (users, width), generator=DRAW)
    slots[:, -1] = FEATURES - 1
    return items, slots, torch.full((users,), float(width - 1))


def one_by_one(items: torch.Tensor, slots: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    return relevances(directions(items, OUTPUT, torch.empty(0), None), VECTORS, slots, sizes)


@pytest.mark.parametrize("room", [1, 100])  # blocks of items beside the one that stays free: the first is full at once
def test_as_computed_one_by_one(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NUMBERS_KEPT", (room + 2) * ITEMS_AT_ONCE * FEATURES)
    products = ItemProducts(OUTPUT, VECTORS)
    for users in (20, 1, 30, 20):
        items, slots, sizes = batch(users, 9)
        weights = products.relevances(items, slots, sizes)
        torch.testing.assert_close(weights, one_by_one(items, slots, sizes), atol=1e-6, rtol=1e-5)
        assert not weights[:, :, -1].any()


def test_the_same_to_the_last_bit_whatever_came_before() -> None:
    items, slots, sizes = batch(25, 40)
    fresh, used = ItemProducts(OUTPUT, VECTORS), ItemProducts(OUTPUT, VECTORS)
    for users in (1, 7, 50):
        used.relevances(*batch(users, 40))
    assert torch.equal(fresh.relevances(items, slots, sizes), used.relevances(items, slots, sizes))


def test_few_relevances_do_not_pay_off() -> None:
    """Products of three items with 300 features are 900, a sixteenth of them 56.25: 3 × 18 are fewer, 3 × 19 more."""
    products = ItemProducts(OUTPUT, VECTORS)
    items = torch.tensor([[5, 6, 7]])
    assert not products.pay_off(items, torch.zeros(1, 18, dtype=torch.int64))
    assert products.pay_off(items, torch.zeros(1, 19, dtype=torch.int64))
    assert not products.pay_off(torch.zeros(0, 3, dtype=torch.int64), torch.zeros(0, 5, dtype=torch.int64))


def test_what_does_not_fit_does_not_pay_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NUMBERS_KEPT", 2 * ITEMS_AT_ONCE * FEATURES)
    products = ItemProducts(OUTPUT, VECTORS)
    slots = torch.zeros(ITEMS_AT_ONCE + 1, 3000, dtype=torch.int64)
    assert products.pay_off(torch.arange(ITEMS_AT_ONCE)[:, None], slots[:-1])
    assert not products.pay_off(torch.arange(ITEMS_AT_ONCE + 1)[:, None], slots)
