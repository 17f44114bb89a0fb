"""Item groups: prototypes, how near items are to them, and which group each item is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.models.indgrm.config import InDGRMConfig


SHORTEST = 1e-6
"""Vectors that are shorter count as if they had this length, so that there is always a direction to speak of."""


def scaled_similarity(first: torch.Tensor, second: torch.Tensor, config: InDGRMConfig) -> torch.Tensor:
    """Return cos/τ between each row of two matrices, or their inner products, [n, m]; 0 for a row of zeros.

    Args:
        first: [n, d].
        second: [m, d].
        config: with ``similarity`` and ``temperature``.
    """
    if config.similarity == "inner":
        return first @ second.T
    return directions(first) @ directions(second).T / config.temperature


def directions(vectors: torch.Tensor) -> torch.Tensor:
    """Return vectors [..., d] at length 1; those of zeros stay."""
    return functional.normalize(vectors, dim=-1, eps=SHORTEST)


@dataclass(frozen=True, eq=False)
class Drawn:
    """Groups of a step, one-hot, with the gradients of soft ones (straight through).

    Attributes:
        one_hot: c, float32 [items, G].
    """

    one_hot: torch.Tensor

    def spread(self, of_groups: torch.Tensor) -> torch.Tensor:
        """Return for every item the column of its group, from [B, G] to [B, items]."""
        return of_groups @ self.one_hot.T

    def mixed(self, of_groups: torch.Tensor) -> torch.Tensor:
        """Return for every item the row of its group, from [G, n] to [items, n]."""
        return self.one_hot @ of_groups

    def of(self, items: torch.Tensor) -> Drawn:
        """Return the groups of some items, int64 [C]."""
        return Drawn(self.one_hot[items])

    def detached(self) -> Drawn:
        """Return the same groups without gradients."""
        return Drawn(self.one_hot.detach())


@dataclass(frozen=True, eq=False)
class Nearest:
    """The group of every item in scoring. Methods are as in ``Drawn``.

    Attributes:
        group: int64 [items].
    """

    group: torch.Tensor

    def spread(self, of_groups: torch.Tensor) -> torch.Tensor:
        """Return for every item the column of its group, from [B, G] to [B, items]."""
        return of_groups[:, self.group]

    def mixed(self, of_groups: torch.Tensor) -> torch.Tensor:
        """Return for every item the row of its group, from [G, n] to [items, n]."""
        return of_groups[self.group]


Assignment = Drawn | Nearest


class Prototypes(nn.Module):
    """p_g of (6).

    Args:
        n_groups: G.
        config: of the model.
    """

    def __init__(self, n_groups: int, config: InDGRMConfig) -> None:
        super().__init__()
        self._config = config
        self.vectors = nn.Parameter(torch.randn(n_groups, config.embedding_size) / config.embedding_size**0.5)

    def logits(self, items: torch.Tensor) -> torch.Tensor:
        """Return cos(h_j, p_g)/τ, [n, G], of items with vectors [n, d]."""
        return scaled_similarity(items, self.vectors, self._config)

    def drawn(self, items: torch.Tensor) -> Drawn:
        """Return a group for each item, drawn by (6) with Gumbel noise, or without noise the nearest one.

        The gradient is that of softmax((log s + noise) / temperature) (Jang, Gu, Poole, "Categorical reparameterization
        with Gumbel-softmax", ICLR 2017). The paper's N_j, groups of an item, is 1.
        """
        logits, heat = self.logits(items), self._config.gumbel_temperature
        if self._config.gumbel:
            return Drawn(functional.gumbel_softmax(logits, tau=heat, hard=True))
        soft = torch.softmax(logits / heat, dim=1)
        hard = functional.one_hot(logits.argmax(dim=1), logits.shape[1]).to(soft)
        return Drawn(hard + soft - soft.detach())

    def nearest(self, items: torch.Tensor) -> Nearest:
        """Return the group of the largest s for each item."""
        return Nearest(self.logits(items).argmax(dim=1))

    def memberships(self, items: torch.Tensor) -> torch.Tensor:
        """Return s of (6), [n, G]: rows sum to 1."""
        return torch.softmax(self.logits(items), dim=1)
