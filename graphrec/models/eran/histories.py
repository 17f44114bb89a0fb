"""What scores need of a user's history: how long it is, whom its items are looked at by, and sums of their vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from graphrec.models.eran.items import ItemVectors, attention

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class Histories:
    """B users with M settings of their histories each.

    Attributes:
        length: n, whose root divides, [B, M]: the sum of the strengths of the items, or that with all items on.
        total: Σ_j s_j, [B, M].
        users: z, [B, M, d]; None where attention is even.
        sums: Σ_j s_j h_j^k, [K, B, M, d], for the form of networks; Σ_j s_j h_uj, [1, B, M, d], for that of distance.
    """

    length: torch.Tensor
    total: torch.Tensor
    users: torch.Tensor | None
    sums: torch.Tensor

    def settings(self, part: slice) -> Histories:
        """Return some of the settings of every user."""
        users = None if self.users is None else self.users[:, part]
        return Histories(self.length[:, part], self.total[:, part], users, self.sums[:, :, part])

    def as_rows(self) -> Histories:
        """Return the settings of all users as one user's, [1, B · M]: what is asked of a whole catalogue."""
        users = None if self.users is None else self.users.flatten(0, 1)[None]
        length, total = self.length.reshape(1, -1), self.total.reshape(1, -1)
        return Histories(length, total, users, self.sums.flatten(1, 2)[:, None])


@dataclass(frozen=True, eq=False)
class ItemTables:
    """What is known of all items.

    Attributes:
        vectors: h, [K, items, d].
        of_users: what each item puts into z_u, [items, d]; None where z_u is not made of the history.
        distance: whether vectors are weighed by attention before they are summed (7).
    """

    vectors: torch.Tensor
    of_users: torch.Tensor | None
    distance: bool


def users_of_histories(of_users: torch.Tensor, taken: Incidence) -> torch.Tensor:
    """Return z_u as the mean of what the items of the history carry, [B, d]; zeros for an empty history.

    Args:
        of_users: what each item puts into z, [items, d].
        taken: B × items.
    """
    nodes, starts, counts = (
        torch.from_numpy(part).long().to(of_users.device) for part in (taken.indices, taken.indptr[:-1], taken.counts)
    )
    return functional.embedding_bag(nodes, of_users, starts, mode="sum") / counts.clamp(min=1)[:, None]


def ragged_histories(tables: ItemTables, taken: Incidence, users: torch.Tensor | None) -> Histories:
    """Return histories as they are, M = 1, without padding.

    Args:
        tables: of all items.
        taken: B × items.
        users: z, [B, d], where it is not made of the history; None also where attention is even.
    """
    device = tables.vectors.device
    nodes = torch.from_numpy(taken.indices).long().to(device)
    starts = torch.from_numpy(taken.indptr[:-1]).to(device)
    length = torch.from_numpy(taken.counts).to(device).float()

    def summed(vectors: torch.Tensor, weights: torch.Tensor | None = None) -> torch.Tensor:
        return functional.embedding_bag(nodes, vectors, starts, mode="sum", per_sample_weights=weights)

    if tables.of_users is not None:
        users = users_of_histories(tables.of_users, taken)
    if not tables.distance:
        sums = torch.stack([summed(vectors) for vectors in tables.vectors])
    else:
        row = torch.from_numpy(taken.row_of_entry).to(device)
        own = ItemVectors(tables.vectors[:, nodes][:, :, None], tables.vectors.new_zeros(1, 1))
        weights = attention(None if users is None else users[row][:, None], own)[:, :, 0, 0]
        sums = torch.stack(
            [summed(vectors, weight) for vectors, weight in zip(tables.vectors, weights, strict=True)]
        ).sum(dim=0)[None]
    looking = None if users is None else users[:, None]
    return Histories(length[:, None], length[:, None], looking, sums[:, :, None])


def padded_histories(
    tables: ItemTables,
    nodes: torch.Tensor,
    strengths: torch.Tensor,
    users: torch.Tensor | None,
    held: torch.Tensor | None = None,
) -> Histories:
    """Return histories with items at any strength.

    Args:
        tables: of all items.
        nodes: int64 [B, n], the items of each user; any in padding.
        strengths: s, float32 [B, M, n]; 0 in padding.
        users: z, [B, d], where it is not made of the history; None also where attention is even.
        held: float32 [B, n], the strengths with all inputs on, where length and attention are to stay as with these.
    """
    total = strengths.sum(dim=2)
    length = total if held is None else held.sum(dim=1)[:, None].expand_as(total)
    counted = strengths if held is None else held[:, None].expand_as(strengths)
    own = tables.vectors[:, nodes]
    looking = None if users is None else users[:, None].expand(-1, strengths.shape[1], -1)
    if tables.of_users is not None:
        divisor = length[:, :, None]
        looking = (counted @ tables.of_users[nodes]) / torch.where(divisor > 0, divisor, torch.ones_like(divisor))
    if not tables.distance:
        return Histories(length, total, looking, strengths[None] @ own)
    weights = attention(looking, ItemVectors(own, own.new_zeros(own.shape[1:3])))
    return Histories(length, total, looking, ((strengths[None] * weights) @ own).sum(dim=0)[None])
