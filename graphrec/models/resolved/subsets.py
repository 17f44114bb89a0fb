"""Scores with some of the inputs switched off.

What switching off means. An item that is switched off no longer flows into the item segments (7), whose mean is taken
over the items that are left; it goes on to lead to its entities, which are inputs of their own. An entity that is
switched off is gone from every item of the user: the mean (6) of each of them is over the entities that are left, and
an item without any gives nothing to the mean (8), whose count stays. Either is switched off whole, whatever factor it
flows into.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from graphrec.bounded_blocks import rows_at_once, uneven_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.models.resolved.blocks import blocks_of
from graphrec.models.resolved.decoder import components_of_some, scores
from graphrec.models.resolved.segments import mean_over

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.resolved.inputs import Inputs
    from graphrec.models.resolved.member import Member

NUMBERS_AT_ONCE = 4_000_000
"""Numbers in the segments of items that change, held at once."""


@dataclass(frozen=True, eq=False)
class _Off:
    """Entities switched off, subset by subset: an entry for each (subset, item of the user, entity).

    Attributes:
        subset: int64 [entries], row among all subsets of all users, ascending.
        entry: int64 [entries], the taken entry.
        entity: int64 [entries].
    """

    subset: npt.NDArray[np.int64]
    entry: npt.NDArray[np.int64]
    entity: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Sent:
    """What entities at work send into their segments.

    Attributes:
        entities: int64 [E], ascending.
        values: float64 [E, C1 · D].
    """

    entities: npt.NDArray[np.int64]
    values: torch.Tensor

    def summed(self, entities: npt.NDArray[Any], starts: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return sums of runs of entities, which begin at ``starts``."""
        places = torch.from_numpy(np.searchsorted(self.entities, entities))
        return functional.embedding_bag(places, self.values, torch.from_numpy(starts), mode="sum")


def scores_with(
    member: Member, inputs: Inputs, item_entities: Incidence, kept: torch.Tensor, items: torch.Tensor | None
) -> torch.Tensor:
    """Score B users with M subsets of their inputs each.

    Args:
        member: a trained network.
        inputs: of the B users.
        item_entities: items × entities.
        kept: bool [B, M, n], slots as ``Inputs.slots`` has them.
        items: int64 [B, k] to score only these.

    Returns:
        float32 [B, M, k], or [B, M, items]; 0 for a subset without any input.
    """
    users, subsets, _ = kept.shape
    own, other, size = member.shape
    by_item, any_item = _item_segments(member, inputs, kept)
    by_entity, any_entity = _entity_segments(member, inputs, item_entities, kept)
    filled = torch.cat([any_item[..., None].expand(-1, -1, own), any_entity[..., None].expand(-1, -1, other)], dim=2)
    queries = torch.cat([member.queries(by_item), member.queries(by_entity).float()], dim=2)
    if items is None:
        flat = scores(queries.view(-1, own + other, size), filled.reshape(-1, own + other), member.dictionary)
        return flat.view(users, subsets, -1)
    found = components_of_some(queries, filled, member.dictionary.of(items)).logsumexp(dim=3)
    return found.masked_fill(~filled.any(dim=2)[:, :, None], 0.0)


def _item_segments(member: Member, inputs: Inputs, kept: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the item segments [B, M, C2, D], and whether any item is left [B, M]."""
    users, subsets, _ = kept.shape
    own, _, size = member.shape
    width = int(inputs.taken.counts.max(initial=0))
    sent = torch.zeros(users, width, own * size)
    sent[inputs.taken.row_of_entry, inputs.item_places] = member.sent_by_items[inputs.taken.indices].flatten(1)
    is_item = torch.arange(width) < torch.from_numpy(inputs.taken.counts)[:, None]
    chosen = (kept[:, :, :width] & is_item[:, None, :]).to(sent.dtype)
    count = chosen.sum(dim=2)
    before = torch.bmm(chosen, sent) / count.clamp(min=1)[:, :, None]
    return member.after(before).view(users, subsets, own, size), count > 0


def _entity_segments(
    member: Member, inputs: Inputs, item_entities: Incidence, kept: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the entity segments [B, M, C1, D], and whether any entity is left [B, M].

    Only the items with an entity switched off are computed again; what they change is added to the whole mean. In
    float64: what is left of a segment after its strongest part is gone may be small beside it, and a cosine asks for
    its direction alone.
    """
    users, subsets, _ = kept.shape
    _, other, size = member.shape
    blocks = blocks_of(inputs.taken, item_entities)
    sent = _Sent(blocks.entities, member.sent_by_entities[blocks.entities].flatten(1).double())
    described = member.after(mean_over(blocks.described, sent.values))
    values = mean_over(blocks.taken, described)[:, None].repeat(1, subsets, 1).view(users * subsets, other * size)
    left, off = _switched_off(inputs, kept)
    bounds = np.append(np.flatnonzero(np.diff(off.subset, prepend=-1)), len(off.subset))
    for part in uneven_blocks(np.diff(bounds), rows_at_once(other * size, NUMBERS_AT_ONCE)):
        rows = slice(bounds[part.start], bounds[part.stop])
        gone = _Off(off.subset[rows], off.entry[rows], off.entity[rows])
        subset, change = _changes(member, inputs, sent, gone)
        count = torch.from_numpy(inputs.taken.counts[subset // subsets])
        values.index_add_(0, torch.from_numpy(subset), change / count[:, None])
    return values.view(users, subsets, other, size), left


def _switched_off(inputs: Inputs, kept: torch.Tensor) -> tuple[torch.Tensor, _Off]:
    """Return whether any entity is left in each subset, [B, M], and which are gone from which items."""
    users, subsets, width = kept.shape
    row = inputs.reached.row_of_entry
    is_entity = np.zeros((users, width), dtype=np.bool_)
    place = inputs.taken.counts[row] + inputs.entity_places
    is_entity[row, place] = True
    entities = torch.from_numpy(is_entity)[:, None, :]
    user, subset, slot = (part.numpy() for part in torch.nonzero(entities & ~kept, as_tuple=True))
    reached = inputs.reached.indptr[user] + slot - inputs.taken.counts[user]
    order = np.argsort(inputs.of_link, kind="stable")
    carriers = Incidence(
        np.append(0, np.cumsum(np.bincount(inputs.of_link, minlength=inputs.reached.n_entries))),
        inputs.described.row_of_entry[order].astype(np.int32),
        inputs.taken.n_entries,
    ).rows(reached)
    of_carrier = carriers.row_of_entry
    return (entities & kept).any(dim=2), _Off(
        (user * subsets + subset)[of_carrier],
        carriers.indices.astype(np.int64),
        inputs.reached.indices[reached][of_carrier].astype(np.int64),
    )


def _changes(member: Member, inputs: Inputs, sent: _Sent, off: _Off) -> tuple[npt.NDArray[np.int64], torch.Tensor]:
    """Return subset [pairs] and change of z_t^ent [pairs, C1 · D] for each item of each subset that lost an entity."""
    keys = off.subset * max(inputs.taken.n_entries, 1) + off.entry
    pairs, inverse, gone = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    lost = sent.summed(off.entity[order], np.cumsum(gone) - gone)
    subset, entry = np.divmod(pairs, max(inputs.taken.n_entries, 1))
    mine = inputs.described.rows(entry)
    whole = sent.summed(mine.indices, mine.indptr[:-1])
    count = torch.from_numpy(mine.counts)[:, None]
    remain = count - torch.from_numpy(gone)[:, None]
    after = torch.where(remain > 0, (whole - lost) / remain.clamp(min=1), torch.zeros_like(whole))
    return subset, member.after(after) - member.after(whole / count)
