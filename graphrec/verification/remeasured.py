"""The effects of stored reasons measured again, and the removal curves of the first reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch

from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.profiles import profiles_of
from graphrec.evaluation.explanations.measure_explainers import Settings, measure
from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.evaluation.explanations.orders import order_of_listed
from graphrec.evaluation.explanations.pair_batches import batches
from graphrec.explaining.input_switching import measured_effects, whole_scores
from graphrec.explaining.selection import ChosenReasons
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.verification.remeasured_counterfactuals import counterfactuals_again
from graphrec.verification.remeasured_sets import joint_effects_again

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.fidelity import Fidelity
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.leaving_attributes import Carried
    from graphrec.models.model import Model
    from graphrec.verification.claims import Claims
    from graphrec.verification.remeasured_counterfactuals import CounterfactualsAgain

    _Floats = npt.NDArray[np.float64]
    _Ints = npt.NDArray[np.int64]

SIZES = tuple(range(1, 11))
"""Numbers of first reasons that are taken away, and left alone."""


@dataclass(frozen=True, eq=False)
class Remeasured:
    """One batch of claims, measured with the model.

    Attributes:
        reasons: the stored reasons of measured recommendations.
        is_first: bool [reasons], whether the reason is the first of its node, on which the node's effects stand.
        effects: float64 [reasons], measured of the node; NaN where it is no input, or the user's only one.
        held_effects: float64 [reasons], likewise with denominators and lengths held; NaN where the model does not
            normalise.
        joint_effects: float64 [sets] twice, of sets of taken items, as stored and as measured.
        counterfactuals: the sets of changes that let a rival overtake.
        scores: float64 [pairs], of the model with all inputs.
        stored_scores: float64 [pairs].
        sums: float64 [pairs], the stored weights of what stands alone, and the stored rest; NaN where no rest is.
        stored, random: curves of the stored reasons and of random ones, for U users with W pairs each.
    """

    reasons: pa.Table
    is_first: npt.NDArray[np.bool_]
    effects: _Floats
    held_effects: _Floats
    joint_effects: tuple[_Floats, _Floats]
    counterfactuals: CounterfactualsAgain
    scores: _Floats
    stored_scores: _Floats
    sums: _Floats
    stored: Fidelity
    random: Fidelity


def measure_claims(
    model: Model, data: Dataset, claims: Claims, width: int, *, attributes: Carried = "stay", seed: int = 0
) -> Remeasured:
    """Measure the claims of one batch.

    Args:
        model: fitted, whose fit the run came from.
        data: what the run could see.
        claims: of some users.
        width: W, how many recommendations of one user there are at most.
        attributes: what went off with the items of a set.
        seed: of Random.
    """
    pairs = claims.recommendations.filter(pa.array(claims.measured))
    aligned, training_rows = model.align(data)
    users, row = np.unique(data.users.require(pairs["user"].combine_chunks()), return_inverse=True)
    column = np.arange(len(row)) - np.searchsorted(row, row)
    items = np.full((len(users), width), -1, dtype=np.int64)
    items[row, column] = model.record.items.require(pairs["item"].combine_chunks())
    listed = torch.from_numpy(items)
    profiles = profiles_of(aligned, training_rows, users)
    reasons, pair = _of_pairs(claims.reasons, pairs)
    slots = model.inputs(profiles)
    slot = _slots_of(model, slots, reasons, row[pair])
    is_first = _first_of_nodes(reasons, pair)
    first = np.flatnonzero(is_first)
    places = _Places.of(len(users), width, row[pair[first]], column[pair[first]], slot[first])
    measured_nodes = _effects(model, profiles, listed, places)
    effects, held_effects = (_spread(of, first, len(pair)) for of in measured_nodes[:2])
    scores = measured_nodes[2]
    joint = joint_effects_again(
        model, profiles, listed, scores, reasons, (row[pair], column[pair]), (slots, slot), attributes
    )
    again = counterfactuals_again(model, profiles, listed, reasons, (row[pair], column[pair]), (slots, slot))
    order = order_of_listed(
        torch.from_numpy(_listed(reasons, row[pair], column[pair], slot, (len(users), width))), slots.labels.shape[1]
    )
    measured = measure(
        model,
        {"stored": order},
        profiles,
        listed,
        taken=aligned.taken.rows(users),
        settings=Settings(sizes=SIZES, seed=seed),
    )
    return Remeasured(
        reasons,
        is_first,
        effects,
        held_effects,
        joint,
        again,
        scores[row, column],
        pairs["score"].to_numpy(),
        _sums(reasons, pair, pairs),
        measured.methods["stored"].by_count,
        measured.methods[RANDOM].by_count,
    )


def _of_pairs(reasons: pa.Table, pairs: pa.Table) -> tuple[pa.Table, _Ints]:
    """Return the reasons of some recommendations by rank, supporting ones first, and each one's row in ``pairs``."""
    from graphrec.tables.effects import RowFinder

    names = ("user", "item")
    at = RowFinder([pairs[name] for name in names]).find([reasons[name] for name in names])
    rank, number = (reasons[name].to_numpy() for name in ("rank", "set"))
    order = np.lexsort((number, np.abs(rank), rank < 0, at))
    order = order[at[order] >= 0]
    return reasons.take(pa.array(order)), at[order]


def _slots_of(model: Model, slots: Slots, reasons: pa.Table, row: _Ints) -> _Ints:
    """Return the slot that each reason's evidence fills among its user's inputs; −1 where it is no input."""
    ids = model.record.nodes
    labels = np.asarray(reasons["label"].to_pylist(), dtype=object)
    slots_of_reasons = np.full(len(labels), -1, dtype=np.int64)
    if not slots.labels.size:
        return slots_of_reasons
    size = max(len(of) for of in ids.values()) + 1
    rows, places = np.nonzero(slots.labels >= 0)
    keys = (rows * len(EVIDENCE_LABELS) + slots.labels[rows, places]) * size + slots.nodes[rows, places]
    order = np.argsort(keys)
    for label, of in ids.items():
        mine = np.flatnonzero(labels == label)
        node = of.positions(reasons["evidence"].take(pa.array(mine)).combine_chunks()).astype(np.int64)
        reason_keys = (row[mine] * len(EVIDENCE_LABELS) + EVIDENCE_LABELS.index(label)) * size + node
        at = positions_of(keys[order], reason_keys)
        met = (node >= 0) & (at >= 0)
        slots_of_reasons[mine[met]] = places[order[at[met]]]
    return slots_of_reasons


@dataclass(frozen=True, eq=False)
class _Places:
    """The places of reasons in rectangles [users, pairs, reasons].

    Attributes:
        row, column, place: [reasons].
        slot: int64 [reasons].
        shape: of the rectangle.
    """

    row: _Ints
    column: _Ints
    place: _Ints
    slot: _Ints
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, users: int, width: int, row: _Ints, column: _Ints, slot: _Ints) -> _Places:
        pair = row * width + column
        place = np.arange(len(pair)) - np.searchsorted(pair, pair)
        return cls(row, column, place, slot, (users, width, int(place.max(initial=-1)) + 1))

    def rectangle(self) -> _Ints:
        """Return the slots int64 [users, pairs, reasons]; 0 where there is none."""
        whole = np.zeros(self.shape, dtype=np.int64)
        whole[self.row, self.column, self.place] = np.maximum(self.slot, 0)
        return whole


def _first_of_nodes(reasons: pa.Table, pair: _Ints) -> npt.NDArray[np.bool_]:
    """Return which of the reasons, sorted by pair and rank, are the first of their node: bool [reasons]."""
    codes = [_codes(reasons[name]) for name in ("label", "evidence", "method")]
    first = np.unique(np.stack([pair, *codes]), axis=1, return_index=True)[1]
    is_first = np.zeros(len(pair), dtype=np.bool_)
    is_first[first] = True
    return is_first


def _codes(column: pa.ChunkedArray) -> _Ints:
    encoded = column.combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices, dtype=np.int64)


def _spread(values: _Floats, rows: _Ints, length: int) -> _Floats:
    """Return values at some rows, and NaN at all others: float64 [length]."""
    spread = np.full(length, np.nan)
    spread[rows] = values
    return spread


def _effects(
    model: Model, profiles: Profiles, items: torch.Tensor, places: _Places
) -> tuple[_Floats, _Floats, _Floats]:
    """Score again without each node; return effects and held effects [nodes], and scores before [users, pairs]."""
    slots = torch.from_numpy(places.rectangle())
    effects, held_effects = np.full(places.shape, np.nan), np.full(places.shape, np.nan)
    scores = np.full(places.shape[:2], np.nan)
    ranks = torch.arange(1, places.shape[2] + 1)
    for batch in batches(model, profiles, items, subsets=max(1, places.shape[2])):
        chosen = slots[batch.rows]
        before = whole_scores(model, batch.profiles, batch.slots, batch.valid_items)
        scores[batch.rows] = before.numpy()
        if not batch.slots.labels.size:
            continue
        nothing = torch.zeros(chosen.shape)
        reasons = ChosenReasons(chosen, nothing, ranks, torch.ones(chosen.shape, dtype=torch.bool), nothing.sum(dim=2))
        measuring = (model, batch.profiles, batch.valid_items, before, batch.slots, reasons)
        effects[batch.rows] = measured_effects(*measuring).numpy()
        if model.normalises:
            held_effects[batch.rows] = measured_effects(*measuring, held=True).numpy()
    of_nodes = (part[places.row, places.column, places.place] for part in (effects, held_effects))
    normal, held = (np.where(places.slot < 0, np.nan, part) for part in of_nodes)
    return normal, held, scores


def _listed(reasons: pa.Table, row: _Ints, column: _Ints, slot: _Ints, shape: tuple[int, int]) -> _Ints:
    """Return the slots of supporting reasons by rank, int64 [users, pairs, R]; no slot twice, −1 behind the last."""
    use = np.flatnonzero((slot >= 0) & (reasons["rank"].to_numpy() > 0))
    pair = row[use] * shape[1] + column[use]
    first = np.sort(np.unique(np.stack([pair, slot[use]]), axis=1, return_index=True)[1]) if len(use) else use
    pair, chosen = pair[first], slot[use][first]
    place = np.arange(len(pair)) - np.searchsorted(pair, pair)
    listed = np.full((shape[0] * shape[1], int(place.max(initial=-1)) + 1), -1, dtype=np.int64)
    listed[pair, place] = chosen
    return listed.reshape(*shape, -1) if listed.shape[1] else np.full((*shape, 1), -1, dtype=np.int64)


def _sums(reasons: pa.Table, pair: _Ints, pairs: pa.Table) -> _Floats:
    alone = reasons["set"].to_numpy() == 0
    weights = np.where(alone, reasons["weight"].to_numpy(), 0.0)
    rest: Any = pairs["rest"].to_numpy()
    return np.asarray(np.bincount(pair, weights, minlength=pairs.num_rows) + rest, dtype=np.float64)
