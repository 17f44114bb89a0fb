"""The sliced cross-entropy against PyTorch's own."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

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
