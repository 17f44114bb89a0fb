"""Losses that several models share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from graphrec.arrays.bounded_blocks import blocks
from graphrec.models.masked_items import places_in_block

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence

EXAMPLES_AT_ONCE = 1024
"""Rows whose logits are held at once."""


class _SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        inputs: torch.Tensor,
        weights: torch.Tensor,
        labels: torch.Tensor,
        masked: Incidence | None,
        correction: torch.Tensor | None,
    ) -> torch.Tensor:
        kind = torch.get_autocast_dtype(inputs.device.type) if _mixed(inputs) else inputs.dtype
        weight = weights.to(kind)
        loss = torch.zeros((), dtype=torch.float32, device=inputs.device)
        to_inputs = torch.empty_like(inputs)
        to_weights = torch.zeros_like(weights)
        for rows in blocks(len(inputs), EXAMPLES_AT_ONCE):
            part = inputs[rows].to(kind)
            label = labels[rows, None]
            logits = (part @ weight.T).float()
            if correction is not None:
                logits += correction
            at_label = logits.gather(1, label)
            if masked is not None:
                logits[places_in_block(masked, rows, inputs.device)] = float("-inf")
            top = logits.amax(dim=1, keepdim=True)
            exponents = logits.sub_(top).exp_()
            total = exponents.sum(dim=1, keepdim=True)
            loss += (total.log() + top - at_label).sum()
            error = exponents.div_(total).scatter_add_(1, label, torch.full_like(at_label, -1.0)).to(kind)
            to_inputs[rows] = error @ weight
            to_weights += error.T @ part
        ctx.save_for_backward(to_inputs, to_weights)
        ctx.n = len(inputs)
        return loss / len(inputs)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None, None, None]:
        to_inputs, to_weights = ctx.saved_tensors
        scale = gradients[0] / ctx.n
        return to_inputs * scale, to_weights * scale, None, None, None


def softmax_cross_entropy(
    inputs: torch.Tensor,
    weights: torch.Tensor,
    labels: torch.Tensor,
    masked: Incidence | None = None,
    correction: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the mean of −log softmax(W x)_label, without ever holding all logits.

    The gradients are computed in the same pass, slice by slice, so that memory is a slice of examples × items and not
    the batch. Under autocast the products are in its type and the softmax is in float32.

    Args:
        inputs: x, float32 [examples, d].
        weights: W, float32 [items, d].
        labels: int64 [examples].
        masked: examples × items, those that the softmax of an example leaves out, never its label; None for none.
        correction: float32 [items], added to the scores of items that stand for others (``sampled_softmax``), without a
            gradient; None for 0.
    """
    loss: torch.Tensor = _SoftmaxCrossEntropy.apply(inputs, weights, labels, masked, correction)
    return loss


def _mixed(tensor: torch.Tensor) -> bool:
    return torch.is_autocast_enabled(tensor.device.type)
