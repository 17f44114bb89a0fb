"""From chosen evidence to rows of the explanation tables, without a Python loop over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch

from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.ids import IdMap
from graphrec.explaining.anchors import strongest_carriers
from graphrec.explaining.node_weights import node_weights
from graphrec.explaining.set_rows import measured_column, set_columns
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS
from graphrec.tables.explanations import FOUND, NONE, REASONS, RECOMMENDATIONS, Explanations

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explanation import Explanation

_PERCENT = pa.array(["<1 %", *(f"{whole} %" for whole in range(1, 101)), ">-1 %", *(f"-{w} %" for w in range(1, 101))])

_NONE: Mapping[str, Any] = MappingProxyType({})

Names = Mapping[str, IdMap]
"""Label → ids and names of everything that a row may mention, in the model's numbering."""


@dataclass(frozen=True, eq=False)
class ExplainedBatch:
    """A batch of B users with k items each, explained.

    Attributes:
        users: [B] positions among the users of ``Names``.
        items: int64 [B, k]; −1 where a user has fewer.
        scores: float32 [B, k].
        profiles: of the B users.
        explanation: of the B × k recommendations.
    """

    users: npt.NDArray[Any]
    items: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    profiles: Profiles
    explanation: Explanation


def explanation_tables(
    explained: ExplainedBatch, names: Names, *, method: str, summaries: Mapping[str, Explanation] = _NONE
) -> Explanations:
    """Return the rows of a batch.

    Args:
        explained: the batch.
        names: ids of what it mentions.
        method: what ``EXPLAINS.method`` says.
        summaries: of the same recommendations, by their methods.
    """
    named = explained.items >= 0
    valid = explained.explanation.chosen.valid.numpy() & named[:, :, None]
    recommendations = _recommendations(explained, names, named, valid)
    said = [
        _reasons(replace(explained, explanation=summary), names, name, summary.chosen.valid.numpy() & named[:, :, None])
        for name, summary in summaries.items()
    ]
    return Explanations(
        recommendations,
        _reasons(explained, names, method, valid),
        summaries=pa.concat_tables([REASONS.empty_table(), *said]).unify_dictionaries(),
    )


def _recommendations(
    explained: ExplainedBatch, names: Names, named: npt.NDArray[np.bool_], valid: npt.NDArray[np.bool_]
) -> pa.Table:
    row, place = np.nonzero(named)
    items = explained.items[row, place]
    scores = explained.scores[row, place].astype(np.float64)
    alone = valid & (
        explained.explanation.sets is None
    )  # weights of a set's members are not summed: they only count together
    stored = np.where(alone, explained.explanation.chosen.weights.numpy(), 0).astype(np.float64).sum(axis=2)[row, place]
    columns = [
        names["User"].dictionary(explained.users[row]),
        names["Item"].dictionary(items),
        names["Item"].dictionary(items, "name"),
        pa.array(scores),
        pa.array(place + 1),
        pa.array(scores - stored),
        pa.array(valid.sum(axis=2)[row, place]),
        _counterfactual(explained.explanation.counterfactual, row, place),
        *(pa.nulls(len(row), RECOMMENDATIONS.field(name).type) for name in ("computed", "basis")),
    ]
    return pa.table(columns, schema=RECOMMENDATIONS)


def _counterfactual(
    is_found: torch.Tensor | None, row: npt.NDArray[np.int64], place: npt.NDArray[np.int64]
) -> pa.Array:
    if is_found is None:
        return pa.nulls(len(row), pa.dictionary(pa.int32(), pa.string()))
    return _dictionary(is_found.numpy()[row, place], [NONE, FOUND])


def _reasons(
    explained: ExplainedBatch,
    names: Names,
    method: str,
    valid: npt.NDArray[np.bool_],
) -> pa.Table:
    row, place, reason = np.nonzero(valid)
    explanation = explained.explanation
    evidence, chosen = explanation.evidence, explanation.chosen
    slot = chosen.slots.numpy()[row, place, reason]
    weight = chosen.weights.numpy()[row, place, reason].astype(np.float64)
    total = chosen.total.numpy()[row, place].astype(np.float64)
    share = weight / np.where(total > 0, total, 1)
    of_node = node_weights(evidence, chosen)
    is_first = of_node.is_first.numpy()[row, place, reason]
    label, ground = evidence.labels[row, slot], evidence.grounds[row, slot]
    node = evidence.nodes[row, slot]
    anchor = _anchors(explained, row, place, slot)
    columns = {
        "user": names["User"].dictionary(explained.users[row]),
        "item": names["Item"].dictionary(explained.items[row, place]),
        "label": _dictionary(label, EVIDENCE_LABELS),
        "evidence": _evidence_ids(names, label, node),
        "method": _dictionary(np.zeros(len(row), dtype=np.int32), [method]),
        "via": pa.DictionaryArray.from_arrays(pa.array(evidence.vias[row, slot]), evidence.via_names),
        **set_columns(explanation.sets, names["Item"], row, place, slot),
        "weight": pa.array(weight),
        "share": pa.array(share),
        "percent": _percent(share),
        "rank": pa.array(chosen.ranks.expand(chosen.slots.shape).numpy()[row, place, reason]),
        "net": measured_column(of_node.net[row, place, reason], is_first & (explanation.sets is None)),
        "effect": measured_column(explanation.effects[row, place, reason], is_first),
        "held_effect": measured_column(_or_nan(explanation.held_effects, row, place, reason), is_first),
        "error": measured_column(_or_nan(evidence.errors, row, place, slot)),
        "ground": _dictionary(ground, GROUNDS),
        "anchor": names["Item"].dictionary(anchor),
    }
    return pa.table([columns[name] for name in REASONS.names], schema=REASONS)


def _or_nan(
    values: torch.Tensor | None, row: npt.NDArray[np.int64], place: npt.NDArray[np.int64], last: npt.NDArray[np.int64]
) -> torch.Tensor:
    """Return values at some places of a rectangle; NaN for all where there are none."""
    return torch.full((len(row),), float("nan")) if values is None else values[row, place, last]


def _anchors(
    explained: ExplainedBatch, row: npt.NDArray[np.int64], place: npt.NDArray[np.int64], slot: npt.NDArray[np.int64]
) -> npt.NDArray[np.int32]:
    evidence, profiles = explained.explanation.evidence, explained.profiles
    label, ground = evidence.labels[row, slot], evidence.grounds[row, slot]
    node = evidence.nodes[row, slot].astype(np.int64)
    anchors = np.full(len(row), -1, dtype=np.int32)
    own = ground == GROUNDS.index("history")
    anchors[own] = node[own]
    if evidence.anchors is not None:
        anchors = np.where(own, anchors, evidence.anchors[row, place, slot])
    n_taken = int(profiles.items.counts.max(initial=0))
    is_carried = np.isin(ground, [GROUNDS.index(name) for name in ("item_attribute", "entity")])
    if not n_taken or not (is_carried & (anchors < 0)).any():
        return anchors  # nothing came through a taken item, so that evidence need not have slots for these
    own_weights = _weights_of_or_nan(evidence, profiles.items, n_taken).reshape(-1, n_taken).numpy()
    pair = row * explained.items.shape[1] + place
    for name, carried in (("item_attribute", profiles.item_attributes), ("entity", profiles.item_entities)):
        of_kind = (ground == GROUNDS.index(name)) & (label != EVIDENCE_LABELS.index("Item")) & (anchors < 0)
        anchors[of_kind] = strongest_carriers(
            row[of_kind], node[of_kind], own_weights, pair[of_kind], profiles.items, carried
        )
    return anchors


def _weights_of_or_nan(evidence: Evidence, taken: Incidence, width: int) -> torch.Tensor:
    """Return the weight of each taken item, summed over vias, [B, k, width]: the i-th taken item in place i."""
    history = (evidence.grounds == GROUNDS.index("history")) & (evidence.labels >= 0)
    if not history[:, width:].any():
        return evidence.weights[:, :, :width]
    row, slot = np.nonzero(history)
    keys = taken.row_of_entry * taken.n_columns + taken.indices
    entry = positions_of(keys, row * taken.n_columns + evidence.nodes[row, slot])
    places = np.full(evidence.nodes.shape, width)
    places[row, slot] = np.where(entry < 0, width, entry - taken.indptr[row])  # a disliked item carries nothing
    weights = evidence.weights.new_zeros(*evidence.weights.shape[:2], width + 1)
    weights.scatter_add_(2, torch.from_numpy(places)[:, None, :].expand_as(evidence.weights), evidence.weights)
    return weights[:, :, :width]


def _evidence_ids(names: Names, label: npt.NDArray[np.int8], node: npt.NDArray[np.int32]) -> pa.DictionaryArray:
    """Return the evidence's ids over one dictionary that joins the ids of the labels in use."""
    used = [(code, names[EVIDENCE_LABELS[code]]) for code in np.unique(label)]
    positions = np.zeros(len(node), dtype=np.int32)
    start = 0
    for code, ids in used:
        positions = np.where(label == code, node + start, positions)
        start += len(ids)
    dictionary = pa.concat_arrays([ids.ids for _, ids in used]) if used else pa.array([], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(positions.astype(np.int32)), dictionary)


def _dictionary(codes: npt.NDArray[Any], texts: tuple[str, ...] | list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(texts), pa.string()))


def _percent(share: npt.NDArray[np.float64]) -> pa.DictionaryArray:
    percent = np.rint(np.abs(share) * 100).astype(np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(np.where(share < 0, percent + 101, percent).astype(np.int32)), _PERCENT
    )
