"""The paper's score of an item that nobody took: the least similarity to an item of the history (14).

min_j −‖h_ux − h_uj‖² is negative for every user; the mean squared distance of two items of the catalogue is added, one
number for all users and items, so that the one item j that decides supports where it is nearer than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.models.eran.items import ItemVectors, attention

if TYPE_CHECKING:
    from graphrec.models.eran.histories import Histories
    from graphrec.models.eran.member import Member


def similarities(member: Member, nodes: torch.Tensor, histories: Histories, items: torch.Tensor) -> torch.Tensor:
    """Return −‖h_ux − h_uj‖² plus the mean squared distance of two items, times s, [B, M, T, n].

    Args:
        member: of the form of distance.
        nodes: int64 [B, n], the taken items; any in padding.
        histories: M of each user.
        items: int64 [B, T].
    """
    usual = member.usual
    if usual is None:
        raise ValueError("the minimum is one of distances")
    own_items = member.vectors[:, nodes]
    own, asked = ItemVectors(own_items, own_items.new_zeros(nodes.shape)), member.catalogue.named(items)
    h_own, h_items = (
        (attention(histories.users, part)[..., None] * part.vectors[:, :, None]).sum(dim=0) for part in (own, asked)
    )
    squares = (h_items**2).sum(dim=3)[..., None] - 2 * h_items @ h_own.transpose(-1, -2)
    squares = squares + (h_own**2).sum(dim=3)[:, :, None]
    spread = 2 * (usual.square - usual.mean @ usual.mean)
    return member.config.scale * (spread - squares)


def least(values: torch.Tensor, is_on: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the least similarity to an item that is on, [B, M, T], and the place of that item; 0 where none is on.

    Args:
        values: [B, M, T, n].
        is_on: bool [B, M, n].
    """
    found, place = values.masked_fill(~is_on[:, :, None], float("inf")).min(dim=3)
    return torch.where(found.isinf(), torch.zeros_like(found), found), place
