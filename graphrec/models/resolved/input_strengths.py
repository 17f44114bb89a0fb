"""Scores with inputs at any strength, from 0 (off) to 1 (on).

An item with the strength s flows into the item segments (7) with s, their mean is Σ_t s_t p(t, c) z_t / Σ_t s_t. It
goes on to lead to its entities, which are inputs of their own. An entity with the strength s flows with s into every
item of the user: the mean (6) of each of them is weighted likewise. An item all of whose entities are off gives nothing
to the mean (8), whose count stays. Either strength holds for the whole input, whatever factor it flows into. A segment
is absent where everything that could flow into it is off. Off is the limit of a small strength but where nothing else
is left: a lone input at any strength above 0 counts in full.

Held, every divisor is the one with all inputs on: the segments are Σ_t s_t p(t, c) z_t / |N_u|, the means (6) divide by
|N_t|, and a cosine divides by the length of the segment with all inputs on. No segment becomes absent, since one that
is left out of the sum (13) is a change of its own: where everything that flows into it is off, a_c is 0, neither for
nor against an item. With all off, the score is log (1 + C1) for a user with entities, and log 1 = 0 for one without,
since Σ_c p(t, c) = 1. So the held effect of a user's only input, an item without entities, is the whole score.

Scores can be differentiated with respect to the strengths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from graphrec.arrays.bounded_blocks import rows_at_once, uneven_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.models.resolved.blocks import blocks_of
from graphrec.models.resolved.decoder import scores, scores_of_some
from graphrec.models.resolved.segments import mean_over

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.resolved.inputs import Inputs
    from graphrec.models.resolved.member import Member

NUMBERS_AT_ONCE = 4_000_000
"""Numbers in the segments of items that change, held at once."""


@dataclass(frozen=True, eq=False)
class _WeakenedEntities:
    """Entities below full strength, setting by setting: an entry for each (setting, item of the user, entity).

    Attributes:
        setting: int64 [entries], row among all settings of all users, ascending.
        entry: int64 [entries], the taken entry.
        entity: int64 [entries].
        lost: float64 [entries], 1 − s, the share that does not flow.
    """

    setting: npt.NDArray[np.int64]
    entry: npt.NDArray[np.int64]
    entity: npt.NDArray[np.int64]
    lost: torch.Tensor

    def part(self, rows: slice) -> _WeakenedEntities:
        """Return some of the entries."""
        return _WeakenedEntities(self.setting[rows], self.entry[rows], self.entity[rows], self.lost[rows])


@dataclass(frozen=True, eq=False)
class _EntityMessages:
    """Messages of entities to their segments.

    Attributes:
        entities: int64 [E], ascending.
        values: float64 [E, C1 · D].
    """

    entities: npt.NDArray[np.int64]
    values: torch.Tensor

    def summed(
        self, entities: npt.NDArray[Any], starts: npt.NDArray[np.int64], weights: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return sums of runs of entities, which begin at ``starts``; weighted where there are weights, [entities]."""
        places = torch.from_numpy(np.searchsorted(self.entities, entities))
        return functional.embedding_bag(
            places, self.values, torch.from_numpy(starts), mode="sum", per_sample_weights=weights
        )


def scores_with(
    member: Member,
    inputs: Inputs,
    item_entities: Incidence,
    strengths: torch.Tensor,
    items: torch.Tensor | None,
    *,
    held: bool = False,
) -> torch.Tensor:
    """Score B users with M settings of their inputs each.

    Args:
        member: a trained network.
        inputs: of the B users.
        item_entities: items × entities.
        strengths: float32 [B, M, n], slots as ``Inputs.slots`` has them; 0 in padding.
        items: int64 [B, k] to score only these.
        held: whether denominators and lengths are those with all inputs on.

    Returns:
        float32 [B, M, k], or [B, M, items]; unless held, 0 where every input is off.
    """
    users, settings, _ = strengths.shape
    n_item_factors, n_entity_factors, size = member.shape
    by_item, any_item = _item_segments(member, inputs, strengths, held=held)
    by_entity, any_entity = _entity_segments(member, inputs, item_entities, strengths, held=held)
    filled = torch.cat(
        [any_item[..., None].expand(-1, -1, n_item_factors), any_entity[..., None].expand(-1, -1, n_entity_factors)],
        dim=2,
    )
    of_items, of_entities = None, None
    if held:
        whole = member.means(blocks_of(inputs.taken, item_entities))
        filled = whole.filled[:, None].expand(-1, settings, -1)
        lengths = member.lengths(whole.values)[:, None]
        of_items, of_entities = lengths[:, :, :n_item_factors], lengths[:, :, n_item_factors:]
    queries = torch.cat([member.queries(by_item, of_items), member.queries(by_entity, of_entities).float()], dim=2)
    if items is None and queries.requires_grad:
        items = torch.arange(len(member.dictionary.items)).expand(users, -1)
    if items is None:
        flat = scores(
            queries.view(-1, n_item_factors + n_entity_factors, size),
            filled.reshape(-1, n_item_factors + n_entity_factors),
            member.dictionary,
        )
        return flat.view(users, settings, -1)
    return scores_of_some(queries, filled, member.dictionary, items)


def _item_segments(
    member: Member, inputs: Inputs, strengths: torch.Tensor, *, held: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the item segments [B, M, C2, D], and whether any item is on [B, M]."""
    users, settings, _ = strengths.shape
    n_item_factors, _, size = member.shape
    width = int(inputs.taken.counts.max(initial=0))
    sent = torch.zeros(users, width, n_item_factors * size)
    sent[inputs.taken.row_of_entry, inputs.item_places] = member.item_messages[inputs.taken.indices].flatten(1)
    is_item = torch.arange(width) < torch.from_numpy(inputs.taken.counts)[:, None]
    of_items = strengths[:, :, :width] * is_item[:, None, :]
    total = of_items.sum(dim=2)
    divisor = torch.from_numpy(inputs.taken.counts)[:, None].clamp(min=1) if held else total
    before = torch.bmm(of_items, sent) / torch.where(divisor > 0, divisor, torch.ones_like(divisor))[:, :, None]
    return member.activated(before).view(users, settings, n_item_factors, size), total > 0


def _entity_segments(
    member: Member, inputs: Inputs, item_entities: Incidence, strengths: torch.Tensor, *, held: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the entity segments [B, M, C1, D], and whether any entity is on [B, M].

    Only the items with an entity below full strength are computed again; their change is added to the mean of all.
    In float64: the remainder of a segment without its strongest part may be small beside it, and a cosine depends
    on its direction alone.
    """
    users, settings, _ = strengths.shape
    _, n_entity_factors, size = member.shape
    blocks = blocks_of(inputs.taken, item_entities)
    sent = _EntityMessages(blocks.entities, member.entity_messages[blocks.entities].flatten(1).double())
    described = member.activated(mean_over(blocks.described, sent.values))
    values = mean_over(blocks.taken, described)[:, None].repeat(1, settings, 1)
    values = values.view(users * settings, n_entity_factors * size)
    left, weakened = _weakened_entities(inputs, strengths)
    bounds = np.append(np.flatnonzero(np.diff(weakened.setting, prepend=-1)), len(weakened.setting))
    for block in uneven_blocks(np.diff(bounds), rows_at_once(n_entity_factors * size, NUMBERS_AT_ONCE)):
        part = weakened.part(slice(bounds[block.start], bounds[block.stop]))
        setting, change = _changes(member, inputs, sent, part, held=held)
        count = torch.from_numpy(inputs.taken.counts[setting // settings])
        values.index_add_(0, torch.from_numpy(setting), change / count[:, None])
    return values.view(users, settings, n_entity_factors, size), left


def _weakened_entities(inputs: Inputs, strengths: torch.Tensor) -> tuple[torch.Tensor, _WeakenedEntities]:
    """Return whether any entity is on in each setting, [B, M], and the entities below full strength."""
    users, settings, width = strengths.shape
    row = inputs.reached.row_of_entry
    is_entity = np.zeros((users, width), dtype=np.bool_)
    place = inputs.taken.counts[row] + inputs.entity_places
    is_entity[row, place] = True
    entities = torch.from_numpy(is_entity)[:, None, :]
    weak = torch.nonzero(entities & (strengths < 1), as_tuple=True)
    user, setting, slot = (part.numpy() for part in weak)
    reached = inputs.reached.indptr[user] + slot - inputs.taken.counts[user]
    order = np.argsort(inputs.of_link, kind="stable")
    carriers = Incidence(
        np.append(0, np.cumsum(np.bincount(inputs.of_link, minlength=inputs.reached.n_entries))),
        inputs.described.row_of_entry[order].astype(np.int32),
        inputs.taken.n_entries,
    ).rows(reached)
    of_carrier = carriers.row_of_entry
    lost = 1.0 - strengths[weak].double()
    return (entities & (strengths > 0)).any(dim=2), _WeakenedEntities(
        (user * settings + setting)[of_carrier],
        carriers.indices.astype(np.int64),
        inputs.reached.indices[reached][of_carrier].astype(np.int64),
        lost[torch.from_numpy(of_carrier)],
    )


def _changes(
    member: Member, inputs: Inputs, sent: _EntityMessages, weakened: _WeakenedEntities, *, held: bool
) -> tuple[npt.NDArray[np.int64], torch.Tensor]:
    """Return setting [pairs] and change of z_t^ent [pairs, C1 · D] for each item of a setting with a weaker entity."""
    keys = weakened.setting * max(inputs.taken.n_entries, 1) + weakened.entry
    pairs, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    shares = weakened.lost[torch.from_numpy(order)]
    lost = sent.summed(weakened.entity[order], np.cumsum(counts) - counts, shares)
    total_lost = shares.new_zeros(len(pairs)).index_add(0, torch.from_numpy(inverse), weakened.lost)
    setting, entry = np.divmod(pairs, max(inputs.taken.n_entries, 1))
    item_entities = inputs.described.rows(entry)
    whole = sent.summed(item_entities.indices, item_entities.indptr[:-1])
    count = torch.from_numpy(item_entities.counts)[:, None]
    remain = count.to(whole) if held else count - total_lost[:, None]
    on = remain > 0
    after = torch.where(on, (whole - lost) / torch.where(on, remain, torch.ones_like(remain)), torch.zeros_like(whole))
    return setting, member.activated(after) - member.activated(whole / count)
