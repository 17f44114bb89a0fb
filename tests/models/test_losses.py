"""The sliced cross-entropy against PyTorch's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from graphrec.dataset.incidence import Incidence
from graphrec.models import losses
from graphrec.models.losses import softmax_cross_entropy


@pytest.mark.parametrize("at_once", [3, 7, 100])
def test_value_and_gradients_are_pytorchs(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "EXAMPLES_AT_ONCE", at_once)
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(20, 5, generator=generator, requires_grad=True)
    weights = torch.randn(9, 5, generator=generator, requires_grad=True)
    labels = torch.randint(9, (20,), generator=generator)
    expected = functional.cross_entropy(inputs @ weights.T, labels)
    gradients = torch.autograd.grad(3 * expected, [inputs, weights])
    found = softmax_cross_entropy(inputs, weights, labels)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(torch.autograd.grad(3 * found, [inputs, weights]), gradients)


@pytest.mark.parametrize("at_once", [2, 100])
def test_masked_items_are_as_if_they_were_not_there(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against PyTorch's own with their logits at −inf; an example without any has the whole softmax."""
    monkeypatch.setattr(losses, "EXAMPLES_AT_ONCE", at_once)
    generator = torch.Generator().manual_seed(2)
    inputs = torch.randn(5, 4, generator=generator, requires_grad=True)
    weights = torch.randn(6, 4, generator=generator, requires_grad=True)
    labels = torch.tensor([0, 3, 5, 1, 2])
    masked = Incidence.from_pairs(np.array([0, 0, 2, 4, 4, 4]), np.array([1, 5, 0, 0, 1, 5]), (5, 6))
    hidden = torch.zeros(5, 6, dtype=torch.bool)
    hidden[masked.row_of_entry, masked.indices] = True
    expected = functional.cross_entropy((inputs @ weights.T).masked_fill(hidden, float("-inf")), labels)
    found = softmax_cross_entropy(inputs, weights, labels, masked)
    torch.testing.assert_close(found, expected)
    gradients = torch.autograd.grad(expected, [inputs, weights])
    torch.testing.assert_close(torch.autograd.grad(found, [inputs, weights]), gradients)


def test_a_masked_item_by_hand() -> None:
    """Scores ln 1, ln 2, ln 5, label the first: −ln 1/8 over all, −ln 1/3 without the third."""
    inputs, weights = torch.ones(1, 1), torch.tensor([[1.0], [2.0], [5.0]]).log()
    masked = Incidence.from_pairs(np.array([0]), np.array([2]), (1, 3))
    label = torch.tensor([0])
    assert softmax_cross_entropy(inputs, weights, label).item() == pytest.approx(np.log(8))
    assert softmax_cross_entropy(inputs, weights, label, masked).item() == pytest.approx(np.log(3))


def test_large_logits_do_not_overflow() -> None:
    inputs, weights = torch.tensor([[1000.0]]), torch.tensor([[1.0], [-1.0]])
    assert softmax_cross_entropy(inputs, weights, torch.tensor([1])).item() == pytest.approx(2000.0)


def test_under_autocast_it_is_close() -> None:
    generator = torch.Generator().manual_seed(1)
    inputs, weights = (
        torch.randn(20, 8, generator=generator),
        torch.randn(9, 8, generator=generator, requires_grad=True),
    )
    labels = torch.randint(9, (20,), generator=generator)
    exact = softmax_cross_entropy(inputs, weights, labels)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = softmax_cross_entropy(inputs, weights, labels)
    mixed.backward()
    assert mixed.dtype == torch.float32 == weights.grad.dtype
    assert mixed.item() != exact.item()
    assert mixed.item() == pytest.approx(exact.item(), rel=0.01)


def test_a_correction_by_hand() -> None:
    """Scores ln 1, ln 2, ln 5; the second stands for two items, the third for three: −ln 1/(1 + 4 + 15)."""
    inputs, weights = torch.ones(1, 1, requires_grad=True), torch.tensor([[1.0], [2.0], [5.0]]).log().requires_grad_()
    correction = torch.tensor([1.0, 2.0, 3.0]).log()
    found = softmax_cross_entropy(inputs, weights, torch.tensor([0]), None, correction)
    assert found.item() == pytest.approx(np.log(20))
    (towards,) = torch.autograd.grad(found, weights)
    torch.testing.assert_close(towards, torch.tensor([[1 / 20 - 1], [4 / 20], [15 / 20]]))
