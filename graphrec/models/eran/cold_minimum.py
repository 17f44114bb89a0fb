"""The paper's score of an item that nobody took: the least similarity to an item of the history (14).

min_j −‖h_ux − h_uj‖² is negative for every user; the mean squared distance of two items of the catalogue is added, one
number for all users and items, so that the one item j that decides supports where it is nearer than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.models.eran.items import ItemVectors, attention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.models.eran.histories import Histories
    from graphrec.models.eran.scoring import UsualItem


@dataclass(frozen=True, eq=False)
class NewItems:
    """What (14) needs of all items.

    Attributes:
        catalogue: all items, [K, 1, items, d].
        is_new: bool [items], those that nobody took in training.
        usual: of the catalogue.
        scale: s.
    """

    catalogue: ItemVectors
    is_new: torch.Tensor
    usual: UsualItem
    scale: float

    @property
    def numbers(self) -> int:
        """Numbers in the vectors of one item, K · d."""
        return self.catalogue.vectors.shape[0] * self.catalogue.vectors.shape[3]


def similarities(known: NewItems, nodes: torch.Tensor, histories: Histories, items: torch.Tensor) -> torch.Tensor:
    """Return −‖h_ux − h_uj‖² plus the mean squared distance of two items, times s, [B, M, T, n].

    Args:
        known: of all items.
        nodes: int64 [B, n], the taken items; any in padding.
        histories: M of each user.
        items: int64 [B, T].
    """
    usual, own, asked = known.usual, known.catalogue.named(nodes), known.catalogue.named(items)
    h_own, h_items = (
        (attention(histories.users, part)[..., None] * part.vectors[:, :, None]).sum(dim=0) for part in (own, asked)
    )
    squares = (h_items**2).sum(dim=3)[..., None] - 2 * h_items @ h_own.transpose(-1, -2)
    squares = squares + (h_own**2).sum(dim=3)[:, :, None]
    spread = 2 * (usual.square - usual.mean @ usual.mean)
    return known.scale * (spread - squares)


def least(values: torch.Tensor, is_on: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the least similarity to an item that is on, [B, M, T], and the place of that item; 0 where none is on.

    Args:
        values: [B, M, T, n].
        is_on: bool [B, M, n].
    """
    found, place = values.masked_fill(~is_on[:, :, None], float("inf")).min(dim=3)
    return torch.where(found.isinf(), torch.zeros_like(found), found), place


def with_minimum(
    known: NewItems,
    scored: torch.Tensor,
    nodes: torch.Tensor,
    is_on: torch.Tensor,
    histories: Histories,
    items: torch.Tensor | None,
) -> torch.Tensor:
    """Return scores [B, M, T] with those of new items replaced by (14) and the bias.

    Args:
        known: of all items.
        scored: by the sum over the history.
        nodes: int64 [B, n], the taken items; any in padding.
        is_on: bool [B, M, n], which of them are there.
        histories: M of each user.
        items: int64 [B, T]; None for all items.
    """
    users = len(scored)
    if items is None:
        replaced, new = scored.clone(), known.is_new.nonzero()[:, 0]
        for part in _item_blocks(known, nodes, len(new)):
            asked = new[part].expand(users, -1)
            replaced[:, :, new[part]] = _least_blockwise(known, nodes, is_on, histories, asked)
        return replaced
    is_new = known.is_new[items]
    if not bool(is_new.any()):
        return scored
    parts = [
        _least_blockwise(known, nodes, is_on, histories, items[:, part])
        for part in _item_blocks(known, nodes, items.shape[1])
    ]
    return torch.where(is_new[:, None], torch.cat(parts, dim=2), scored)


def _item_blocks(known: NewItems, nodes: torch.Tensor, items: int) -> Iterator[slice]:
    """Return slices of items of which one setting of the users' histories is compared at once."""
    return row_blocks(items, len(nodes) * (nodes.shape[1] + known.numbers))


def _least_blockwise(
    known: NewItems, nodes: torch.Tensor, is_on: torch.Tensor, histories: Histories, items: torch.Tensor
) -> torch.Tensor:
    """Return (14) and the bias, [B, M, T], of some settings of the histories at a time."""
    users, settings, n = is_on.shape
    width = items.shape[1]
    parts = [
        least(similarities(known, nodes, histories.settings(part), items), is_on[:, part])[0]
        for part in row_blocks(settings, users * (n * width + known.numbers * (n + width)))
    ]
    return torch.cat(parts, dim=1) + known.catalogue.bias[0][items][:, None]
