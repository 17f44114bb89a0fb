"""Scoring with some of the inputs switched off or weakened, in blocks of bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import grid_blocks
from graphrec.explaining.input_matching import places_among, same_slots

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.selection import ChosenReasons


def score_subsets(
    model: Explainable,
    profiles: Profiles,
    slots: Slots,
    items: torch.Tensor | None,
    subsets: int,
    strengths: Callable[[slice, slice], torch.Tensor],
    *,
    held: bool = False,
) -> torch.Tensor:
    """Score B users with many settings of their inputs each.

    Args:
        model: fitted.
        profiles: of B users.
        slots: as ``model.inputs(profiles)`` returns them.
        items: int64 [B, k]; None for all items.
        subsets: M, how many settings a user has.
        strengths: from users and settings to how strongly each input counts in them, [users, settings, n]: bool, which
            inputs are on, or float32 from 0 to 1.
        held: whether denominators and lengths stay as they are with all inputs on (``score_held``).

    Returns:
        float32 [B, M, k], or [B, M, items].
    """
    score = model.score_held if held else model.score_with
    users, width = slots.labels.shape
    scored = torch.zeros(users, subsets, profiles.items.n_columns if items is None else items.shape[1])
    for rows, parts in grid_blocks(users, subsets, width + profiles.items.n_columns):
        block_profiles, block_slots = profiles.rows(np.arange(users)[rows]), slots.rows(rows)
        named = None if items is None else items[rows]
        for part in parts:
            scored[rows, part] = score(block_profiles, block_slots, strengths(rows, part), named)
    return scored


def whole_scores(model: Explainable, profiles: Profiles, slots: Slots, items: torch.Tensor) -> torch.Tensor:
    """Return the scores with all inputs, float32 [B, k]."""
    filled = slots.filled[:, None, :]
    return score_subsets(model, profiles, slots, items, 1, lambda rows, _: filled[rows])[:, 0]


def scores_without(
    model: Explainable,
    profiles: Profiles,
    slots: Slots,
    items: torch.Tensor,
    removed: torch.Tensor,
    *,
    held: bool = False,
) -> torch.Tensor:
    """Score without single inputs.

    Args:
        model: fitted.
        profiles: of B users.
        slots: as ``model.inputs(profiles)`` returns them.
        items: int64 [B, k].
        removed: int64 [B, M], the slot that each subset lacks.
        held: as for ``score_subsets``.

    Returns:
        float32 [B, M, k].
    """
    filled = slots.filled

    def on_inputs(rows: slice, part: slice) -> torch.Tensor:
        off_slots = removed[rows, part, None]
        return filled[rows, None, :].repeat(1, off_slots.shape[1], 1).scatter_(2, off_slots, value=False)

    return score_subsets(model, profiles, slots, items, removed.shape[1], on_inputs, held=held)


def measured_effects(
    model: Explainable,
    profiles: Profiles,
    items: torch.Tensor,
    scores: torch.Tensor,
    slots: Slots,
    chosen: ChosenReasons,
    *,
    held: bool = False,
) -> torch.Tensor:
    """Measure chosen evidence of any model: score before minus score with this input alone switched off.

    Args:
        model: fitted.
        profiles: of B users.
        items: int64 [B, k].
        scores: float32 [B, k], of these items with all inputs.
        slots: the evidence: the inputs of the model, or any that names nodes among them.
        chosen: which slots to measure.
        held: whether denominators and lengths stay as they are with all inputs on (``score_held``).

    Returns:
        float32 [B, k, R]; NaN for what is no input, and, unless held, where nothing remains to score with, since the
        input is the user's only one.
    """
    users, width, reasons = chosen.slots.shape
    if not reasons:
        return scores.new_zeros(users, width, 0)
    inputs = model.inputs(profiles)
    removed = chosen.slots.reshape(users, -1)
    if not same_slots(slots, inputs):
        removed = torch.from_numpy(places_among(inputs, slots)).gather(1, removed)
    unmeasured = (removed < 0).view(users, width, reasons)
    inputs_off, place = _distinct(removed.clamp(min=0), inputs.labels.shape[1])
    after = scores_without(model, profiles, inputs, items, inputs_off, held=held)
    at = place.view(users, width, reasons)
    of_item = after[torch.arange(users)[:, None, None], at, torch.arange(width)[None, :, None]]
    if not held:
        unmeasured = unmeasured | (inputs.filled.sum(dim=1) < 2)[:, None, None]
    return (scores[:, :, None] - of_item).masked_fill(unmeasured, float("nan"))


def _distinct(removed: torch.Tensor, inputs: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return each removed input of a user once, so that what several reasons name is scored once.

    Args:
        removed: int64 [B, M], inputs from 0 to ``inputs`` − 1.
        inputs: n.

    Returns:
        The inputs in ascending order, int64 [B, U], and the place of each removed one among them, int64 [B, M]. Users
        with fewer than U have further inputs behind, which nobody asked for.
    """
    is_removed = torch.zeros(len(removed), max(inputs, 1), dtype=torch.bool).scatter_(1, removed, value=True)
    places = is_removed.cumsum(dim=1) - 1
    most = int(places[:, -1].max()) + 1
    ordered = (~is_removed).to(torch.uint8).argsort(dim=1, stable=True)[:, :most]
    return ordered, places.gather(1, removed)
