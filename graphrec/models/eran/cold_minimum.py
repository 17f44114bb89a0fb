"""The paper's score of an item that nobody took: the least similarity to an item of the history (14).

min_j −‖h_ux − h_uj‖² is negative for every user; the mean squared distance of two items of the catalogue is added, one
number for all users and items, so that the one item j that decides supports where it is nearer than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.models.eran.items import attention

if TYPE_CHECKING:
    from graphrec.models.eran.histories import Histories
    from graphrec.models.eran.items import ItemVectors
    from graphrec.models.eran.scoring import UsualItem


def similarities(
    own: ItemVectors, asked: ItemVectors, histories: Histories, scale: float, usual: UsualItem
) -> torch.Tensor:
    """Return −‖h_ux − h_uj‖² plus the mean squared distance of two items, times s, [B, M, T, n].

    Args:
        own: the n taken items of each user.
        asked: T items for each.
        histories: M of each user.
        scale: s.
        usual: of the catalogue.
    """
    h_own, h_items = (
        (attention(histories.users, part)[..., None] * part.vectors[:, :, None]).sum(dim=0) for part in (own, asked)
    )
    squares = (h_items**2).sum(dim=3)[..., None] - 2 * h_items @ h_own.transpose(-1, -2)
    squares = squares + (h_own**2).sum(dim=3)[:, :, None]
    spread = 2 * (usual.square - usual.mean @ usual.mean)
    return scale * (spread - squares)


def least(values: torch.Tensor, is_on: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the least similarity to an item that is on, [B, M, T], and the place of that item; 0 where none is on.

    Args:
        values: [B, M, T, n].
        is_on: bool [B, M, n].
    """
    found, place = values.masked_fill(~is_on[:, :, None], float("inf")).min(dim=3)
    return torch.where(found.isinf(), torch.zeros_like(found), found), place
