"""Stored counterfactual sets, scored again with their changes: does the rival still overtake?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.explaining.amounts import FeatureModel, has_amounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.models.model import Model

    _Floats = npt.NDArray[np.float64]
    _Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CounterfactualsAgain:
    """S stored sets that flip, with what scoring again says of them.

    Attributes:
        stored: float64 [S], joint effects as stored.
        effects: float64 [S], joint effects as measured; NaN where a member is no input of the user's any more.
        before, after: float64 [S], the item's lead over the rival without the changes and with them; NaN likewise.
    """

    stored: _Floats
    effects: _Floats
    before: _Floats
    after: _Floats


def counterfactuals_again(
    model: Model,
    profiles: Profiles,
    items: torch.Tensor,
    reasons: pa.Table,
    place: tuple[_Ints, _Ints],
    inputs: tuple[Slots, _Ints],
) -> CounterfactualsAgain:
    """Score the stored sets again that name a rival and flip.

    Args:
        model: fitted.
        profiles: of B users.
        items: int64 [B, W], −1 where a user has fewer.
        reasons: m of them.
        place: row among the users and column among ``items`` of each reason's recommendation, int64 [m].
        inputs: of the users, and the slot of each reason's evidence among them, int64 [m], −1 where it is no input.
    """
    (row, column), (slots, slot) = place, inputs
    flips = reasons["flips"].to_numpy(zero_copy_only=False)
    number = reasons["set"].to_numpy()
    members = np.flatnonzero((number > 0) & (flips == True))  # noqa: E712 - null is neither true nor false
    method = np.asarray(reasons["method"].combine_chunks().dictionary_encode().indices, dtype=np.int64)
    keys = np.stack([row[members], column[members], method[members], number[members]])
    _, first, of_set = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    firsts = members[first]
    user = row[firsts]
    rival = model.record.items.positions(reasons["contrast"].take(firsts).combine_chunks()).astype(np.int64)
    named = torch.stack([items[user, column[firsts]], torch.from_numpy(rival).clamp(min=0)], dim=1)
    delta, amount = (reasons[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("delta", "amount"))
    scores = np.full((len(firsts), 2, 2), np.nan)
    has_amount = np.isin(np.arange(len(firsts)), of_set[~np.isnan(amount[members])])
    feature = model.record.nodes["Feature"].positions(reasons["evidence"].take(members).combine_chunks())
    if has_amounts(model) and has_amount.any():
        changes = (of_set, feature.astype(np.int64), delta[members])
        scores[has_amount] = _with_amounts(model, profiles, user, named, changes, np.flatnonzero(has_amount))
    if not has_amount.all():
        scores[~has_amount] = _switched_off(
            model, profiles, slots, user, named, (of_set, slot[members]), np.flatnonzero(~has_amount)
        )
    is_lost = np.bincount(of_set, np.where(np.isnan(amount[members]), slot[members] < 0, feature < 0), len(firsts)) > 0
    scores[is_lost | (rival < 0)] = np.nan
    joint = reasons["joint_effect"].to_numpy(zero_copy_only=False).astype(np.float64)[firsts]
    lead = scores[:, :, 0] - scores[:, :, 1]
    return CounterfactualsAgain(joint, scores[:, 0, 0] - scores[:, 1, 0], lead[:, 0], lead[:, 1])


def flipping_again(parts: Sequence[CounterfactualsAgain], within: float) -> dict[str, Any] | None:
    """Return how many of the stored sets flip again, and whether their joint effects are those stored.

    Args:
        parts: of all batches.
        within: by how much scores that are the same may differ.

    Returns:
        ``sets``; ``flip``, those whose item leads or is level before the changes and does not lead after them;
        ``same_effect``, and the greatest difference of a joint effect. None where no set is stored.
    """
    stored, effects, before, after = (
        np.concatenate([getattr(part, name) for part in parts]) for name in CounterfactualsAgain.__dataclass_fields__
    )
    if not len(stored):
        return None
    apart = np.abs(stored - effects)
    flips = (before >= -within) & (after < within)
    return {
        "sets": len(stored),
        "flip": int(flips.sum()),
        "same_effect": int((apart <= within).sum()),
        "max_difference": None if np.isnan(apart).all() else float(np.nanmax(apart)),
    }


def _with_amounts(
    model: FeatureModel,
    profiles: Profiles,
    user: _Ints,
    named: torch.Tensor,
    changes: tuple[_Ints, _Ints, _Floats],
    sets: _Ints,
) -> _Floats:
    """Return the scores of item and rival before and after, float64 [sets, 2, 2]."""
    of_set, feature, delta = changes
    place = np.full(len(user), -1)
    place[sets] = np.arange(len(sets))
    scores = np.empty((len(sets), 2, 2))
    for block in row_blocks(len(sets), 4 * profiles.mention_counts[USER_FEATURES].n_columns):
        part = profiles.rows(user[sets[block]])
        values = model.feature_values(part)
        at = place[of_set]
        here = np.flatnonzero((at >= block.start) & (at < block.stop) & (feature >= 0))
        changed = values.clone()
        rows = torch.from_numpy(at[here] - block.start), torch.from_numpy(feature[here])
        changed[rows] += torch.from_numpy(delta[here]).float()
        with torch.no_grad():
            before_and_after = torch.stack([values, changed], dim=1)
            scores[block] = model.score_amounts(part, before_and_after, named[sets[block]]).numpy()
    return scores


def _switched_off(
    model: Model,
    profiles: Profiles,
    slots: Slots,
    user: _Ints,
    named: torch.Tensor,
    members: tuple[_Ints, _Ints],
    sets: _Ints,
) -> _Floats:
    """Return the scores of item and rival before and after, float64 [sets, 2, 2]."""
    of_set, slot = members
    place = np.full(len(user), -1)
    place[sets] = np.arange(len(sets))
    scores = np.empty((len(sets), 2, 2))
    for block in row_blocks(len(sets), 2 * slots.labels.shape[1] + 4 * profiles.items.n_columns):
        rows = user[sets[block]]
        some = slots.rows(rows)
        on_inputs = some.filled[:, None].repeat(1, 2, 1)
        at = place[of_set]
        here = np.flatnonzero((at >= block.start) & (at < block.stop) & (slot >= 0))
        on_inputs[torch.from_numpy(at[here] - block.start), 1, torch.from_numpy(slot[here])] = False
        scores[block] = model.score_with(profiles.rows(rows), some, on_inputs, named[sets[block]]).numpy()
    return scores
