"""What a decoder's scores cost on the items that users took: a likelihood, or squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from torch.nn import functional

if TYPE_CHECKING:
    import torch

    from graphrec.models.autoencoders.taken_items import TakenItems

Likelihood = Literal["multinomial", "squared"]


def multinomial_cost(scores: torch.Tensor, taken: TakenItems) -> torch.Tensor:
    """Return the mean over users of −Σ_i x_i log softmax_i(s).

    Source: Liang et al., "Variational Autoencoders for Collaborative Filtering", WWW 2018, equation 2.

    Args:
        scores: s, [B, items].
        taken: x of the same users.
    """
    return -(functional.log_softmax(scores, dim=1) * taken.dense()).sum() / len(taken)


def squared_cost(scores: torch.Tensor, taken: TakenItems) -> torch.Tensor:
    """Return the mean over users of ‖x − s‖²; arguments as for ``multinomial_cost``."""
    return (taken.dense() - scores).square().sum() / len(taken)


def reconstruction_cost(scores: torch.Tensor, taken: TakenItems, likelihood: Likelihood) -> torch.Tensor:
    """Return the cost of a name; arguments as for ``multinomial_cost``."""
    return multinomial_cost(scores, taken) if likelihood == "multinomial" else squared_cost(scores, taken)
