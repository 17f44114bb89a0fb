"""``gr.recommend`` and ``gr.explain``: what a model recommends and why, as one object."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from graphrec.answers import whys_from_tables
from graphrec.answers.personal import is_by_personal
from graphrec.api.checks import check_dataset, check_explainer, check_model, check_same_items
from graphrec.api.frames import Frames, frames_of, without_ranks
from graphrec.dataset.uncounted import users_without_positives, why_none_counts
from graphrec.engines.naming import engine_of
from graphrec.errors import UsageError
from graphrec.loading.frame_texts import id_texts
from graphrec.progress import no_progress
from graphrec.recommendation.batches import AlignedRequest, explain_aligned, run_batches
from graphrec.recommendation.factor_tables import tables_of
from graphrec.recommendation.parquet_folder import write_parquet
from graphrec.recommendation.parquet_parts import write_parquet_parts
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info
from graphrec.recommendation.unknown_users import known_users, popular_items
from graphrec.recommendation.user_parts import run_parts
from graphrec.recommendation.write_run import write_recommendations
from graphrec.tables.explanations import joined
from graphrec.tables.families import bases
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from os import PathLike
    from typing import Any

    from graphrec.answers import Why, WhyList
    from graphrec.answers.personal import By
    from graphrec.dataset.dataset import Dataset
    from graphrec.engines.engine import Engine
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.progress import Progress
    from graphrec.recommendation.request import Fallback
    from graphrec.recommendation.unknown_users import UnknownUsers
    from graphrec.recommendation.write_run import WrittenRun
    from graphrec.store.store import Store
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo

    Ids = str | int | Iterable[Any]
    """One id, or several: a list, an array, a pandas series."""


_LOG = logging.getLogger(__name__)


class ExplainedPairs:
    """Pairs of a user and an item with their reasons.

    Attributes:
        tables: Arrow tables: ``recommendations``, ``reasons``, ``factors`` and ``memberships``.
    """

    tables: Explanations

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        request: Request,
        explainer: Explainer | None,
        pairs: tuple[Sequence[str], Sequence[str]] | None,
        tables: Explanations,
    ) -> None:
        self._model = model
        self._dataset = dataset
        self._request = request
        self._explainer = explainer
        self._pairs = pairs
        self.tables = tables

    @cached_property
    def run(self) -> RunInfo:
        """The record that a run of these reasons has: model, fit, parameters, unit of the weights."""
        return run_info(self._model, self._dataset, self._request, self._explainer)

    def to_pandas(self) -> Frames:
        """Return ``recommendations`` and ``reasons`` as pandas frames, with names beside ids."""
        return frames_of(self.tables, self._dataset.nodes, self._pairs)

    def why(self, user: str | int, item: str | int | None = None, *, by: By = "weight") -> Why | WhyList:
        """Return why an item stands here for a user, or the user's whole list.

        Args:
            user: id of the user.
            item: id of the item; None for the whole list.
            by: what reasons are sorted by: their ``weight``, or what is ``personal`` in them, beside everybody here for
                whom the item stands.

        Raises:
            UsageError: reasons cannot be sorted by that.
            UnknownIdError: the user or the item is not among these pairs.
        """
        personal = is_by_personal(by)
        (user_id,) = id_texts([user])
        item_id = None if item is None else id_texts([item])[0]
        position = int(self._dataset.users.positions([user_id])[0])
        nothing = "" if position < 0 else why_none_counts(self._dataset, position, user_id)
        answer = whys_from_tables(
            self.tables, self._dataset, self.run, user_id, item_id, by_personal=personal, why_nothing=nothing
        )
        return answer if item is None else answer[0]


class Recommendations(ExplainedPairs):
    """What a model recommends, with reasons; computed when it is first needed.

    ``batches``, ``write`` and ``save`` compute batch by batch, so that memory grows with the batch and not with the
    number of users. ``tables``, ``to_pandas`` and ``why`` compute everything once and keep it.

    Attributes:
        users_left_out: ids that were asked for, are not in the data, and get nothing.
    """

    def __init__(
        self,
        model: Model,
        dataset: Dataset,
        request: Request,
        explainer: Explainer | None,
        *,
        popular_for: Sequence[str] = (),
        users_left_out: Sequence[str] = (),
        engine: Engine | None = None,
    ) -> None:
        self._model = model
        self._dataset = dataset
        self._request = request
        self._explainer = explainer
        self._pairs = None
        self._popular_for = tuple(popular_for)
        self.users_left_out = tuple(users_left_out)
        self._engine = engine

    @cached_property
    def tables(self) -> Explanations:  # type: ignore[override]
        """Arrow tables: ``recommendations``, ``reasons``, ``factors`` and ``memberships``."""
        return joined(self.batches())

    def __repr__(self) -> str:
        whose = "all users" if self._request.users is None else counted(len(self._request.users), "user")
        return f"<Recommendations of {self._model!r} for {whose}, {self._request.k} each>"

    def batches(self, progress: Progress = no_progress) -> Iterator[Explanations]:
        """Yield the tables batch by batch; every user is in one batch. No engine has a part in it."""
        yield from run_batches(self._model, self._dataset, self._request, progress, self._explainer)
        yield from self._popular()

    def _popular(self) -> Iterator[Explanations]:
        if self._popular_for:
            yield popular_items(self._model, self._dataset, self._popular_for, self._request)

    def write(self, store: Store, progress: Progress = no_progress) -> WrittenRun:
        """Write the recommendations into a store as one run with its reasons, and audit it.

        The run appears whole or not at all. A run of all users becomes the current one of its data set if its audit
        finds nothing untrue. Written twice, the second time finds the run of the first.

        Raises:
            UsageError: the store holds other data; the run names people whom it does not know; or the explainer's
                reasons say nothing of the model.
            ModelError: the store holds another graph than the model was fitted on.
        """
        if self._popular_for:
            raise UsageError(
                f"{counted(len(self._popular_for), 'user')} in this run, {self._popular_for[0]!r} first, "
                "are not in the data, so that no run in a store can name them",
                remedy="Load them first, or ask with unknown_users='ignore'; save(folder) and to_pandas() have them",
            )
        dataset = _same_data(store, self._dataset)
        if dataset is None:
            raise UsageError(
                "these recommendations are of other data than the store holds",
                where=store.uri,
                remedy="Recommend from the store's own data: gr.Dataset.from_store(store)",
            )
        return write_recommendations(
            store, self._model, dataset, self._request, progress, self._explainer, self._engine
        )

    def save(self, folder: str | PathLike[str], progress: Progress = no_progress) -> dict[str, int]:
        """Write the run as a folder of Parquet files, whole or not at all; return the number of rows by table.

        With an engine, ``TABLE.parquet`` is a folder of files, one for each part of the users.
        """
        if self._engine is None:
            return write_parquet(self.run, self.batches(progress), Path(folder))
        in_parts = run_parts(self._model, self._dataset, self._request, self._explainer, self._engine)
        whole = replace(in_parts, after=chain(in_parts.after, self._popular()))
        return write_parquet_parts(self.run, whole, Path(folder), progress)


def _same_data(store: Store, dataset: Dataset) -> Dataset | None:
    """Return the data under the id of the store's data set with the same fingerprint; None where there is none."""
    if not store.datasets():
        store.base_dataset()  # raises: there is nothing that could be the same
    same = [info.id for info in bases(store.datasets()) if store.data_fingerprint(info.id) == dataset.fingerprint]
    if not same:
        return None
    return dataset if dataset.id in same else replace(dataset, id=same[0])


def recommend(
    model: Model,
    dataset: Dataset,
    users: Ids | None = None,
    k: int = 10,
    *,
    reasons: int = 10,
    against: int = 0,
    items: Ids | None = None,
    exclude: Ids = (),
    filter_taken: bool = True,
    unknown_users: UnknownUsers = "raise",
    protect: Sequence[str] = (),
    fallback: Fallback = "none",
    explainer: Explainer | None = None,
    engine: str | Engine = "",
) -> Recommendations:
    """Recommend k items to each user, with reasons.

    Args:
        model: fitted.
        dataset: what is known of the users.
        users: one id, several, or None for all.
        k: items for each user.
        reasons: supporting reasons for each item, at most.
        against: opposing reasons for each item, at most.
        items: whitelist: only these may be recommended; None for all.
        exclude: items that must not be recommended.
        filter_taken: leave out what a user has taken already.
        unknown_users: what happens with users that the data does not have: ``raise`` an error, ``warn`` and leave them
            out, ``ignore`` them, or recommend them the most popular items, without reasons (``popularity``).
        protect: kinds of attributes that must not appear among the reasons, such as ``gender``.
        fallback: what people of the data get who have no positive interaction, and of whom the model can use nothing:
            ``none``, the items that most people took (``popularity``), or those that people with the same attributes
            took more often than others (``attributes``). Its reasons have the method ``fallback``.
        explainer: weighs the inputs; None for the model itself.
        engine: whose workers ``write`` and ``save`` use: ``processes:N``, ``ray``, ``ray://HOST:PORT``, or an
            ``Engine``; empty for none. What is written is the same.

    Of named users who have interactions of which none counts by the data's ``positive_if``, the log warns; the run's
    notes count them.

    Raises:
        UnknownIdError: an item, or with ``raise`` a user, that is not known.
        UsageError: a protected kind that no attribute has, or a number out of range.
    """
    check_model(model)
    check_dataset(dataset)
    check_explainer(explainer, protect)
    check_same_items(model, dataset)
    chosen_engine = engine_of(engine) if engine else None
    known, unknown = (None, ()) if users is None else known_users(dataset, _texts(users), unknown_users)
    request = Request(
        k=k,
        reasons=reasons,
        against=against,
        users=known,
        items=None if items is None else _texts(items),
        exclude=_texts(exclude),
        protect=tuple(protect),
        filter_taken=filter_taken,
        fallback=fallback,
    )
    model.record.items.require([*(request.items or ()), *request.exclude])
    request.shown_attributes(dataset)
    if known is not None:
        _warn_of_uncounted(dataset, known)
    popular = unknown if unknown_users == "popularity" else ()
    left_out = () if popular else unknown
    return Recommendations(
        model,
        dataset,
        request,
        explainer,
        popular_for=popular,
        users_left_out=left_out,
        engine=chosen_engine,
    )


def explain(
    model: Model,
    dataset: Dataset,
    users: Ids,
    items: Ids,
    *,
    reasons: int = 10,
    against: int = 0,
    protect: Sequence[str] = (),
    explainer: Explainer | None = None,
) -> ExplainedPairs:
    """Explain given pairs of user and item, recommended or not; they have no rank.

    Args:
        model: fitted.
        dataset: what is known of the users.
        users: one id for all items, or one for each item.
        items: one id, or one for each user.
        reasons: supporting reasons for each pair, at most.
        against: opposing reasons for each pair, at most.
        protect: kinds of attributes that must not appear among the reasons.
        explainer: weighs the inputs; None for the model itself.

    Raises:
        UnknownIdError: a user or an item that is not known.
        UsageError: there are not as many users as items, or a protected kind that no attribute has.
    """
    check_model(model)
    check_dataset(dataset)
    check_explainer(explainer, protect)
    user_ids, item_ids = _texts(users), _texts(items)
    if len(user_ids) == 1:
        user_ids *= len(item_ids)
    if len(user_ids) != len(item_ids):
        raise UsageError(
            f"{counted(len(user_ids), 'user')} and {counted(len(item_ids), 'item')} are not pairs",
            remedy="Give one item for each user, or one user",
        )
    request = Request(reasons=reasons, against=against, users=user_ids, protect=tuple(protect))
    positions = dataset.users.require(user_ids)
    places = model.record.items.require(item_ids)[:, None].astype(np.int64)
    asked = AlignedRequest.of(model, dataset, request, explainer)
    pairs = explain_aligned(asked, positions, places)
    tables = without_ranks(joined([tables_of(asked.factors, asked.data), *pairs]))
    return ExplainedPairs(model, dataset, request, explainer, (user_ids, item_ids), tables)


def _warn_of_uncounted(dataset: Dataset, users: Sequence[str]) -> None:
    uncounted = users_without_positives(dataset, dataset.users.positions(users))
    if len(uncounted):
        first = int(uncounted[0])
        why = why_none_counts(dataset, first, dataset.users.ids[first].as_py())
        more = f" So it is with {counted(len(uncounted) - 1, 'other user')}." if len(uncounted) > 1 else ""
        _LOG.warning("%s.%s", why, more)


def _texts(ids: Ids) -> tuple[str, ...]:
    return tuple(id_texts([ids] if isinstance(ids, (str, int)) else ids))
