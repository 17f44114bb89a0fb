"""The items that a history scores, with their vectors in every network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, eq=False)
class ItemVectors:
    """Vectors and biases of T items for each of B users; B is 1 where all users are asked about the same items.

    Attributes:
        vectors: h, [K, B, T, d], zeros where an item has no edge in a network.
        bias: b, [B, T].
        edges: ``has_edge`` where it is known; None where it is to be seen by the vectors.
    """

    vectors: torch.Tensor
    bias: torch.Tensor
    edges: torch.Tensor | None = None

    @cached_property
    def has_edge(self) -> torch.Tensor:
        """Whether an item has an edge in each network, bool [K, B, T]."""
        return self.vectors.detach().any(dim=3) if self.edges is None else self.edges

    @cached_property
    def share(self) -> torch.Tensor:
        """Share of the networks in which an item has an edge, [B, T]."""
        return self.has_edge.float().mean(dim=0)

    def products(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return the inner products with users' vectors [B, M, d], or [K, B, M, d]: [K, B, M, T]."""
        return vectors @ self.vectors.transpose(-1, -2)

    def named(self, items: torch.Tensor) -> ItemVectors:
        """Return some items of each user, of a catalogue [K, 1, items, d].

        Args:
            items: int64 [B, k].
        """
        return ItemVectors(self.vectors[:, 0][:, items], self.bias[0][items], self.has_edge[:, 0][:, items])


def attention(users: torch.Tensor | None, items: ItemVectors) -> torch.Tensor:
    """Return ã_{u,i}^k = softmax_k ⟨h_i^k, z_u⟩ over the networks in which an item has an edge (5, 6).

    Args:
        users: z, [B, M, d]; None for the same attention to all of these networks.
        items: T for each user.

    Returns:
        [K, B, M, T], or [K, B, 1, T] where it is even; zeros for an item without any edge.
    """
    has_edge = items.has_edge[:, :, None, :]
    if users is None:
        return has_edge.float() / has_edge.sum(dim=0).clamp(min=1)
    logits = items.products(users).masked_fill(~has_edge, float("-inf"))
    top = logits.detach().amax(dim=0).clamp(min=-1e30)
    exponents = (logits - top).exp()
    return exponents / exponents.sum(dim=0).clamp(min=1e-30)
