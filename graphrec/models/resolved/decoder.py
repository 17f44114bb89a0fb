"""The decoder (13): how likely each item is, given the segments of a user.

    p(t | u) ∝ Σ_c p(t, c) exp a_c(t) + Σ_c exp a'_c(t),   a_c(t) = <z_u^itm,c, h_t>,   a'_c(t) = <z_u^ent,c, h_t^ent,c>

The score of an item is the logarithm of that sum, computed as a log-sum-exp; its softmax over all items is p(t | u).
As in 5.1, h is a dictionary of its own, not the encoder's z: one vector h_t for an item and one for each entity
factor, the (C1 + 1) · D numbers of an item that the paper counts. The affiliation p(t, c) is that of (10), of the
encoder's z_t: an item belongs to a factor in one way. The prose after (13) swaps C1 and C2; the term of the user's own
vector is left out, as in the paper. With a cosine, a = cos(z, h) / τ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGITS_AT_ONCE = 32_000_000
"""Components that are held at once: users × segments × items of a slice stay below it."""


@dataclass(frozen=True, eq=False)
class Dictionary:
    """The items' side of the decoder, ready for products: of unit length over the root of the temperature in a cosine.

    Attributes:
        items: h_t, [items, D].
        segments: h_t^ent,c, [items, C1, D].
        log_affiliation: log p(t, c), [items, C2].
    """

    items: torch.Tensor
    segments: torch.Tensor
    log_affiliation: torch.Tensor

    def of(self, items: torch.Tensor) -> Dictionary:
        """Return the entries of some items, [m, …] for int64 [m]."""
        return Dictionary(self.items[items], self.segments[items], self.log_affiliation[items])

    def slices(self, users: int) -> Iterator[Dictionary]:
        """Yield the dictionary in slices that keep products with so many users bounded."""
        segments = self.log_affiliation.shape[1] + self.segments.shape[1]
        at_once = max(1, LOGITS_AT_ONCE // max(users * segments, 1))
        for first in range(0, len(self.items), at_once):
            part = slice(first, first + at_once)
            yield Dictionary(self.items[part], self.segments[part], self.log_affiliation[part])


def components(queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary) -> torch.Tensor:
    """Return log p(t, c) + a_c(t) and a'_c(t), [B, C2 + C1, items]; −inf for an absent segment.

    Args:
        queries: z, [B, C2 + C1, D].
        filled: bool [B, C2 + C1].
        dictionary: of the items.
    """
    own = dictionary.log_affiliation.shape[1]
    by_item = queries[:, :own] @ dictionary.items.T + dictionary.log_affiliation.T
    by_entity = torch.einsum("bcd,icd->bci", queries[:, own:], dictionary.segments)
    return torch.cat([by_item, by_entity], dim=1).masked_fill(~filled[:, :, None], float("-inf"))


def components_of_pairs(queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary) -> torch.Tensor:
    """Return the components of pairs, [..., C2 + C1], arguments as for ``components`` with a shape [...] in common."""
    own = dictionary.log_affiliation.shape[-1]
    by_item = (queries[..., :own, :] * dictionary.items[..., None, :]).sum(dim=-1) + dictionary.log_affiliation
    by_entity = (queries[..., own:, :] * dictionary.segments).sum(dim=-1)
    return torch.cat([by_item, by_entity], dim=-1).masked_fill(~filled, float("-inf"))


def components_of_some(queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary) -> torch.Tensor:
    """Return the components of k items asked of each user, [B, M, k, C2 + C1].

    Args:
        queries: [B, M, C2 + C1, D].
        filled: bool [B, M, C2 + C1].
        dictionary: of the items asked, with [B, k] in front.
    """
    own = dictionary.log_affiliation.shape[-1]
    by_item = torch.einsum("bmcd,bkd->bmkc", queries[:, :, :own], dictionary.items)
    by_entity = torch.einsum("bmcd,bkcd->bmkc", queries[:, :, own:], dictionary.segments)
    found = torch.cat([by_item + dictionary.log_affiliation[:, None], by_entity], dim=3)
    return found.masked_fill(~filled[:, :, None, :], float("-inf"))


def scores(queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary) -> torch.Tensor:
    """Return the score of every item, [B, items], slice by slice; 0 for a user without any segment."""
    parts = [components(queries, filled, part).logsumexp(dim=1) for part in dictionary.slices(len(queries))]
    return torch.cat(parts, dim=1).masked_fill(~filled.any(dim=1, keepdim=True), 0.0)


def unit(vectors: torch.Tensor) -> torch.Tensor:
    """Return vectors of unit length; zeros stay zeros."""
    return functional.normalize(vectors, dim=-1)
