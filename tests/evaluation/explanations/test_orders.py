from __future__ import annotations

import numpy as np
import torch

from graphrec.evaluation.explanations.orders import (
    UNLISTED,
    chances_of,
    order_of_listed,
    order_of_weights,
    random_order,
)
from graphrec.explaining.evidence import history_slots
from tests.evaluation.explanations.stated import histories

FILLED = torch.tensor([[True, True, True, True], [True, True, False, False]])
CHANCES = torch.tensor([[[0.4, 0.3, 0.2, 0.1]], [[0.1, 0.2, 0.3, 0.4]]], dtype=torch.float64)


def test_the_greatest_weight_comes_first_and_what_opposes_last():
    weights = torch.tensor([[[0.5, -2.0, 3.0, 0.0]], [[-1.0, 1.0, 0.0, 0.0]]])
    order = order_of_weights(weights, FILLED, CHANCES)
    assert order.ranks.tolist() == [[[1, 3, 0, 2]], [[1, 0, UNLISTED, UNLISTED]]]
    assert order.lengths.tolist() == [[4], [2]]


def test_ties_are_broken_by_the_greater_chance():
    order = order_of_weights(torch.zeros(2, 1, 4), FILLED, CHANCES)
    assert order.ranks.tolist() == [[[0, 1, 2, 3]], [[1, 0, UNLISTED, UNLISTED]]]


def test_what_is_no_number_is_not_listed_and_minus_infinity_is_listed_last():
    nan, infinite = float("nan"), float("-inf")
    order = order_of_weights(torch.tensor([[[nan, infinite, 1.0, 2.0]]]), FILLED[:1], CHANCES[:1])
    assert order.ranks.tolist() == [[[UNLISTED, 2, 1, 0]]]
    assert order.lengths.tolist() == [[3]]


def test_supporting_lists_positive_weights_alone():
    order = order_of_weights(torch.tensor([[[0.0, -1.0, 1.0, 2.0]]]), FILLED[:1], CHANCES[:1], supporting=True)
    assert order.ranks.tolist() == [[[UNLISTED, UNLISTED, 1, 0]]]
    assert order.lengths.tolist() == [[2]]


def test_a_list_of_reasons_is_an_order():
    order = order_of_listed(torch.tensor([[[2, 0, -1]], [[1, -1, -1]]]), 4)
    assert order.ranks.tolist() == [[[1, UNLISTED, 0, UNLISTED]], [[UNLISTED, 0, UNLISTED, UNLISTED]]]
    assert order.lengths.tolist() == [[2], [1]]


def test_an_order_cut_short():
    order = random_order(FILLED, CHANCES).first(torch.tensor([[2], [5]]))
    assert order.ranks.tolist() == [[[0, 1, UNLISTED, UNLISTED]], [[1, 0, UNLISTED, UNLISTED]]]
    assert order.lengths.tolist() == [[2], [2]]


def test_chance_knows_the_pair_and_not_its_batch():
    profiles = histories([[0, 1, 2, 3], [1, 2]], 5)
    items = torch.tensor([[4, 3], [0, 4]])
    whole = chances_of(profiles, history_slots(profiles.items), items, seed=1)
    alone = profiles.rows(np.array([1]))
    part = chances_of(alone, history_slots(alone.items), items[1:], seed=1)
    assert torch.equal(whole[1:, :, :2], part)
    assert not torch.equal(whole, chances_of(profiles, history_slots(profiles.items), items, seed=2))


def test_random_orders_are_all_equally_likely():
    users = histories([[0, 1, 2]], 4)
    slots = history_slots(users.items)
    drawn = [chances_of(users, slots, torch.zeros(1, 1, dtype=torch.int64), seed=seed) for seed in range(1200)]
    ranks = random_order(torch.ones(1200, 3, dtype=torch.bool), torch.cat(drawn)).ranks[:, 0]
    _, counts = torch.unique(ranks, dim=0, return_counts=True)
    assert len(counts) == 6
    assert counts.min() > 150  # 200 each; 50 is four standard deviations
