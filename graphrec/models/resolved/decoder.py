"""The decoder (13): the likelihood of each item, given the segments of a user.

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

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

LOGITS_AT_ONCE = 1_000_000
"""Components that are held at once: users × segments × items of a slice stay below it; 4 MB, which caches hold."""


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
        """Return the entries of some items, [m, …] for int64 [m], and likewise for any other shape."""

        def chosen(part: torch.Tensor) -> torch.Tensor:
            rows = part.index_select(0, items.flatten())  # faster backwards than part[items]
            return rows.view(*items.shape, *part.shape[1:])

        return Dictionary(chosen(self.items), chosen(self.segments), chosen(self.log_affiliation))

    def slices(self, users: int) -> Iterator[Dictionary]:
        """Yield the dictionary in slices that keep products with so many users bounded."""
        segments = self.log_affiliation.shape[1] + self.segments.shape[1]
        for part in row_blocks(len(self.items), users * segments, LOGITS_AT_ONCE):
            yield Dictionary(self.items[part], self.segments[part], self.log_affiliation[part])


def components_of_pairs(
    queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary, row: torch.Tensor, item: torch.Tensor
) -> torch.Tensor:
    """Return log p(t, c) + a_c(t) and a'_c(t) of pairs of a user and an item, [m, C2 + C1]; −inf for an absent segment.

    Args:
        queries: z, [B, C2 + C1, D].
        filled: bool [B, C2 + C1].
        dictionary: of n items.
        row: int64 [m], of the user of each pair.
        item: int64 [m], the place of its item among the n.
    """
    n_item_factors = dictionary.log_affiliation.shape[1]
    own, of_entities = queries.tensor_split([n_item_factors], dim=1)
    entries = dictionary.of(item)
    by_item = (own.index_select(0, row) * entries.items[:, None]).sum(dim=2) + entries.log_affiliation
    by_entity = (of_entities.index_select(0, row) * entries.segments).sum(dim=2)
    components = torch.cat([by_item, by_entity], dim=1)
    return components if filled.all() else components.masked_fill(~filled[row], float("-inf"))


def components_of_some(queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary) -> torch.Tensor:
    """Return the components of k items of each user, [B, M, k, C2 + C1].

    Args:
        queries: [B, M, C2 + C1, D].
        filled: bool [B, M, C2 + C1].
        dictionary: of the items asked, with [B, k] in front.
    """
    n_item_factors = dictionary.log_affiliation.shape[-1]
    by_item = torch.einsum("bmcd,bkd->bmkc", queries[:, :, :n_item_factors], dictionary.items)
    by_entity = torch.einsum("bmcd,bkcd->bmkc", queries[:, :, n_item_factors:], dictionary.segments)
    terms = torch.cat([by_item + dictionary.log_affiliation[:, None], by_entity], dim=3)
    return terms.masked_fill(~filled[:, :, None, :], float("-inf"))


def scores_of_some(
    queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary, items: torch.Tensor
) -> torch.Tensor:
    """Return the scores of k items of each user, [B, M, k]; 0 where there is no segment.

    Differentiable with respect to the queries; a few users at a time, so that the vectors of their items stay bounded.

    Args:
        queries: [B, M, C2 + C1, D].
        filled: bool [B, M, C2 + C1].
        dictionary: of all items.
        items: int64 [B, k].
    """
    segments, size = queries.shape[2:]
    at_once = max(1, LOGITS_AT_ONCE // max(items.shape[1] * segments * size, 1))
    parts = []
    for first in range(0, len(items), at_once):
        rows = slice(first, first + at_once)
        absent = ~filled[rows].any(dim=2)[:, :, None]
        present = filled[rows] | absent  # a sum over no segment has no gradient; its value is put in behind
        terms = components_of_some(queries[rows], present, dictionary.of(items[rows]))
        parts.append(terms.logsumexp(dim=3).masked_fill(absent, 0.0))
    return torch.cat(parts) if parts else queries.new_zeros(0, filled.shape[1], items.shape[1])


def scores(queries: torch.Tensor, filled: torch.Tensor, dictionary: Dictionary) -> torch.Tensor:
    """Return the score of every item, [B, items]; 0 for a user without any segment.

    A slice of items at a time, in place and so small that it stays in the processor's cache. Nothing of it is
    differentiated: training uses ``components_of_pairs`` and ``log_normaliser``.

    Args:
        queries: z, [B, C2 + C1, D].
        filled: bool [B, C2 + C1].
        dictionary: of the items.
    """
    with torch.no_grad():
        by_segment, absent = queries.transpose(0, 1), None if filled.all() else ~filled.T[:, :, None]
        parts = [_log_sums(by_segment, absent, part) for part in dictionary.slices(len(queries))]
        return torch.cat(parts, dim=1).masked_fill_(~filled.any(dim=1, keepdim=True), 0.0)


def _log_sums(by_segment: torch.Tensor, absent: torch.Tensor | None, dictionary: Dictionary) -> torch.Tensor:
    """Return the logarithm of (13) before it is normalised, [B, items], for segments [C2 + C1, B, D]."""
    n_item_factors = dictionary.log_affiliation.shape[1]
    terms = by_segment.new_empty(*by_segment.shape[:2], len(dictionary.items))
    torch.matmul(by_segment[:n_item_factors], dictionary.items.T, out=terms[:n_item_factors])
    torch.bmm(by_segment[n_item_factors:], dictionary.segments.permute(1, 2, 0), out=terms[n_item_factors:])
    terms[:n_item_factors] += dictionary.log_affiliation.T[:, None]
    if absent is not None:
        terms.masked_fill_(absent, torch.finfo(terms.dtype).min)
    greatest = terms.amax(dim=0)
    return terms.sub_(greatest).exp_().sum(dim=0).log_().add_(greatest)


def unit(vectors: torch.Tensor) -> torch.Tensor:
    """Return vectors of unit length; zeros stay zeros."""
    return functional.normalize(vectors, dim=-1)
