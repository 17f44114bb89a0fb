"""The first reasons of any model by any explainer, held against what users take items for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import rows_at_once
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.selection import choose
from graphrec.planted.driver.controls import chances_of_controls
from graphrec.planted.driver.driver_score import SHARES, DriverScore
from graphrec.planted.driver.driver_truth import DriverTruth
from graphrec.planted.run_reasons import WEIGHTS_AT_ONCE
from graphrec.rankings.top_items import top_items
from graphrec.schema.property_graph import EVIDENCE_LABELS, VIA_ATTRIBUTE

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.planted.truth import Truth


def score_drivers(
    model: Model,
    explainer: Explainer,
    dataset: Dataset,
    truth: Truth,
    *,
    k: int = 10,
    users: npt.NDArray[np.int64] | None = None,
) -> DriverScore:
    """Recommend k items to each user, take the first reason of each, and score those of items that carry the value.

    Args:
        model: fitted.
        explainer: any, prepared here.
        dataset: what the model may see of the users.
        truth: of the same data, with rows of the part ``driver``.
        k: recommendations a user.
        users: positions in ``dataset.users``; None for all.
    """
    data, known = model.align(dataset)
    drivers = DriverTruth.of(truth, data)
    everybody = np.arange(len(data.users)) if users is None else users
    explainer.prepare(model, dataset)
    allowed = np.ones(len(data.items), dtype=np.bool_)
    made, who = 0, [np.empty(0, dtype=np.int64)]
    shares: dict[str, list[npt.NDArray[Any]]] = {name: [np.empty(0)] for name in SHARES}
    start = 0
    while start < len(everybody):
        longest = int(model.count_inputs(profiles_of(data, known, everybody[start : start + 1024])).max(initial=1))
        size = min(1024, rows_at_once(longest * k, WEIGHTS_AT_ONCE))
        chunk, start = everybody[start : start + size], start + size
        profiles = profiles_of(data, known, chunk)
        items, _ = top_items(model.score(profiles).numpy(), data.taken.rows(chunk), allowed, k)
        evidence = explainer.evidence(model, profiles, torch.from_numpy(np.maximum(items, 0)))
        made += int((items >= 0).sum())
        user = np.broadcast_to(chunk[:, None], items.shape)
        row, place = np.nonzero(drivers.has(user.ravel(), items.ravel()).reshape(items.shape))
        pairs = chunk[row], items[row, place]
        who.append(pairs[0])
        found = (
            *true_reasons(drivers, pairs[0], *_first(evidence, row, place)),
            *chances_of_controls(drivers, *pairs, data.positives),
        )
        for name, values in zip(SHARES, found, strict=True):
            shares[name].append(values)
    carrying = np.concatenate(who)
    kinds = [drivers.kinds[kind] for kind in drivers.followed_kind(carrying)]
    return DriverScore.of(made, carrying, kinds, **{name: np.concatenate(parts) for name, parts in shares.items()})


def true_reasons(
    drivers: DriverTruth,
    user: npt.NDArray[np.int64],
    label: npt.NDArray[np.int64],
    node: npt.NDArray[np.int64],
    via: npt.NDArray[np.str_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return whether reasons are true, and whether they are of a true item, bool [n] both.

    Args:
        drivers: in the numbers of the other arguments.
        user: int64 [n], who all follow something.
        label: int64 [n], positions in ``EVIDENCE_LABELS``; −1 where there is no reason.
        node: int64 [n], numbers among the nodes of the label; −1 for a node that the data do not have.
        via: [n], what each came through.
    """
    of_item = (label == EVIDENCE_LABELS.index("Item")) & (node >= 0)
    of_value = (label == EVIDENCE_LABELS.index("Attribute")) & (node == drivers.value[user])
    of_true_item = of_item & drivers.has(user, np.where(of_item, node, -1))
    names = np.array([f"{VIA_ATTRIBUTE}:{kind}" for kind in drivers.kinds])
    return of_value | (of_true_item & (via == names[drivers.followed_kind(user)])), of_value | of_true_item


def _first(
    evidence: Evidence, row: npt.NDArray[np.int64], place: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.str_]]:
    """Return label, node and ``via`` of the first reason of some recommendations, as ``true_reasons`` takes them."""
    chosen = choose(evidence, evidence.filled, reasons=1, against=0)
    if not chosen.slots.shape[2]:
        nothing = np.full(len(row), -1, dtype=np.int64)
        return nothing, nothing, np.full(len(row), "")
    slot, given = (part.numpy()[row, place, 0] for part in (chosen.slots, chosen.valid))
    label, node, via = (part[row, slot].astype(np.int64) for part in (evidence.labels, evidence.nodes, evidence.vias))
    names = np.asarray(evidence.via_names.to_pylist(), dtype=str)
    return np.where(given, label, -1), np.where(given, node, -1), names[via]
