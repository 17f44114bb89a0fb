"""From reasons to scores of values: how much a person's inputs with a value count, in the eyes of a model.

Two questions are asked of a value, and each of two sets of items:

- *input by input*: the weights of the inputs that carry the value, added up, by any explainer;
- *joint*: what the scores lose when all inputs that carry the value are switched off together.

Of the *recommended* items the mean is taken. Of the whole catalogue the *lift* is: the mean over items with the value
less the mean over items without it, so that what holds for all items alike drops out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import blocks, rows_at_once
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.input_switching import score_subsets
from graphrec.planted.stated.carried import CarriedValues, contrast
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.planted.stated.stated_truth import StatedTruth

WEIGHTS_AT_ONCE = 1_500_000
"""Weights of inputs held at once, in numbers: users × items × longest profile stays below it."""

MOST_USERS = 250
"""Users of a batch, at most."""


@dataclass(frozen=True, eq=False)
class ValueScores:
    """Scores of values by one method.

    Attributes:
        own: float64 [users, V].
        control: the same where each person's items change places with one another (``CarriedValues.shuffled``).
    """

    own: npt.NDArray[np.float64]
    control: npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Over:
    """Items that scores are taken over, and how each counts for each value.

    Attributes:
        items: int64 [B, k]; None for the whole catalogue.
        share: float64 [B, k, V], or [1, k, V] for all users alike.
    """

    items: torch.Tensor | None
    share: npt.NDArray[np.float64]


def value_scores(
    model: Model,
    explainer: Explainer | None,
    dataset: Dataset,
    truth: StatedTruth,
    users: npt.NDArray[np.int64],
    *,
    lift: bool,
    k: int = 10,
    seed: int = 0,
) -> ValueScores:
    """Score the values for some users.

    Args:
        model: fitted on the data set, so that both number nodes alike.
        explainer: prepared, weighs input by input; None measures jointly.
        dataset: what the model may see of the users.
        truth: in the numbers of the data set.
        users: positions in ``dataset.users``.
        lift: over the whole catalogue, items with the value against items without; else over the recommended items.
        k: recommendations a user.
        seed: of the control.
    """
    data, training_rows = model.align(dataset)
    rng = np.random.default_rng(seed)
    longest = int(model.count_inputs(profiles_of(data, training_rows, users)).max(initial=1))
    size = rows_at_once(longest * (len(data.items) if lift else k), WEIGHTS_AT_ONCE)
    catalogue = _Over(None, contrast(truth.carries.csr().toarray())[None])
    batches: list[tuple[npt.NDArray[np.float64], ...]] = []
    for rows in blocks(len(users), min(size, MOST_USERS)):
        profiles = profiles_of(data, training_rows, users[rows])
        over = catalogue if lift else _recommended(model, data, profiles, users[rows], k)
        kinds = CarriedValues(truth), CarriedValues.shuffled(truth, profiles.items, rng)
        if explainer is None:
            batches.append(tuple(_joint(model, profiles, carried, over) for carried in kinds))
        else:
            batches.append(_input_by_input(model, explainer, profiles, kinds, over))
    return ValueScores(*(np.concatenate(parts) for parts in zip(*batches, strict=True)))


def _recommended(model: Model, data: Dataset, profiles: Profiles, users: npt.NDArray[np.int64], k: int) -> _Over:
    everything = np.ones(len(data.items), dtype=np.bool_)
    items, _ = top_items(model.score(profiles).numpy(), data.taken.rows(users), everything, k)
    share = (items >= 0) / np.maximum((items >= 0).sum(axis=1, keepdims=True), 1)
    return _Over(torch.from_numpy(np.maximum(items, 0)), share[:, :, None])


def _joint(model: Model, profiles: Profiles, carried: CarriedValues, over: _Over) -> npt.NDArray[np.float64]:
    """Return what is lost without all inputs of each value, float64 [B, V]."""
    slots = model.inputs(profiles)
    without = torch.from_numpy(carried.of(slots) == 0).transpose(1, 2)
    subsets = torch.cat([torch.ones_like(without[:, :1]), without], dim=1) & slots.filled[:, None, :]
    scores = score_subsets(
        model, profiles, slots, over.items, subsets.shape[1], lambda rows, part: subsets[rows, part]
    ).numpy()
    lost: npt.NDArray[np.float64] = ((scores[:, :1] - scores[:, 1:]) * over.share.transpose(0, 2, 1)).sum(axis=2)
    return lost


def _input_by_input(
    model: Model, explainer: Explainer, profiles: Profiles, kinds: tuple[CarriedValues, ...], over: _Over
) -> tuple[npt.NDArray[np.float64], ...]:
    """Return the added weights of the inputs of each value, float64 [B, V], for each way that values are carried."""
    items = torch.arange(profiles.items.n_columns).expand(len(profiles), -1) if over.items is None else over.items
    evidence = explainer.weigh(model, profiles, items)
    of_inputs = np.matmul(evidence.weights.numpy().transpose(0, 2, 1), over.share)
    return tuple((of_inputs * carried.of(evidence)).sum(axis=1) for carried in kinds)
