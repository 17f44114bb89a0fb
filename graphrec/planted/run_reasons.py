"""The reasons of any model by any explainer, held against the truth in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import rows_at_once
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.selection import choose
from graphrec.planted.numbered import NumberedTruth
from graphrec.planted.reason_scores import TOP, MatchedReasons, ReasonScore, match_reasons, score
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.planted.truth import Truth

WEIGHTS_AT_ONCE = 1_500_000
"""Evidence weights held at once, in numbers: users × k × longest profile stays below it."""


def score_reasons(
    model: Model,
    explainer: Explainer,
    dataset: Dataset,
    truth: Truth,
    *,
    k: int = 10,
    users: npt.NDArray[np.int64] | None = None,
) -> ReasonScore:
    """Recommend k items to each user, have the explainer weigh the reasons, and score them.

    Args:
        model: fitted.
        explainer: any, prepared here.
        dataset: what the model may see of the users; in the numbering of the truth's ids.
        truth: of the same data.
        k: recommendations a user.
        users: positions in ``dataset.users``; None for all.
    """
    data, training_rows = model.align(dataset)
    numbered_truth = NumberedTruth(truth, data, data.taken)
    chosen = np.arange(len(data.users)) if users is None else users
    explainer.prepare(model, dataset)
    return score(_matched(model, explainer, data, training_rows, numbered_truth, chosen, k))


def top_reasons(evidence: Evidence) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return labels and nodes of the first ``TOP`` supporting reasons, int64 [B, k, TOP]; −1 where there are fewer."""
    chosen = choose(evidence, evidence.filled, reasons=TOP, against=0)
    slots, valid = chosen.slots.numpy(), chosen.valid.numpy()
    rows = np.arange(len(slots))[:, None, None]
    short = ((0, 0), (0, 0), (0, TOP - slots.shape[2]))
    label, node = (
        np.pad(np.where(valid, part[rows, slots].astype(np.int64), -1), short, constant_values=-1)
        for part in (evidence.labels, evidence.nodes)
    )
    return label, node


def _matched(
    model: Model,
    explainer: Explainer,
    data: Dataset,
    training_rows: npt.NDArray[np.int32],
    truth: NumberedTruth,
    users: npt.NDArray[np.int64],
    k: int,
) -> Iterator[MatchedReasons]:
    everything = np.ones(len(data.items), dtype=np.bool_)
    start = 0
    while start < len(users):
        longest = int(model.count_inputs(profiles_of(data, training_rows, users[start : start + 1024])).max(initial=1))
        size = min(1024, rows_at_once(longest * k, WEIGHTS_AT_ONCE))
        chunk, start = users[start : start + size], start + size
        profiles = profiles_of(data, training_rows, chunk)
        items, _ = top_items(model.score(profiles).numpy(), data.taken.rows(chunk), everything, k)
        evidence = explainer.weigh(model, profiles, torch.from_numpy(np.maximum(items, 0)))
        label, node = top_reasons(evidence)
        has_item = items >= 0
        who = np.broadcast_to(chunk[:, None], items.shape)
        yield match_reasons(truth, who[has_item], items[has_item], label[has_item], node[has_item])
