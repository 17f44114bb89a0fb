"""What holds for everything that scores, and what more holds for every model that can say why.

A test of a plain recommender inherits from ``RecommenderBattery``, that of a model from ``Battery``; it says how the
thing is made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.errors import ModelError, UnknownIdError, UsageError
from graphrec.models.base import Model
from graphrec.models.saving import fit_id, load_model, load_recommender, save_model
from graphrec.recommend.batches import explain, recommend
from graphrec.recommend.request import Request
from graphrec.schema.graph import EVIDENCE_LABELS
from graphrec.tables.explanations import Explanations
from tests.models.toy import NEWCOMER, NOBODY, PICKY, build, toy

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender

ALL = 1000
EVERYTHING = Request(k=4, reasons=ALL, against=ALL)


def frames(batches: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return recommendations and reasons of all batches, in an order that batching does not change."""
    parts = list(batches)
    if not parts:
        return pd.DataFrame(), pd.DataFrame()
    recommendations = pd.concat([part.recommendations.to_pandas() for part in parts])
    reasons = pd.concat([part.reasons.to_pandas() for part in parts])
    text = dict.fromkeys(("user", "item", "label", "evidence", "via", "ground"), str)
    recommendations = recommendations.astype({"user": str, "item": str}).sort_values(["user", "rank"])
    reasons = reasons.astype(text).sort_values(["user", "item", "rank", "label", "evidence", "via"])
    return recommendations.reset_index(drop=True), reasons.reset_index(drop=True)


class RecommenderBattery(ABC):
    """Assertions on anything that scores.

    Attributes:
        cold_by_attributes: whether a user without history is scored by attributes.
        scores_anyone: whether even a user without history and attributes is scored, by what is known of the items.
        newcomers: whether users unknown to the fit are scored from their history.
        learns_from_one: whether a single interaction, without any attribute, can be fitted.
    """

    cold_by_attributes: ClassVar[bool] = False
    scores_anyone: ClassVar[bool] = False
    newcomers: ClassVar[bool] = True
    learns_from_one: ClassVar[bool] = True

    @abstractmethod
    def make(self, **settings: Any) -> Recommender:
        """Return a recommender that has not been fitted."""

    # --- fixtures

    @pytest.fixture
    def dataset(self) -> Dataset:
        return _fitted(type(self))[0]

    @pytest.fixture
    def model(self) -> Any:
        return _fitted(type(self))[1]

    # --- fitting, saving

    def test_same_seed_same_result(self, model: Recommender, dataset: Dataset) -> None:
        again = self.make().fit(dataset)
        assert fit_id(again) == fit_id(model)
        for name, array in model._arrays().items():
            np.testing.assert_array_equal(array, again._arrays()[name])

    def test_saving_and_loading_changes_nothing(self, model: Recommender, dataset: Dataset, tmp_path: Path) -> None:
        assert save_model(model, tmp_path / "fit") == fit_id(model)
        back = load_recommender(tmp_path / "fit")
        users = dataset.users.ids.to_pylist()
        np.testing.assert_array_equal(back.score(dataset, users), model.score(dataset, users))
        assert back.record.metrics == model.record.metrics
        assert back.config == model.config

    def test_asking_why_is_refused_where_there_is_no_answer(self, model: Recommender, tmp_path: Path) -> None:
        save_model(model, tmp_path / "fit")
        if isinstance(model, Model):
            assert load_model(tmp_path / "fit").name == model.name
            return
        with pytest.raises(UsageError, match=f"{model.name} scores items, but cannot say why .* Train one that can"):
            load_model(tmp_path / "fit")

    def test_refit_forgets_what_was_learned(self, dataset: Dataset) -> None:
        other = toy(seed=1, n_users=18, n_items=10)
        refitted, fresh = self.make().fit(dataset).fit(other), self.make().fit(other)
        assert fit_id(refitted) == fit_id(fresh)
        assert fit_id(refitted) != fit_id(self.make().fit(dataset))

    def test_an_unfitted_model_says_so(self, dataset: Dataset) -> None:
        with pytest.raises(ModelError, match="not been fitted"):
            self.make().score(dataset, "u00")

    def test_nothing_to_learn_from(self) -> None:
        with pytest.raises(ModelError, match="no positive interaction"):
            self.make().fit(build({"u": {"i": 1.0}}, ["i"], positive_if="rating>=3"))

    def test_one_user_and_one_item(self) -> None:
        single = build({"u": {"i": 5.0}}, ["i"])
        if not self.learns_from_one:
            with pytest.raises(ModelError, match="too few interactions"):
                self.make().fit(single)
            return
        assert np.isfinite(self.make().fit(single).score(single, "u")).all()

    # --- scoring

    def test_scores_tell_items_apart(self, model: Recommender, dataset: Dataset) -> None:
        users = dataset.users.ids.take(np.flatnonzero(dataset.positives.counts)).to_pylist()
        scores = model.score(dataset, users)
        assert scores.shape == (len(users), len(dataset.items))
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert (scores.max(axis=1) > scores.min(axis=1)).all()

    def test_unknown_users_are_a_clear_error(self, model: Recommender, dataset: Dataset) -> None:
        with pytest.raises(UnknownIdError, match="no User with id 'stranger'"):
            model.score(dataset, "stranger")

    def test_one_user_scores_like_many(self, model: Recommender, dataset: Dataset) -> None:
        users = dataset.users.ids.to_pylist()
        alone = np.stack([model.score(dataset, user) for user in users])
        np.testing.assert_allclose(alone, model.score(dataset, users), rtol=1e-5, atol=1e-6)

    def test_a_user_without_history(self, model: Recommender, dataset: Dataset) -> None:
        aligned, known = model.align(dataset)
        users = dataset.users.require([NOBODY, PICKY, NEWCOMER])
        inputs = model._inputs(profiles_of(aligned, known, users)) > 0
        assert inputs.tolist() == [
            self.scores_anyone,
            self.scores_anyone,
            self.scores_anyone or self.cold_by_attributes,
        ]
        scores = model.score(dataset, [NOBODY, PICKY, NEWCOMER])
        assert scores.any(axis=1).tolist() == inputs.tolist()

    def test_a_newcomer_with_a_known_history(self, model: Recommender, dataset: Dataset) -> None:
        if not self.newcomers:
            pytest.skip("this model scores only the users that it was fitted on")
        twin = replace(dataset, users=replace(dataset.users, ids=renamed(dataset.users.ids)))
        assert (model.align(twin)[1] == -1).all()
        users = dataset.users.ids.to_pylist()
        np.testing.assert_array_equal(model.score(twin, [f"new {user}" for user in users]), model.score(dataset, users))

    def test_another_numbering_scores_the_same(self, model: Recommender, dataset: Dataset) -> None:
        mixed = renumbered(dataset, np.random.default_rng(0).permutation(len(dataset.items)))
        users = dataset.users.ids.to_pylist()
        np.testing.assert_allclose(model.score(mixed, users), model.score(dataset, users), rtol=1e-5, atol=1e-6)


class Battery(RecommenderBattery):
    """Assertions on a model and its explanations, beside those on anything that scores."""

    @abstractmethod
    def make(self, **settings: Any) -> Model:
        """Return a model that has not been fitted."""

    def score_without(self, model: Model, profile: Profiles, label: str, node: int) -> np.ndarray:
        """Score one user again with one input switched off, through the front door.

        What the items reach is given as the user's own, so that switching an item off leaves its attributes.
        """
        attributes = np.union1d(profile.reached_attributes.row(0), profile.user_attributes.row(0))
        items = profile.items.row(0)
        if label == "Item":
            items = items[items != node]
        else:
            attributes = attributes[attributes != node]
        n_items, n_attributes = profile.item_attributes.n_rows, profile.item_attributes.n_columns
        rest = Profiles(
            profile.known,
            Incidence.from_pairs(np.zeros_like(items), items, (1, n_items)),
            Incidence.from_pairs(np.zeros_like(attributes), attributes, (1, n_attributes)),
            Incidence.empty(n_items, n_attributes),
            profile.item_entities,
        )
        return model._score(rest).numpy()[0]

    # --- fixtures

    @pytest.fixture
    def explained(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return _explained(type(self))

    # --- saving

    def test_saving_and_loading_changes_no_reason(
        self, model: Model, dataset: Dataset, explained: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path
    ) -> None:
        save_model(model, tmp_path / "fit")
        back = load_model(tmp_path / "fit")
        for before, after in zip(explained, frames(recommend(back, dataset, EVERYTHING)), strict=True):
            pd.testing.assert_frame_equal(before, after)

    # --- recommending

    def test_one_user_who_took_everything(self) -> None:
        if not self.learns_from_one:
            pytest.skip("this model cannot be fitted on a single interaction")
        single = build({"u": {"i": 5.0}}, ["i"])
        assert frames(recommend(self.make().fit(single), single, Request()))[0].empty

    def test_ranks_what_is_not_taken(
        self, model: Model, dataset: Dataset, explained: tuple[pd.DataFrame, pd.DataFrame]
    ) -> None:
        users, items = dataset.users.ids.to_pylist(), dataset.items.ids.to_pylist()
        scores = model.score(dataset, users)
        for user, rows in explained[0].groupby("user"):
            position = users.index(user)
            candidates = np.setdiff1d(np.arange(len(items)), dataset.taken.row(position))
            best = candidates[np.argsort(-scores[position, candidates], kind="stable")][:4]
            np.testing.assert_allclose(rows["score"], scores[position, best], rtol=1e-6)
            assert {items.index(item) for item in rows["item"]}.isdisjoint(dataset.taken.row(position))
            assert rows["rank"].tolist() == list(range(1, len(best) + 1))

    def test_k_larger_than_the_catalogue(self, model: Model, dataset: Dataset) -> None:
        rows, _ = frames(recommend(model, dataset, Request(k=ALL)))
        taken = dict(zip(dataset.users.ids.to_pylist(), dataset.taken.counts, strict=True))
        for user, count in rows["user"].value_counts().items():
            assert count == len(dataset.items) - taken[user]

    def test_one_candidate_for_one_user(self, model: Model, dataset: Dataset, explained: Any) -> None:
        one = explained[0].iloc[0]
        request = Request(k=3, reasons=ALL, against=ALL, users=(one["user"],), items=(one["item"],))
        rows, reasons = frames(recommend(model, dataset, request))
        assert rows[["user", "item", "rank"]].to_numpy().tolist() == [[one["user"], one["item"], 1]]
        mine = explained[1].query("user == @one['user'] and item == @one['item']")
        assert sorted(reasons["evidence"]) == sorted(mine["evidence"])
        np.testing.assert_allclose(sorted(reasons["weight"]), sorted(mine["weight"]), atol=1e-6)

    def test_unknown_ids_of_a_request_are_a_clear_error(self, model: Model, dataset: Dataset) -> None:
        for request in (Request(users=("stranger",)), Request(items=("stranger",)), Request(exclude=("stranger",))):
            with pytest.raises(UnknownIdError, match="stranger"):
                list(recommend(model, dataset, request))

    def test_without_history(self, model: Model, dataset: Dataset) -> None:
        asked = frames(recommend(model, dataset, Request(users=(NOBODY, PICKY, NEWCOMER))))[0]
        assert sorted(set(asked["user"] if len(asked) else [])) == ([NEWCOMER] if self.cold_by_attributes else [])

    def test_another_numbering_changes_nothing(self, model: Model, dataset: Dataset, explained: Any) -> None:
        mixed = renumbered(dataset, np.random.default_rng(0).permutation(len(dataset.items)))
        rows, reasons = frames(recommend(model, mixed, EVERYTHING))
        pd.testing.assert_frame_equal(rows, explained[0], check_exact=False, rtol=1e-5)
        np.testing.assert_allclose(np.sort(reasons["weight"]), np.sort(explained[1]["weight"]), atol=1e-6)

    def test_recommends_by_ids(self, model: Model, dataset: Dataset, explained: Any) -> None:
        every = model.recommend(dataset, k=4, reasons=ALL)
        rows, _ = frames([every])
        pd.testing.assert_frame_equal(
            rows.drop(columns=["rest", "n_reasons"]), explained[0].drop(columns=["rest", "n_reasons"])
        )
        user = explained[0]["user"].iloc[0]
        for users in (user, [user]):
            alone, _ = frames([model.recommend(dataset, users, k=4)])
            assert alone["item"].tolist() == explained[0].loc[explained[0]["user"] == user, "item"].tolist()
        assert model.recommend(dataset, NOBODY).recommendations.num_rows == 0

    # --- explaining

    def test_explains_pairs_by_ids(self, model: Model, dataset: Dataset, explained: Any) -> None:
        some = explained[0].iloc[::3]
        rows, reasons = frames(
            [model.explain(dataset, some["user"].tolist(), some["item"].tolist(), reasons=ALL, against=ALL)]
        )
        assert len(rows) == len(some)
        asked = set(zip(some["user"], some["item"], strict=True))
        mine = explained[1][[pair in asked for pair in zip(explained[1]["user"], explained[1]["item"], strict=True)]]
        np.testing.assert_allclose(np.sort(reasons["weight"]), np.sort(mine["weight"]), atol=1e-6)
        one = model.explain(dataset, some["user"].iloc[0], some["item"].iloc[0])
        assert one.recommendations.num_rows == 1
        with pytest.raises(UnknownIdError, match="no Item with id 'nothing'"):
            model.explain(dataset, some["user"].iloc[0], "nothing")
        with pytest.raises(UsageError, match="2 users and 1 items"):
            model.explain(dataset, some["user"].iloc[:2].tolist(), some["item"].iloc[0])

    def test_reasons_sum_to_the_score(self, model: Model, explained: Any) -> None:
        rows, reasons = explained
        assert len(reasons) > len(rows)
        assert (rows["n_reasons"] == _counted(rows, reasons)).all()
        if model.weight_unit == "score":
            scale = np.maximum(rows["score"].abs(), 1)
            assert (rows["rest"].abs() / scale).max() < 1e-5

    def test_shares_sum_to_one(self, explained: Any) -> None:
        totals = explained[1].assign(share=explained[1]["share"].abs()).groupby(["user", "item"])["share"].sum()
        np.testing.assert_allclose(totals, 1, atol=1e-5)

    def test_reasons_are_ranked_by_weight(self, explained: Any) -> None:
        for _, rows in explained[1].groupby(["user", "item"]):
            pros, cons = rows[rows["rank"] > 0].sort_values("rank"), rows[rows["rank"] < 0].sort_values("rank")[::-1]
            assert (pros["weight"] > 0).all()
            assert (cons["weight"] < 0).all()
            assert pros["weight"].is_monotonic_decreasing
            assert cons["weight"].is_monotonic_increasing
            assert pros["rank"].tolist() == list(range(1, len(pros) + 1))
            assert cons["rank"].tolist() == list(range(-1, -len(cons) - 1, -1))

    def test_fewer_reasons_are_the_first_of_all(self, model: Model, dataset: Dataset, explained: Any) -> None:
        _, few = frames(recommend(model, dataset, Request(k=4, reasons=2, against=1)))
        some = explained[1][explained[1]["rank"].isin([1, 2, -1])]
        np.testing.assert_allclose(few["weight"], some["weight"], atol=1e-6)
        np.testing.assert_allclose(few["share"], some["share"], atol=1e-6)

    def test_effects_are_what_scoring_again_measures(self, model: Model, dataset: Dataset, explained: Any) -> None:
        aligned, known = model.align(dataset)
        numbers = {"Item": dataset.items, "Attribute": dataset.attributes}
        measured = 0
        for row in explained[1].query("label in ['Item', 'Attribute']").iloc[::7].itertuples():
            user = dataset.users.require([row.user])
            item = int(dataset.items.require([row.item])[0])
            profile = profiles_of(aligned, known, user)
            if model._inputs(profile)[0] < 2:
                assert np.isnan(row.effect) or row.effect == pytest.approx(row.weight)
                continue
            before = model._score(profile).numpy()[0, item]
            node = int(numbers[row.label].require([row.evidence])[0])
            after = self.score_without(model, profile, row.label, node)[item]
            assert row.effect == pytest.approx(before - after, abs=2e-5), row
            measured += 1
        assert measured > 20

    def test_scoring_with_some_of_the_inputs(self, model: Model, dataset: Dataset) -> None:
        aligned, known = model.align(dataset)
        users = np.flatnonzero(model._inputs(profiles_of(aligned, known, np.arange(len(dataset.users)))) > 1)[:6]
        profiles = profiles_of(aligned, known, users)
        slots = model._switchable(profiles)
        assert (slots.filled.sum(dim=1).numpy() == model._inputs(profiles)).all()
        width = slots.labels.shape[1]
        every, nothing = slots.filled[:, None, :], torch.zeros(len(users), 1, width, dtype=torch.bool)
        without_one = every & ~torch.eye(width, dtype=torch.bool)
        kept = torch.cat([every, nothing, without_one], dim=1)
        scores = model._score_with(profiles, slots, kept)
        np.testing.assert_allclose(scores[:, 0], model._score(profiles), atol=2e-5)
        assert not scores[:, 1].any()
        for row in range(len(users)):
            for slot in range(0, int(slots.filled[row].sum()), 3):
                label = EVIDENCE_LABELS[slots.labels[row, slot]]
                again = self.score_without(model, profiles.rows(np.array([row])), label, slots.nodes[row, slot])
                np.testing.assert_allclose(scores[row, 2 + slot], again, atol=2e-5)
        items = torch.tensor([[3, 0, 5]]).repeat(len(users), 1)
        some = model._score_with(profiles, slots, kept, items)
        np.testing.assert_allclose(some, scores[:, :, [3, 0, 5]], atol=2e-5)

    def test_evidence_belongs_to_the_user_by_its_ground(self, dataset: Dataset, explained: Any) -> None:
        reasons = explained[1]
        assert set(reasons["ground"]) <= {"history", "item_attribute", "profile", "entity", "factor"}
        for row in reasons.itertuples():
            user = int(dataset.users.require([row.user])[0])
            history = dataset.positives.row(user)
            if row.ground == "history":
                assert row.label == "Item"
                assert row.anchor == row.evidence
                assert dataset.items.require([row.evidence])[0] in history
            elif row.ground == "item_attribute":
                anchor = int(dataset.items.require([row.anchor])[0])
                assert anchor in history
                assert dataset.attributes.require([row.evidence])[0] in dataset.item_attributes.row(anchor)
                kind = dataset.attributes.columns["kind"][int(dataset.attributes.require([row.evidence])[0])]
                assert row.via == f"attribute:{kind}"
            elif row.ground == "profile":
                assert pd.isna(row.anchor)
                assert dataset.attributes.require([row.evidence])[0] in dataset.user_attributes.row(user)

    def test_protected_attributes_are_never_shown(self, model: Model, dataset: Dataset, explained: Any) -> None:
        protect = ("gender", "director")
        _, reasons = frames(recommend(model, dataset, replace(EVERYTHING, protect=protect)))
        hidden = explained[1]["evidence"].str.match(r".*\.(gender|director)=")
        shown = explained[1][~hidden].sort_values(["user", "item", "label", "evidence"])
        reasons = reasons.sort_values(["user", "item", "label", "evidence"])
        assert reasons["evidence"].tolist() == shown["evidence"].tolist()
        np.testing.assert_allclose(reasons["share"], shown["share"], atol=1e-6)
        with pytest.raises(UsageError, match="'colour'"):
            list(recommend(model, dataset, Request(protect=("colour",))))

    def test_any_item_can_be_explained(self, model: Model, dataset: Dataset) -> None:
        users = np.flatnonzero(dataset.positives.counts)[:3]
        items = np.array([[0, 5], [3, -1], [2, 9]])
        parts = list(explain(model, dataset, users, items, EVERYTHING))
        assert all(isinstance(part, Explanations) for part in parts)
        rows, _ = frames(parts)
        scores = model.score(dataset, dataset.users.ids.take(users).to_pylist())
        expected = {
            (dataset.users.ids[int(user)].as_py(), dataset.items.ids[int(item)].as_py()): scores[place, item]
            for place, user in enumerate(users)
            for item in items[place]
            if item >= 0
        }
        assert len(rows) == len(expected) == 5
        for row in rows.itertuples():
            assert row.score == pytest.approx(expected[row.user, row.item], abs=1e-6)


@cache
def _fitted(kind: type[RecommenderBattery]) -> tuple[Dataset, Recommender]:
    """Fit once for all tests of a class: no test changes what it is given."""
    dataset = toy()
    return dataset, kind().make().fit(dataset)


@cache
def _explained(kind: type[Battery]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recommend once for all tests of a class."""
    dataset, model = _fitted(kind)
    assert isinstance(model, Model)
    return frames(recommend(model, dataset, EVERYTHING))


def _counted(rows: pd.DataFrame, reasons: pd.DataFrame) -> np.ndarray:
    """Return how many reasons each recommendation has; where nothing speaks for or against an item, none."""
    pairs = pd.MultiIndex.from_frame(rows[["user", "item"]])
    return reasons.groupby(["user", "item"]).size().reindex(pairs, fill_value=0).to_numpy()


def renamed(ids: Any) -> Any:
    """Return ids that nobody knows."""
    import pyarrow as pa

    return pa.array([f"new {text}" for text in ids.to_pylist()])


def renumbered(dataset: Dataset, order: np.ndarray) -> Dataset:
    """Return the same data with its items in another order, and one more that no model knows."""
    import pyarrow as pa

    ids = pa.concat_arrays([dataset.items.ids.take(pa.array(order)), pa.array(["unheard of"])])
    items = replace(dataset.items, ids=ids, columns={"name": ids})
    return dataset.aligned(items, dataset.attributes, dataset.entities)
