"""The greedy search for a small set of changes by which an item is overtaken.

All pairs go step by step together: add to each set the change that lowers the item's margin most, until the item is out
(where a part of a change is possible and several would do, the one of which the smallest part suffices); then take back
what turns out not to be needed, the least needed first. Where changes are divisible, the member that takes least from
the margin for its size is then cut to the part that just suffices. What remains has no member that could be taken back.
That no smaller set exists is not promised: finding the smallest is NP-hard in general.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.arrays.mask_columns import mask_columns

if TYPE_CHECKING:
    from graphrec.explainers.counterfactual.pairs import ChangedPairs, Proposals

HALVINGS = 16
"""Steps of the bisection that cuts a change to the part that suffices: it is known to 1/65,536 of the whole."""


def smallest_changes(pairs: ChangedPairs, largest: int) -> torch.Tensor:
    """Search for the changes of every pair, float32 [P, n], as large as they can be; none where none suffice.

    Args:
        pairs: P of them.
        largest: members of a set, at most.
    """
    count = len(pairs.items)
    changes = torch.zeros(count, pairs.width)
    margins = pairs.margins(torch.arange(count), changes[:, None])[:, 0]
    out = torch.zeros(count, dtype=torch.bool)
    # An item that is out already needs nothing to leave, and one with too few rivals can never leave.
    searching = (margins >= 0) & torch.isfinite(margins)
    for _ in range(largest):
        rows = torch.nonzero(searching)[:, 0]
        if not len(rows):
            break
        proposed = pairs.proposals(rows, changes[rows], margins[rows])
        able = proposed.valid.any(dim=1)
        searching[rows[~able]] = False
        rows, proposed = rows[able], type(proposed)(*(part[able] for part in proposed))
        chosen, margins[rows] = _strongest(pairs, rows, changes[rows], margins[rows], proposed)
        changes[rows, proposed.inputs.gather(1, chosen)[:, 0]] = proposed.changes.gather(1, chosen)[:, 0]
        out[rows] = margins[rows] < 0
        searching &= ~out
    return changes * out[:, None]


def _strongest(
    pairs: ChangedPairs, rows: torch.Tensor, changes: torch.Tensor, before: torch.Tensor, proposed: Proposals
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return for each of A pairs the place of the best proposal, int64 [A, 1], and the margin with it, float32 [A]."""
    if not len(rows):
        return torch.empty(0, 1, dtype=torch.int64), before
    tried = changes[:, None].repeat(1, proposed.inputs.shape[1], 1)
    tried.scatter_(2, proposed.inputs[:, :, None], proposed.changes[:, :, None])
    margins = pairs.margins(rows, tried).masked_fill(~proposed.valid, float("inf"))
    if pairs.divisible:
        taken = (before[:, None] - margins).clamp(min=1e-12)
        part = torch.where(margins < 0, proposed.changes.abs() * before[:, None] / taken, float("inf"))
        # Where one change suffices, its size decides; else how much it takes from the margin.
        cheapest, suffices = part.argmin(dim=1, keepdim=True), (margins < 0).any(dim=1, keepdim=True)
        place = torch.where(suffices, cheapest, margins.argmin(dim=1, keepdim=True))
    else:
        place = margins.argmin(dim=1, keepdim=True)
    return place, margins.gather(1, place)[:, 0]


def take_back(pairs: ChangedPairs, changes: torch.Tensor) -> torch.Tensor:
    """Undo, in place, the changes that are not needed, and return what each remaining member takes from the margin.

    Args:
        pairs: P of them.
        changes: float32 [P, n]; each item is out with them, or there are none.

    Returns:
        float32 [P, n]: the lead with this member alone undone, less the (negative) lead with all; 0 for no member.
    """
    taken = torch.zeros(changes.shape)
    rows = torch.nonzero((changes != 0).any(dim=1))[:, 0]
    while len(rows):
        inputs, valid = mask_columns(changes[rows] != 0)
        undone = changes[rows, None].repeat(1, inputs.shape[1] + 1, 1)
        undone[:, 1:].scatter_(2, inputs[:, :, None], _kept(changes[rows], inputs, valid))
        margins = pairs.margins(rows, undone)
        inside = margins[:, 1:].masked_fill(~valid, float("inf"))
        lowest, place = inside.min(dim=1)
        needless = lowest < 0
        share = (inside - margins[:, :1]).masked_fill(~valid, 0.0)
        needed = ~needless
        taken[rows[needed]] = torch.zeros(int(needed.sum()), changes.shape[1]).scatter_add_(
            1, inputs[needed], share[needed]
        )
        changes[rows[needless], inputs[needless, place[needless]]] = 0.0
        rows = rows[needless]
    return taken


def _kept(changes: torch.Tensor, inputs: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Return what stands in place of each listed change when it is undone: 0, or in padding what was there."""
    return (changes.gather(1, inputs) * ~valid)[:, :, None]


def cut_to_size(pairs: ChangedPairs, changes: torch.Tensor, taken: torch.Tensor) -> None:
    """Cut, in place, one member of each set to the part that just suffices, found by bisection.

    The member is the one that takes least from the margin for its size. For scores that are linear in the inputs the
    whole set is then as small as these members allow.

    Args:
        pairs: P of them.
        changes: float32 [P, n]; each item is out with them, or there are none.
        taken: float32 [P, n], what each member takes from the margin.
    """
    rows = torch.nonzero((changes != 0).any(dim=1))[:, 0]
    if not len(rows):
        return
    worth = torch.where(changes[rows] != 0, taken[rows] / changes[rows].abs().clamp(min=1e-12), float("inf"))
    member = worth.argmin(dim=1, keepdim=True)
    whole = changes[rows].gather(1, member)
    low, high = torch.zeros(len(rows), 1), torch.ones(len(rows), 1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        tried = changes[rows].scatter(1, member, whole * middle)
        is_out = pairs.margins(rows, tried[:, None]) < 0
        low, high = torch.where(is_out, low, middle), torch.where(is_out, middle, high)
    changes[rows] = changes[rows].scatter(1, member, whole * high)
