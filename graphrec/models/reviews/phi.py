"""φ: what of a change of the user's features becomes the weight of each feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from graphrec.models.reviews.net_config import Phi


def phi_of(phi: Phi, change: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """Return the weights of features; see ``PerturbedConfig.phi``.

    Args:
        phi: which.
        change: δ, [..., features].
        features: f_u, of a shape that broadcasts against δ.
    """
    if phi == "signed":
        return change
    if phi == "absolute":
        return change.abs()
    return -change if phi == "negative" else -change * features
