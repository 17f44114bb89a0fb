"""The sparse factor-to-group mapping O, and the proximal step of its group lasso."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from graphrec.models.indgrm.config import InDGRMConfig


class Mapping(nn.Module):
    """o_u^(g) = Σ_k π̃_uk O^(k, g): a vector for each group, amortised through the clusters so that newcomers have one.

    As printed there is one for each user and group. The lasso is over whole vectors, so that it switches off the link
    of a cluster and a group, never one factor; (10) has a minus before it, by mistake. The Gamma of (8) integrates out
    to the lasso: nothing is drawn.

    Args:
        n_groups: G.
        config: of the model.
    """

    def __init__(self, n_groups: int, config: InDGRMConfig) -> None:
        super().__init__()
        self._threshold = config.learning_rate * config.lasso
        self.weight = nn.Parameter(torch.zeros(config.clusters, n_groups, config.embedding_size))

    def forward(self, latents: torch.Tensor, gates: torch.Tensor) -> torch.Tensor:
        """Return o_u^(g) · z, [B, G], of z [B, d] and gates [B, K]."""
        count, groups, _ = self.weight.shape
        each = (latents @ self.weight.flatten(0, 1).T).view(len(latents), count, groups)
        return torch.bmm(gates[:, None, :], each)[:, 0]

    def vectors(self, gates: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
        """Return o_u^(g) of n groups of each user, int64 [B, n]: [B, n, d]."""
        each = (gates @ self.weight.flatten(1)).view(len(gates), *self.weight.shape[1:])
        return each[torch.arange(len(gates))[:, None], groups]

    @torch.no_grad()
    def shrink(self) -> None:
        """Take the proximal step: o ← o / ‖o‖ · max(0, ‖o‖ − η λ_o), which makes exact zeros."""
        lengths = self.weight.norm(dim=2, keepdim=True)
        self.weight.mul_((1 - self._threshold / lengths.clamp(min=1e-30)).clamp(min=0))

    @property
    def share_of_links(self) -> float:
        """Share of the pairs of a cluster and a group that are linked."""
        return float((self.weight != 0).any(dim=2).float().mean())
