from __future__ import annotations

import torch

from graphrec.evaluation.explanations.masks import measurable, sizes_of, top_alone, without_top
from tests.evaluation.explanations.stated import listing

FILLED = torch.tensor([[True, True, True], [True, True, False]])
ORDER = listing([[[2, 0, 1]], [[1, 0, -1]]], 3)
SIZES = torch.tensor([1, 2]).expand(2, 1, 2)


def test_masks_by_hand():
    assert without_top(ORDER, FILLED, SIZES).int().tolist() == [[[[1, 1, 0], [0, 1, 0]]], [[[1, 0, 0], [0, 0, 0]]]]
    assert top_alone(ORDER, FILLED, SIZES).int().tolist() == [[[[0, 0, 1], [1, 0, 1]]], [[[0, 1, 0], [1, 1, 0]]]]


def test_what_is_removed_and_what_is_alone_are_all_inputs():
    parts = without_top(ORDER, FILLED, SIZES).int() + top_alone(ORDER, FILLED, SIZES).int()
    assert torch.equal(parts, FILLED[:, None, None, :].int().expand_as(parts))


def test_something_must_be_left_and_the_order_must_reach():
    assert measurable(ORDER, FILLED, SIZES).tolist() == [[[True, True]], [[True, False]]]
    short = listing([[[2]], [[1]]], 3)
    assert measurable(short, FILLED, SIZES).tolist() == [[[True, False]], [[True, False]]]


def test_shares_are_rounded_up_to_one_at_least():
    inputs = torch.tensor([10, 3, 1])
    assert sizes_of((0.01, 0.1, 0.2, 0.5), inputs, 1)[:, 0].tolist() == [[1, 1, 2, 5], [1, 1, 1, 2], [1, 1, 1, 1]]
    assert sizes_of((1, 5), inputs, 2).tolist() == [[[1, 5]] * 2] * 3
    assert sizes_of((0.07,), torch.tensor([100]), 1).item() == 7  # .07 · 100 is 7.000000000000001
