"""Strengths of inputs: from 0, switched off, to 1, unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots


def checked_strengths(strengths: torch.Tensor) -> torch.Tensor:
    """Return strengths as float32.

    Args:
        strengths: numbers from 0 to 1, or bool for off and on; of any shape.

    Raises:
        UsageError: a number below 0, above 1, or NaN.
    """
    if strengths.dtype == torch.bool:
        return strengths.float()
    outside = ~((strengths >= 0) & (strengths <= 1))
    if outside.any():
        raise UsageError(
            f"the strength of an input is {float(strengths[outside][0]):g}",
            remedy="Give numbers from 0, which switches an input off, to 1, which leaves it as it is",
        )
    return strengths.float()


def on_or_off(strengths: torch.Tensor, model: str) -> torch.Tensor:
    """Return strengths as bool, for a model whose inputs are either off or on.

    Args:
        strengths: 0 or 1, or bool; of any shape.
        model: its name, for messages.

    Raises:
        UsageError: a strength between 0 and 1, or one that is to be differentiated.
    """
    if strengths.dtype == torch.bool:
        return strengths
    refuse_gradient(strengths, model)
    exact = checked_strengths(strengths)
    if ((exact > 0) & (exact < 1)).any():
        raise UsageError(
            f"{model} has inputs that are on or off: a strength between 0 and 1 has no meaning in it",
            remedy="Give strengths of 0 and 1 alone, or take a model whose score_with knows what lies between",
        )
    return exact > 0


def refuse_gradient(strengths: torch.Tensor, model: str) -> None:
    """Raise UsageError if gradients by strengths are needed of a model that is not differentiable by them."""
    if strengths.requires_grad and torch.is_grad_enabled():
        raise UsageError(
            f"the scores of {model} cannot be differentiated with respect to the strengths of its inputs",
            remedy="Detach the strengths, or take a model whose attribute differentiable is true",
        )


def input_nodes(slots: Slots) -> torch.Tensor:
    """Return the node in each slot, int64 [B, n]; 0 in padding, whose strength is 0."""
    return torch.from_numpy(slots.nodes).clamp(min=0).long()
