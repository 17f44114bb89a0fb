"""``gr.Predictor``: one loaded model that answers for one person at a time."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graphrec.answers import WhyList, whys_from_tables
from graphrec.api.changed_history import Change, Person
from graphrec.api.checks import check_dataset, check_explainer, check_model
from graphrec.api.frames import without_ranks
from graphrec.api.why_not import LARGEST, why_not_of
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.histories import with_histories
from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.uncounted import why_nothing
from graphrec.errors import UsageError
from graphrec.explaining.input_groups import BELONGING
from graphrec.loading.frame_texts import id_texts
from graphrec.models.saving import load_model
from graphrec.recommendation.batches import AlignedRequest, explain_aligned, recommend_aligned
from graphrec.recommendation.graph_of_fit import dataset_of_fit
from graphrec.recommendation.model_scores import ModelScores
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info
from graphrec.tables.explanations import Explanations, joined

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike
    from typing import Any

    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.answers import Why
    from graphrec.answers.whatif import WhatIf
    from graphrec.answers.why_not import WhyNot
    from graphrec.explaining.explainer import Explainer
    from graphrec.explaining.leaving_attributes import Carried
    from graphrec.models.model import Model
    from graphrec.store.store import Store

NEWCOMER = "newcomer"
"""How answers call a person who is known by a history alone."""


class Predictor:
    """A fitted model and its data, ready to recommend to one person and to say why.

    What is the same for everybody is computed once: alignment, factors, what the explainer needs of the data. Nothing
    of the predictor changes afterwards, so that any number of threads may ask it at once.

    Args:
        model: fitted.
        dataset: what is known of the users; new histories name its items.
        explainer: weighs the inputs; None for the model itself.
        protect: kinds of attributes that must not appear among the reasons.

    Raises:
        ModelError: the model was fitted on another graph.
        UsageError: a protected kind that no attribute has.
    """

    def __init__(
        self, model: Model, dataset: Dataset, *, explainer: Explainer | None = None, protect: Iterable[str] = ()
    ) -> None:
        check_model(model)
        check_dataset(dataset)
        request = Request(protect=tuple(protect))
        check_explainer(explainer, request.protect)
        # A record for no users: that of a whole run would count those who have no input.
        self._run = run_info(model, dataset, replace(request, users=()), explainer)
        self._base = AlignedRequest.of(model, dataset, request, explainer)
        self._factors = self._base.factors.table()
        data = self._base.data
        for ids in data.nodes.values():
            ids.prepare_lookups()
        _ = (
            data.taken,
            data.positives,
            data.negatives,
            data.all_links,
            data.mention_counts,
        )  # computed here, not by the first question

    @classmethod
    def load(
        cls,
        folder: str | PathLike[str],
        source: Dataset | Store,
        *,
        explainer: Explainer | None = None,
        protect: Iterable[str] = (),
    ) -> Self:
        """Load a model's folder beside its data.

        Args:
            folder: as ``gr.save_model`` or ``graphrec train`` wrote it.
            source: the data set, or the store that holds it; of several data sets, the one that the model knows.
            explainer: weighs the inputs; None for the model itself.
            protect: kinds of attributes that must not appear among the reasons.

        Raises:
            InputError: the folder holds no model.
            ModelError: it is damaged, or of another graph.
        """
        model = load_model(os.fspath(folder))
        if isinstance(source, Dataset):
            return cls(model, source, explainer=explainer, protect=protect)
        own = dataset_of_fit(model.record, source)
        record = model.record
        dataset = Dataset.from_store(source, record.positive_if, negative_if=record.negative_if, dataset=own)
        return cls(model, dataset, explainer=explainer, protect=protect)

    def recommend(
        self,
        user: str | int | None = None,
        k: int = 10,
        *,
        history: Iterable[Any] | None = None,
        attributes: Iterable[str] = (),
        reasons: int = 3,
        against: int = 0,
        items: Iterable[Any] | None = None,
        exclude: Iterable[Any] = (),
        filter_taken: bool = True,
    ) -> WhyList:
        """Recommend k items to one person, with reasons.

        Args:
            user: id of a user of the data; or leave it out and give a history.
            k: items.
            history: ids of the items that somebody took whom the data does not have.
            attributes: with a history, ids of the person's own attributes, such as ``user.gender=F``.
            reasons: supporting reasons for each item, at most.
            against: opposing reasons for each item, at most.
            items: whitelist: only these may be recommended; None for all.
            exclude: items that must not be recommended.
            filter_taken: leave out what the person has taken.

        Returns:
            The recommendations, best first; each has ``item``, ``score``, ``rank`` and ``reasons``. None where the
            model can use nothing that is known of the person; its ``note`` then says why.

        Raises:
            UnknownIdError: a user, item or attribute that is not known.
            UsageError: neither a user nor a history is given, or both.
        """
        request = replace(
            self._base.request,
            k=k,
            reasons=reasons,
            against=against,
            items=None if items is None else tuple(id_texts(items)),
            exclude=tuple(id_texts(exclude)),
            filter_taken=filter_taken,
        )
        aligned_request, position, name = self._about(user, history, attributes, request)
        tables = joined(recommend_aligned(aligned_request, position))
        if tables.recommendations.num_rows:
            return self._whys(tables, aligned_request, position, name)
        return WhyList((), self._why_nothing(aligned_request, position, name))

    def why(
        self,
        user: str | int | None = None,
        item: str | int = "",
        *,
        history: Iterable[Any] | None = None,
        attributes: Iterable[str] = (),
        reasons: int = 10,
        against: int = 0,
    ) -> Why:
        """Return the reasons for one item, recommended or not; errors as for ``recommend``, or nothing can be told.

        Args:
            user: id of a user of the data; or leave it out and give a history.
            item: id of the item.
            history: ids of the items that somebody took whom the data does not have.
            attributes: with a history, ids of the person's own attributes.
            reasons: supporting reasons, at most.
            against: opposing reasons, at most.
        """
        request = replace(self._base.request, reasons=reasons, against=against)
        aligned_request, position, name = self._about(user, history, attributes, request)
        place = self._base.data.items.require(id_texts([item]))[None, :].astype(np.int64)
        tables = without_ranks(joined(explain_aligned(aligned_request, position, place)))
        return self._whys(tables, aligned_request, position, name)[0]

    def why_not(
        self,
        user: str | int | None = None,
        item: str | int = "",
        *,
        history: Iterable[Any] | None = None,
        k: int = 10,
        largest: int = LARGEST,
        attributes: Iterable[str] = (),
        reasons: int = 5,
        against: int = 5,
        items: Iterable[Any] | None = None,
        exclude: Iterable[Any] = (),
    ) -> WhyNot:
        """Return what stands between a person and an item that is not in their list.

        That is the reasons for and against it; the last item of the list, with its reasons; and the few items that,
        never taken or taken too, would bring it into the list.

        Args:
            user: id of a user of the data; or leave it out and give a history.
            item: id of the item.
            history: ids of the items that somebody took whom the data does not have.
            k: length of the list.
            largest: items of a change, at most.
            attributes: with a history, ids of the person's own attributes.
            reasons: supporting reasons of the item and of the last of the list, at most.
            against: opposing reasons, at most.
            items: whitelist: only these may be recommended; None for all.
            exclude: items that must not be recommended.

        Raises:
            UnknownIdError: a user, item or attribute that is not known, or the model can use nothing of the person.
            UsageError: the item is taken or may not be recommended; neither a user nor a history is given, or both.
        """
        request = replace(
            self._base.request,
            k=k,
            reasons=reasons,
            against=against,
            items=None if items is None else tuple(id_texts(items)),
            exclude=tuple(id_texts(exclude)),
        )
        asked, position, name = self._about(user, history, attributes, request)
        (place,) = self._base.data.items.require(id_texts([item]))
        return why_not_of(
            asked,
            int(position[0]),
            int(place),
            largest,
            self._base.data.positives,
            lambda tables: self._whys(without_ranks(tables), asked, position, name),
        )

    def whatif(
        self,
        user: str | int | None = None,
        *,
        history: Iterable[Any] | None = None,
        without: str | int | Iterable[Any] = (),
        with_items: str | int | Iterable[Any] = (),
        k: int = 10,
        attributes: Carried = "go",
        recommend_removed: bool = False,
        belonging: float = BELONGING,
    ) -> WhatIf:
        """Return a person's list before and after a change of what they took; arguments and errors as ``gr.whatif``."""
        change = Change(_texts(without), _texts(with_items), k, attributes, recommend_removed, belonging)
        aligned_request, position, name = self._about(user, history, (), self._base.request)
        scoring = ModelScores(self._base.model, self._base.factors)
        return Person(scoring, aligned_request.data, aligned_request.known, int(position[0]), name).whatif(change)

    def _about(
        self,
        user: str | int | None,
        history: Iterable[Any] | None,
        attributes: Iterable[str],
        request: Request,
    ) -> tuple[AlignedRequest, npt.NDArray[np.int64], str]:
        """Return the request about a person, the person's position in its data, and the id in answers."""
        if (user is None) == (history is None):
            raise UsageError("one person is asked about", remedy="Give either a user or a history")
        base = self._base
        allowed = request.candidate_mask(base.data)
        if history is None:
            (name,) = id_texts([user])
            position = base.data.users.require([name])
            return replace(base, request=request, allowed=allowed), position.astype(np.int64), name
        people = with_histories(base.data, {NEWCOMER: id_texts(history)}, {NEWCOMER: list(attributes)})
        known = np.array([-1], dtype=np.int32)
        aligned_request = replace(base, request=request, allowed=allowed, data=people, known=known)
        return aligned_request, np.zeros(1, dtype=np.int64), NEWCOMER

    def _whys(self, tables: Explanations, asked: AlignedRequest, position: npt.NDArray[np.int64], name: str) -> WhyList:
        named = replace(tables, factors=self._factors)
        return whys_from_tables(
            named, asked.data, self._run, name, why_nothing=self._why_nothing(asked, position, name)
        )

    def _why_nothing(self, asked: AlignedRequest, position: npt.NDArray[np.int64], name: str) -> str:
        """Return why the model can recommend nothing to a person; empty if it has an input of theirs."""
        profile = profiles_of(asked.data, asked.known, position)
        return "" if asked.model.count_inputs(profile)[0] else why_nothing(asked.data, int(position[0]), name)


def _texts(ids: str | int | Iterable[Any]) -> tuple[str, ...]:
    return tuple(id_texts([ids] if isinstance(ids, (str, int)) else ids))
