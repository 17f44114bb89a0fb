"""In which order the evidence of each pair is named: from weights, from a list of reasons, or at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from graphrec.explaining.seeded_draws import slot_keys, uniform, user_keys

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots

UNLISTED = 2**31 - 1
"""Rank of a slot that the order does not name: behind every other."""


@dataclass(frozen=True, eq=False)
class Order:
    """The evidence of B × k pairs, most relevant first.

    Attributes:
        ranks: int32 [B, k, n], the place of each slot counted from 0; ``UNLISTED`` where the order does not name it.
        lengths: int64 [B, k], how many slots the order names.
    """

    ranks: torch.Tensor
    lengths: torch.Tensor

    def first(self, count: torch.Tensor) -> Order:
        """Return the order cut to the first ``count`` slots of each pair, int64 [B, k]."""
        cut = self.ranks.masked_fill(self.ranks >= count[:, :, None], UNLISTED)
        return Order(cut, torch.minimum(self.lengths, count))


def order_of_weights(
    weights: torch.Tensor, filled: torch.Tensor, chances: torch.Tensor, *, supporting: bool = False
) -> Order:
    """Order evidence by descending weight, sign included: what opposes comes last.

    Ties are broken by chance, so that neither the order of slots nor the zeros that two explainers share look like
    agreement. A NaN claims nothing and is not listed.

    Args:
        weights: [B, k, n].
        filled: bool [B, n]; false in padding.
        chances: float64 [B, k, n], as ``chances_of`` draws them: the greater of a tie comes first.
        supporting: list positive weights alone, as stored reasons do.
    """
    listed = filled[:, None, :] & ~torch.isnan(weights)
    if supporting:
        listed = listed & (weights > 0)
    shuffled = chances.argsort(dim=2, descending=True)
    strengths = weights.masked_fill(~listed, float("-inf")).gather(2, shuffled)
    places = shuffled.gather(2, strengths.argsort(dim=2, descending=True, stable=True))
    # A claim of minus infinity would stand among what is not listed.
    places = places.gather(2, (~listed).gather(2, places).to(torch.int8).argsort(dim=2, stable=True))
    count = torch.arange(places.shape[2], dtype=torch.int32).expand(places.shape)
    ranks = torch.empty(places.shape, dtype=torch.int32).scatter_(2, places, count)
    return Order(ranks.masked_fill(~listed, UNLISTED), listed.sum(dim=2))


def order_of_listed(places: torch.Tensor, slots: int) -> Order:
    """Return the order that a list of reasons states.

    Args:
        places: int64 [B, k, R], the slot of each reason, strongest first, none twice; −1 behind the last one.
        slots: n.
    """
    users, items, length = places.shape
    ranks = torch.full((users, items, slots + 1), UNLISTED, dtype=torch.int32)
    at = torch.where(places < 0, slots, places)  # one slot more takes what is absent
    ranks.scatter_(2, at, torch.arange(length, dtype=torch.int32).expand(users, items, -1))
    return Order(ranks[:, :, :slots].contiguous(), (places >= 0).sum(dim=2))


def random_order(filled: torch.Tensor, chances: torch.Tensor) -> Order:
    """Return all evidence in the order of descending chances; arguments as for ``order_of_weights``."""
    return order_of_weights(chances, filled, chances)


def chances_of(profiles: Profiles, slots: Slots, items: torch.Tensor, *, seed: int) -> torch.Tensor:
    """Draw a number for every slot of every pair, float64 [B, k, n] in (0, 1), whatever else is in the batch.

    Args:
        profiles: of B users.
        slots: their inputs, n at most.
        items: int64 [B, k].
        seed: another one gives other numbers.
    """
    user, slot = user_keys(profiles, slots), slot_keys(slots)
    return torch.from_numpy(uniform(seed, user[:, None, None], items.numpy()[:, :, None], slot[:, None, :]))
