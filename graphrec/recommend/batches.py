"""Recommend and explain in batches: memory grows with the batch, not with the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.explain.rows import Explained, Names, explanation_tables
from graphrec.explainers.own import Own
from graphrec.recommend.ranking import top_items
from graphrec.recommend.reasoning import Batch, reasoned
from graphrec.store.base import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explain.factors import Factors
    from graphrec.explainers.base import Explainer
    from graphrec.models.base import Model
    from graphrec.recommend.request import Request
    from graphrec.store.base import Progress
    from graphrec.tables.explanations import Explanations

USERS_AT_ONCE = 1024
"""Users scored in one matrix."""

USERS_AT_ONCE_IF_SLOW = 32
"""Users at once where another explainer than the model itself takes its time, so that progress is seen."""

WEIGHTS_AT_ONCE = 1_500_000
"""Evidence weights held at once, in numbers: users × k × longest profile stays below it."""


def recommend(
    model: Model,
    dataset: Dataset,
    request: Request,
    progress: Progress = silent,
    explainer: Explainer | None = None,
) -> Iterator[Explanations]:
    """Yield the recommendations of a run with their reasons, batch by batch.

    Users without any input that the model can use get no recommendations.

    Args:
        model: fitted.
        dataset: what is known of the users, in its own numbering.
        request: what is asked.
        progress: told how many users are done.
        explainer: who weighs; None for the model itself.

    Raises:
        UnknownIdError: a user or item of the request that is not known.
        UsageError: a protected attribute kind that does not exist.
    """
    asked = _Asked.of(model, dataset, request, explainer)
    yield from _with_factors(asked, _recommended(asked, request.user_positions(dataset), progress))


def _recommended(asked: _Asked, users: npt.NDArray[Any], progress: Progress) -> Iterator[Explanations]:
    at_once = USERS_AT_ONCE if isinstance(asked.explainer, Own) else USERS_AT_ONCE_IF_SLOW
    for start in range(0, len(users), at_once):
        chunk = users[start : start + at_once]
        profiles = profiles_of(asked.data, asked.known, chunk)
        scores = asked.model._score(profiles).numpy()  # noqa: SLF001
        items, values = top_items(scores, asked.data.taken.rows(chunk), asked.allowed, asked.request.k)
        yield from _explained(asked, chunk, profiles, items, values)
        progress("recommending", min(start + at_once, len(users)), len(users))


def explain(
    model: Model,
    dataset: Dataset,
    users: npt.NDArray[Any],
    items: npt.NDArray[Any],
    request: Request,
    explainer: Explainer | None = None,
) -> Iterator[Explanations]:
    """Yield reasons for given items, recommended or not.

    Args:
        model: fitted.
        dataset: what is known of the users, in its own numbering.
        users: [B] positions in ``dataset.users``.
        items: int64 [B, k] positions in the model's items; −1 leaves a place empty.
        request: how many reasons, and what must not be shown.
        explainer: who weighs; None for the model itself.
    """
    asked = _Asked.of(model, dataset, request, explainer)
    profiles = profiles_of(asked.data, asked.known, users)
    scores = model._score(profiles).numpy()  # noqa: SLF001
    values = np.where(items < 0, -np.inf, np.take_along_axis(scores, np.maximum(items, 0), axis=1))
    yield from _with_factors(asked, _explained(asked, users, profiles, items, values))


@dataclass(frozen=True, eq=False)
class _Asked:
    """A request in the model's numbering."""

    model: Model
    request: Request
    explainer: Explainer
    data: Dataset
    known: npt.NDArray[np.int32]
    allowed: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]
    factors: Factors

    @classmethod
    def of(cls, model: Model, dataset: Dataset, request: Request, explainer: Explainer | None) -> _Asked:
        data, known = model.align(dataset)
        weighing = (explainer or Own()).prepare(model, dataset)
        allowed, shown = request.candidate_mask(data), request.shown_attributes(data)
        return cls(model, request, weighing, data, known, allowed, shown, model._factors(data))  # noqa: SLF001


def _explained(
    asked: _Asked,
    users: npt.NDArray[Any],
    profiles: Profiles,
    items: npt.NDArray[np.int64],
    values: npt.NDArray[np.float32],
) -> Iterator[Explanations]:
    """Explain users of similar profile length together, so that little of a batch is padding."""
    inputs = asked.model._inputs(profiles)  # noqa: SLF001
    order = np.argsort(inputs, kind="stable")
    order = order[(inputs[order] > 0) & (items[order] >= 0).any(axis=1)]
    width = max(items.shape[1], 1)
    while len(order):
        longest = int(inputs[order[-1]])
        size = max(1, WEIGHTS_AT_ONCE // (longest * width))
        batch, order = order[-size:], order[:-size]
        yield _explain_batch(asked, users[batch], profiles.rows(batch), items[batch], values[batch])


def _explain_batch(
    asked: _Asked,
    users: npt.NDArray[Any],
    profiles: Profiles,
    items: npt.NDArray[np.int64],
    values: npt.NDArray[np.float32],
) -> Explanations:
    data = asked.data
    scores = np.where(items < 0, 0.0, values).astype(np.float32)
    batch = Batch(
        profiles, torch.from_numpy(items), torch.from_numpy(scores), data.taken.rows(users), asked.allowed, asked.shown
    )
    found = reasoned(asked.explainer, asked.model, batch, asked.request)
    explained = Explained(users, items, scores, found.evidence, found.chosen, found.effects, profiles, found.sets)
    names = Names(data.users, data.items, data.attributes, data.entities, asked.factors.ids)
    tables = explanation_tables(explained, names, method=asked.explainer.method(asked.model))
    if not len(asked.factors.ids):
        return tables
    belonging = asked.model._belonging(profiles, asked.factors)  # noqa: SLF001
    return replace(tables, memberships=asked.factors.memberships("User", data.users, belonging, users))


def _with_factors(asked: _Asked, batches: Iterator[Explanations]) -> Iterator[Explanations]:
    """Put the factors, and the items and entities that belong to them, into the first batch."""
    first = next(batches, None)
    if first is None:
        return
    if len(asked.factors.ids):
        nodes = {"Item": asked.data.items, "Entity": asked.data.entities}
        members = [asked.factors.memberships(of, nodes[of], each) for of, each in asked.factors.members.items()]
        memberships = pa.concat_tables([*members, first.memberships])
        first = replace(first, factors=asked.factors.table(), memberships=memberships)
    yield first
    yield from batches
