"""The encoder: from what users took to e, of which means, deviations and gates are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.indgrm.config import InDGRMConfig
    from graphrec.models.indgrm.groups import Assignment


_FLAT = 1e-4
"""Below this |p|, tanh(p)/p is 1 in float32."""


class Encoder(nn.Module):
    """e = n^−½ Σ_j a_j over the n items taken, the linear part of (14); and f of (14) beside it, where there is one.

    (14) lacks x_ij: as printed, the sum is over the catalogue. ``f`` is a layer with tanh on the items in their groups,
    f = tanh(n^−½ Σ_j (v_j + Σ_g c_jg v'_g)); without a bias, so that what each item brings can be told.

    Args:
        n_items: size of the catalogue.
        n_groups: G.
        config: of the model.
    """

    def __init__(self, n_items: int, n_groups: int, config: InDGRMConfig) -> None:
        super().__init__()
        size = config.embedding_size
        self.size = size

        def vectors(count: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(count, size) / size**0.5)

        self.items = None if config.tied else vectors(n_items)
        self.hidden_items = vectors(n_items) if config.encoder == "network" else None
        self.hidden_groups = vectors(n_groups) if config.encoder == "network" and n_groups else None

    @property
    def width(self) -> int:
        """Length w of e: d, or 2 d with the layer."""
        return self.size if self.hidden_items is None else 2 * self.size

    def table(self, decoded: torch.Tensor, groups: Assignment | None) -> torch.Tensor:
        """Return what each item puts into the sums, [items, w].

        Args:
            decoded: h, [items, d], which is a too where the two are tied.
            groups: of all items; None without groups.
        """
        own = decoded if self.items is None else self.items
        if self.hidden_items is None:
            return own
        hidden: torch.Tensor = self.hidden_items
        if self.hidden_groups is not None and groups is not None:
            hidden = hidden + groups.mixed(self.hidden_groups)
        return torch.cat([own, hidden], dim=1)

    def sums(self, taken: TakenItems, table: torch.Tensor) -> torch.Tensor:
        """Return n^−½ Σ_j over what B users took, [B, w]; 0 for who took nothing."""
        total = functional.embedding_bag(taken.items, table, taken.starts, mode="sum")
        return total * taken.counts.clamp(min=1)[:, None].rsqrt()

    def activated(self, sums: torch.Tensor) -> torch.Tensor:
        """Return e, [..., w], from the sums."""
        if self.hidden_items is None:
            return sums
        return torch.cat([sums[..., : self.size], torch.tanh(sums[..., self.size :])], dim=-1)

    def rescaling(self, sums: torch.Tensor) -> torch.Tensor:
        """Return e / sums of each dimension, [..., w]: 1 in the linear part, tanh(p)/p in the layer, 1 at p = 0."""
        return torch.where(sums.abs() < _FLAT, torch.ones_like(sums), self.activated(sums) / sums)
