"""Recommend and explain in batches: memory grows with the batch, not with the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import blocks, padded_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.explanation import Explanation, RecommendedBatch
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.explaining.summaries import summaries
from graphrec.explaining.table_rows import ExplainedBatch, explanation_tables
from graphrec.progress import no_progress
from graphrec.rankings.top_items import top_items
from graphrec.recommendation.basis import bases_of, with_basis
from graphrec.recommendation.factor_tables import tables_of, without_names
from graphrec.recommendation.fallback import fallback_batches

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pyarrow as pa

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.explainer import Explainer
    from graphrec.explaining.factors import Factors
    from graphrec.models.model import Model
    from graphrec.progress import Progress
    from graphrec.recommendation.request import Request
    from graphrec.tables.explanations import Explanations

SCORES_AT_ONCE = 16_000_000
"""Scores held at once, in numbers: users × items stays below it, 64 MB, unless one user's do not."""

WEIGHTS_AT_ONCE = 1_500_000
"""Evidence weights held at once, in numbers: users × k × longest profile stays below it."""


def run_batches(
    model: Model,
    dataset: Dataset,
    request: Request,
    progress: Progress = no_progress,
    explainer: Explainer | None = None,
) -> Iterator[Explanations]:
    """Yield all batches of a run: its factors where there are any, those of ``recommend``, and those of the fallback.

    Arguments and errors as for ``recommend``.
    """
    aligned_request = AlignedRequest.of(model, dataset, request, explainer)
    yield from factors_of(aligned_request)
    yield from recommend_aligned(aligned_request, request.user_positions(dataset), progress)
    yield from fallback_of(aligned_request)


def factors_of(aligned_request: AlignedRequest) -> Iterator[Explanations]:
    """Yield the factors of a run with their members but users; nothing where the fit has none."""
    if len(aligned_request.factors.ids):
        yield tables_of(aligned_request.factors, aligned_request.data)


def fallback_of(aligned_request: AlignedRequest) -> Iterator[Explanations]:
    """Yield what the requested people without any positive interaction get; nothing where no fallback is asked for."""
    data, request = aligned_request.data, aligned_request.request
    if request.fallback != "none":
        yield from fallback_batches(aligned_request.model, data, aligned_request.known, request)


def recommend(
    model: Model,
    dataset: Dataset,
    request: Request,
    progress: Progress = no_progress,
    explainer: Explainer | None = None,
) -> Iterator[Explanations]:
    """Yield recommendations with their reasons, and the memberships of the users, batch by batch.

    Ranges of users are independent of each other: what is yielded for a user depends on no other. Users without any
    input that the model can use get no recommendations. The factors that memberships and reasons name are
    those of ``factor_tables``.

    Args:
        model: fitted.
        dataset: the users with their interactions and attributes, in its own numbering.
        request: numbers, users and candidate items.
        progress: called with the number of users done.
        explainer: gives the reasons; None for the model itself.

    Raises:
        UnknownIdError: a user or item of the request that is not known.
        UsageError: a protected attribute kind that does not exist.
    """
    aligned_request = AlignedRequest.of(model, dataset, request, explainer)
    yield from recommend_aligned(aligned_request, request.user_positions(dataset), progress)


def recommend_aligned(
    aligned_request: AlignedRequest, users: npt.NDArray[Any], progress: Progress = no_progress
) -> Iterator[Explanations]:
    """Yield recommendations with their reasons for some users, batch by batch.

    Args:
        aligned_request: what is asked, in the model's numbering.
        users: positions in ``aligned_request.data.users``.
        progress: called with the number of users done.
    """
    data, request = aligned_request.data, aligned_request.request
    for rows in blocks(len(users), users_at_once(aligned_request)):
        chunk = users[rows]
        profiles = profiles_of(data, aligned_request.known, chunk)
        scores = aligned_request.model.score(profiles).numpy()
        taken = data.taken.rows(chunk) if request.filter_taken else Incidence.empty(len(chunk), len(data.items))
        items, values = top_items(scores, taken, aligned_request.allowed, request.k)
        for tables in _explained(aligned_request, chunk, profiles, items, values):
            yield with_basis(tables, data.users, aligned_request.bases)
        progress("recommending", rows.stop, len(users))


def users_at_once(aligned_request: AlignedRequest) -> int:
    """Return how many users ``recommend_aligned`` scores in one matrix."""
    fitting = max(SCORES_AT_ONCE // max(len(aligned_request.data.items), 1), 1)
    return min(aligned_request.explainer.users_at_once, fitting)


def explain(
    model: Model,
    dataset: Dataset,
    users: npt.NDArray[Any],
    items: npt.NDArray[Any],
    request: Request,
    explainer: Explainer | None = None,
) -> Iterator[Explanations]:
    """Yield the reasons for named items, recommended or not; only these are scored.

    Args:
        model: fitted.
        dataset: the users with their interactions and attributes, in its own numbering.
        users: [B] positions in ``dataset.users``.
        items: int64 [B, k] positions in the model's items; −1 leaves a place empty.
        request: how many reasons, and what must not be shown.
        explainer: gives the reasons; None for the model itself.
    """
    yield from explain_aligned(AlignedRequest.of(model, dataset, request, explainer), users, items)


def explain_aligned(
    aligned_request: AlignedRequest, users: npt.NDArray[Any], items: npt.NDArray[np.int64]
) -> Iterator[Explanations]:
    """Yield the reasons for named items, recommended or not; only these are scored.

    Args:
        aligned_request: what is asked, in the model's numbering.
        users: [B] positions in ``aligned_request.data.users``.
        items: int64 [B, k] positions in the model's items; −1 leaves a place empty.
    """
    profiles = profiles_of(aligned_request.data, aligned_request.known, users)
    scores = aligned_request.model.score(profiles, torch.from_numpy(np.maximum(items, 0))).numpy()
    values = np.where(items < 0, np.float32(-np.inf), scores)
    yield from _explained(aligned_request, users, profiles, items, values)


@dataclass(frozen=True, eq=False)
class AlignedRequest:
    """A request in the model's numbering.

    Attributes:
        model: fitted.
        request: numbers, users and candidate items.
        explainer: gives the reasons, prepared on the data.
        data: the data that is recommended from.
        known: int32 [users], the row of each user in the training data, or −1.
        allowed: bool [items], which may be recommended.
        shown: bool [attributes], which may be reasons.
        factors: of the fit, none named after an attribute that must not be shown.
    """

    model: Model
    request: Request
    explainer: Explainer
    data: Dataset
    known: npt.NDArray[np.int32]
    allowed: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]
    factors: Factors

    @cached_property
    def bases(self) -> pa.DictionaryArray:
        """What the lists of all users are computed from, as ``bases_of``."""
        return bases_of(self.data)

    @classmethod
    def of(cls, model: Model, dataset: Dataset, request: Request, explainer: Explainer | None) -> AlignedRequest:
        """Align a request, and prepare the explainer; None stands for the model itself."""
        data, known = model.align(dataset)
        prepared = (explainer or ModelExplainer()).prepare(model, without_names(dataset, request.protect))
        allowed, shown = request.candidate_mask(data), request.shown_attributes(data)
        factors = model.factors(without_names(data, request.protect))
        return cls(model, request, prepared, data, known, allowed, shown, factors)


def _explained(
    aligned_request: AlignedRequest,
    users: npt.NDArray[Any],
    profiles: Profiles,
    items: npt.NDArray[np.int64],
    values: npt.NDArray[np.float32],
) -> Iterator[Explanations]:
    """Explain users of similar profile length together, so that little of a batch is padding."""
    inputs = aligned_request.model.count_inputs(profiles)
    order = np.argsort(inputs, kind="stable")
    order = order[(inputs[order] > 0) & (items[order] >= 0).any(axis=1)]
    width = max(items.shape[1], 1)
    batches = [order[part] for part in padded_blocks(inputs[order] * width, WEIGHTS_AT_ONCE)]
    if batches and not aligned_request.request.wants_reasons:  # nothing is padded
        batches = [np.concatenate(batches)]
    for batch in batches:
        yield _explain_batch(aligned_request, users[batch], profiles.rows(batch), items[batch], values[batch])


def _explain_batch(
    aligned_request: AlignedRequest,
    users: npt.NDArray[Any],
    profiles: Profiles,
    items: npt.NDArray[np.int64],
    values: npt.NDArray[np.float32],
) -> Explanations:
    data, request = aligned_request.data, aligned_request.request
    scores = np.where(items < 0, 0.0, values).astype(np.float32)
    batch = RecommendedBatch(
        profiles,
        torch.from_numpy(items),
        torch.from_numpy(scores),
        data.taken.rows(users) if request.filter_taken else Incidence.empty(len(users), len(data.items)),
        aligned_request.allowed,
        aligned_request.shown,
    )
    if request.wants_reasons:
        explanation = aligned_request.explainer.explain(
            aligned_request.model, batch, reasons=request.reasons, against=request.against, protect=request.protect
        )
    else:
        explanation = Explanation.without_reasons(*items.shape)
    explained = ExplainedBatch(users, items, scores, profiles, explanation)
    names = {**data.nodes, "Factor": aligned_request.factors.ids}
    method = aligned_request.explainer.method(aligned_request.model)
    factors = aligned_request.factors
    if not len(factors.ids):
        return explanation_tables(explained, names, method=method)
    belonging = aligned_request.model.user_memberships(profiles, factors)
    said = {}
    if aligned_request.explainer.of_the_model:
        said = summaries(explanation, factors, belonging, reasons=request.reasons, against=request.against)
    tables = explanation_tables(explained, names, method=method, summaries=said)
    return replace(tables, memberships=factors.memberships("User", data.users, belonging, users))
