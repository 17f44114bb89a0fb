"""Which evidence becomes a reason."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import torch

from graphrec.explaining.evidence import Evidence
from graphrec.explaining.selection import choose


def evidence(weights: list[list[list[float]]]) -> Evidence:
    values = torch.tensor(weights)
    shape = (values.shape[0], values.shape[2])
    small, wide = np.zeros(shape, np.int8), np.zeros(shape, np.int32)
    return Evidence(small, wide, small, wide, pa.array(["self"]), values)


def test_the_strongest_for_and_against() -> None:
    weighed = evidence([[[0.5, -0.1, 0.0, 2.0, -0.7], [-1.0, -2.0, 0.0, 0.25, 0.0]]])
    chosen = choose(weighed, torch.ones(1, 5, dtype=torch.bool), reasons=3, against=1)
    assert chosen.ranks.tolist() == [1, 2, 3, -1]
    assert chosen.valid.tolist() == [[[True, True, False, True], [True, False, False, True]]]
    assert chosen.slots[0, 0, [0, 1, 3]].tolist() == [3, 0, 4]
    assert chosen.slots[0, 1, [0, 3]].tolist() == [3, 1]
    torch.testing.assert_close(chosen.weights, torch.tensor([[[2.0, 0.5, 0, -0.7], [0.25, 0, 0, -2.0]]]))
    torch.testing.assert_close(chosen.total, torch.tensor([[3.3, 3.25]]))


def test_what_is_not_shown_still_counts_in_the_total() -> None:
    weighed = evidence([[[3.0, 2.0, -1.0]]])
    chosen = choose(weighed, torch.tensor([[False, True, False]]), reasons=2, against=2)
    assert chosen.valid.tolist() == [[[True, False, False, False]]]
    assert chosen.slots[0, 0, 0] == 1
    assert chosen.total.tolist() == [[6.0]]


def test_no_reasons_asked_for() -> None:
    chosen = choose(evidence([[[3.0, -1.0]]]), torch.ones(1, 2, dtype=torch.bool), reasons=0, against=0)
    assert chosen.slots.shape == chosen.weights.shape == (1, 1, 0)
    assert chosen.total.tolist() == [[4.0]]


def test_equal_weights_keep_the_order_of_their_slots_in_any_batch() -> None:
    """Of six equal weights the first three slots are chosen, alone and beside a user with many more."""
    weights = torch.full((1, 1, 6), 0.25)
    wide = torch.zeros(2, 1, 40)
    wide[0, 0, :6], wide[1, 0] = 0.25, torch.linspace(1, 2, 40)
    for batch in (weights, wide):
        shown = torch.ones(batch.shape[0], batch.shape[2], dtype=torch.bool)
        chosen = choose(evidence(batch.tolist()), shown, reasons=3, against=0)
        assert chosen.slots[0, 0].tolist() == [0, 1, 2]
