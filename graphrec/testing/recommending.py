"""What holds for what a model recommends."""

from __future__ import annotations

from abc import abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import graphrec as gr
from graphrec.errors import UnknownIdError
from graphrec.models.model import Model
from graphrec.models.saving import load_model, save_model
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request
from graphrec.testing.frames import ALL, EVERYTHING, frames
from graphrec.testing.numbering import renumbered
from graphrec.testing.scoring import RecommenderBattery, fitted
from graphrec.testing.toy import NEWCOMER, NOBODY, PICKY, build

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset


class RecommendingBattery(RecommenderBattery):
    """Assertions on a model and its recommendations, beside those on anything that scores."""

    @abstractmethod
    def make(self, **settings: Any) -> Model:
        """Return a model that has not been fitted, with these settings instead of those of the test."""

    # --- fixtures

    @pytest.fixture
    def explained(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return four recommendations for each user, and all their reasons."""
        return explained_by(type(self))

    # --- saving

    def test_saving_and_loading_changes_no_reason(
        self, model: Model, dataset: Dataset, explained: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path
    ) -> None:
        """Save and load: recommendations and reasons stay the same."""
        save_model(model, tmp_path / "fit")
        back = load_model(tmp_path / "fit", kind=type(model))
        for before, after in zip(explained, frames(recommend(back, dataset, EVERYTHING)), strict=True):
            pd.testing.assert_frame_equal(before, after)

    # --- recommending

    def test_one_user_who_took_everything(self) -> None:
        """Recommend to a user who took the only item: nothing."""
        if not self.learns_from_one:
            pytest.skip("this model cannot be fitted on a single interaction")
        single = self.dressed(build({"u": {"i": 5.0}}, ["i"]))
        assert frames(recommend(self.make().fit(single), single, Request()))[0].empty

    def test_ranks_what_is_not_taken(
        self, model: Model, dataset: Dataset, explained: tuple[pd.DataFrame, pd.DataFrame]
    ) -> None:
        """Recommend: the best items by score that the user has not taken, ranked from 1."""
        users, items = dataset.users.ids.to_pylist(), dataset.items.ids.to_pylist()
        scores = model.score_users(dataset, users)
        for user, rows in explained[0].groupby("user"):
            position = users.index(user)
            candidates = np.setdiff1d(np.arange(len(items)), dataset.taken.row(position))
            best = candidates[np.argsort(-scores[position, candidates], kind="stable")][:4]
            np.testing.assert_allclose(rows["score"], scores[position, best], rtol=1e-6)
            assert {items.index(item) for item in rows["item"]}.isdisjoint(dataset.taken.row(position))
            assert rows["rank"].tolist() == list(range(1, len(best) + 1))

    def test_k_larger_than_the_catalogue(self, model: Model, dataset: Dataset) -> None:
        """Recommend more items than there are: all that the user has not taken."""
        rows, _ = frames(recommend(model, dataset, Request(k=ALL)))
        taken = dict(zip(dataset.users.ids.to_pylist(), dataset.taken.counts, strict=True))
        for user, count in rows["user"].value_counts().items():
            assert count == len(dataset.items) - taken[user]

    def test_one_candidate_for_one_user(self, model: Model, dataset: Dataset, explained: Any) -> None:
        """Recommend one named item to one user: the reasons that it has among others."""
        one = explained[0].iloc[0]
        request = Request(k=3, reasons=ALL, against=ALL, users=(one["user"],), items=(one["item"],))
        rows, reasons = frames(recommend(model, dataset, request))
        assert rows[["user", "item", "rank"]].to_numpy().tolist() == [[one["user"], one["item"], 1]]
        mine = explained[1].query("user == @one['user'] and item == @one['item']")
        assert sorted(reasons["evidence"]) == sorted(mine["evidence"])
        np.testing.assert_allclose(sorted(reasons["weight"]), sorted(mine["weight"]), atol=1e-6, rtol=1e-5)

    def test_unknown_ids_of_a_request_are_a_clear_error(self, model: Model, dataset: Dataset) -> None:
        """Request an id that the data set lacks: an UnknownIdError that names it."""
        for request in (Request(users=("stranger",)), Request(items=("stranger",)), Request(exclude=("stranger",))):
            with pytest.raises(UnknownIdError, match="stranger"):
                list(recommend(model, dataset, request))

    def test_without_history(self, model: Model, dataset: Dataset) -> None:
        """Recommend to users without history: nothing, unless attributes suffice (``cold_by_attributes``)."""
        rows = frames(recommend(model, dataset, Request(users=(NOBODY, PICKY, NEWCOMER))))[0]
        assert sorted(set(rows["user"] if len(rows) else [])) == ([NEWCOMER] if self.cold_by_attributes else [])

    def test_another_numbering_changes_nothing(self, model: Model, dataset: Dataset, explained: Any) -> None:
        """Recommend with items in another order, and one more: the same items and weights."""
        mixed = renumbered(dataset, np.random.default_rng(0).permutation(len(dataset.items)))
        rows, reasons = frames(recommend(model, mixed, EVERYTHING))
        pd.testing.assert_frame_equal(rows, explained[0], check_exact=False, rtol=1e-5)
        np.testing.assert_allclose(np.sort(reasons["weight"]), np.sort(explained[1]["weight"]), atol=1e-6, rtol=1e-5)

    def test_recommends_by_ids(self, model: Model, dataset: Dataset, explained: Any) -> None:
        """Recommend by the front door: the same as by the batches, for one id and for several."""
        every = gr.recommend(model, dataset, k=4, reasons=ALL).tables
        rows, _ = frames([every])
        pd.testing.assert_frame_equal(
            rows.drop(columns=["rest", "n_reasons"]), explained[0].drop(columns=["rest", "n_reasons"])
        )
        user = explained[0]["user"].iloc[0]
        for users in (user, [user]):
            alone, _ = frames([gr.recommend(model, dataset, users, k=4).tables])
            assert alone["item"].tolist() == explained[0].loc[explained[0]["user"] == user, "item"].tolist()
        assert gr.recommend(model, dataset, NOBODY).tables.recommendations.num_rows == 0


@cache
def explained_by(kind: type[RecommendingBattery]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recommend once for all tests of a class."""
    dataset, model = fitted(kind)
    assert isinstance(model, Model)
    return frames(recommend(model, dataset, EVERYTHING))
