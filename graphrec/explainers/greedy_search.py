"""The greedy search for a small set of inputs without which an item would not be in a user's top K.

All pairs go step by step together: add to each set the input whose absence lowers the item's margin most, until the
item is out; then put back what turns out not to be needed, the least needed first. What remains has no member that
could be put back. That no smaller set exists is not promised: finding the smallest is NP-hard in general.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from graphrec.explainers.margins import UserItemPairs


def smallest_sets(pairs: UserItemPairs, removable: torch.Tensor, largest: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Search for a set for every pair.

    Args:
        pairs: P of them.
        removable: bool [P, n], inputs that a set may hold. One input of a user always remains.
        largest: members of a set, at most.

    Returns:
        Members, bool [P, n], none where no set was found; and how much of the margin each member takes, which is how
        far inside the item would be with this member put back, less how far outside it is now: float32 [P, n].
    """
    removed = torch.zeros_like(removable)
    start = pairs.margins(torch.arange(len(removed)), pairs.slots.filled[:, None, :])[:, 0]
    out = torch.zeros(len(removed), dtype=torch.bool)
    # An item that is out already needs nothing to leave, and one with too few rivals can never leave.
    searching = (start >= 0) & torch.isfinite(start)
    room = pairs.slots.filled.sum(dim=1) - 1
    for size in range(largest):
        searching &= (room > size) & (removable & ~removed).any(dim=1)
        rows = torch.nonzero(searching)[:, 0]
        if not len(rows):
            break
        slot, margin = _strongest(pairs, rows, removed[rows], removable[rows])
        removed[rows, slot] = True
        out[rows] = margin < 0
        searching &= ~out
    removed &= out[:, None]
    return removed, _pruned(pairs, removed)


def _strongest(
    pairs: UserItemPairs, rows: torch.Tensor, removed: torch.Tensor, removable: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return for each of A pairs the input whose absence leaves the smallest margin, and that margin."""
    slots, valid = _listed(removable & ~removed)
    on_inputs = (pairs.slots.filled[rows.numpy()] & ~removed)[:, None, :].repeat(1, slots.shape[1], 1)
    on_inputs.scatter_(2, slots[:, :, None], value=False)
    margin, place = pairs.margins(rows, on_inputs).masked_fill(~valid, float("inf")).min(dim=1)
    return slots.gather(1, place[:, None])[:, 0], margin


def _pruned(pairs: UserItemPairs, removed: torch.Tensor) -> torch.Tensor:
    """Put back, in place, members that are not needed; return the share of the margin of each remaining member."""
    share_of_member = torch.zeros(removed.shape)
    rows = torch.nonzero(removed.any(dim=1))[:, 0]
    while len(rows):
        slots, valid = _listed(removed[rows])
        filled = pairs.slots.filled[rows]
        without = (filled & ~removed[rows])[:, None, :].repeat(1, slots.shape[1] + 1, 1)
        back = torch.zeros_like(without[:, 1:]).scatter_(2, slots[:, :, None], value=True) & valid[:, :, None]
        without[:, 1:] |= back
        margins = pairs.margins(rows, without)
        inside = margins[:, 1:].masked_fill(~valid, float("inf"))
        lowest, place = inside.min(dim=1)
        needless = lowest < 0
        is_minimal = ~needless
        share = (inside - margins[:, :1]).masked_fill(~valid, 0.0)
        share_of_member[rows[is_minimal]] = torch.zeros(int(is_minimal.sum()), removed.shape[1]).scatter_add_(
            1, slots[is_minimal], share[is_minimal]
        )
        removed[rows[needless], slots[needless, place[needless]]] = False
        rows = rows[needless]
    return share_of_member


def _listed(mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the true columns of each row, int64 [A, most], and which of these places are filled."""
    counts = mask.sum(dim=1)
    columns = mask.to(torch.uint8).argsort(dim=1, descending=True, stable=True)[:, : int(counts.max())]
    return columns, torch.arange(columns.shape[1]) < counts[:, None]
