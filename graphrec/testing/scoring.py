"""What holds for everything that scores items."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UnknownIdError, UsageError
from graphrec.models.latent import LatentModel
from graphrec.models.model import Model
from graphrec.models.saving import fit_id, load_model, load_recommender, save_model
from graphrec.testing.named_items import NamedItemsBattery
from graphrec.testing.numbering import renamed, renumbered
from graphrec.testing.toy import NEWCOMER, NOBODY, PICKY, build, toy

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender


class RecommenderBattery(NamedItemsBattery, ABC):
    """Assertions on anything that scores items. Each class fits its model once; no test changes the model or the data.

    Attributes:
        cold_by_attributes: whether a user without history is scored by attributes, or by a profile of features.
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
        """Return a recommender that has not been fitted, with these settings instead of those of the test."""

    def make_dataset(self) -> Dataset:
        """Return the data set to fit on, with the users of ``toy``; others override it for data with more in it."""
        return toy()

    def dressed(self, dataset: Dataset) -> Dataset:
        """Return one of the battery's further data sets with what the model learns from beside interactions.

        As it is by default; a battery of models that need more, such as reviews, adds it.
        """
        return dataset

    # --- fixtures

    @pytest.fixture
    def dataset(self) -> Dataset:
        """Return the data set that the model is fitted on."""
        return fitted(type(self))[0]

    @pytest.fixture
    def model(self) -> Any:
        """Return the fitted model."""
        return fitted(type(self))[1]

    # --- fitting, saving

    def test_same_seed_same_result(self, model: Recommender, dataset: Dataset) -> None:
        """Fit twice: the same settings and data give the same weights, bit by bit."""
        again = self.make().fit(dataset)
        assert fit_id(again) == fit_id(model)
        for name, array in model.arrays().items():
            np.testing.assert_array_equal(array, again.arrays()[name])

    def test_saving_and_loading_changes_nothing(self, model: Recommender, dataset: Dataset, tmp_path: Path) -> None:
        """Save and load: scores, settings and metrics stay the same."""
        assert save_model(model, tmp_path / "fit") == fit_id(model)
        back = load_recommender(tmp_path / "fit", kind=type(model))
        users = dataset.users.ids.to_pylist()
        np.testing.assert_array_equal(back.score_users(dataset, users), model.score_users(dataset, users))
        assert back.record.metrics == model.record.metrics
        assert back.config == model.config

    def test_asking_why_is_refused_where_there_is_no_answer(self, model: Recommender, tmp_path: Path) -> None:
        """Load as a model that says why: only a ``Model`` is one."""
        save_model(model, tmp_path / "fit")
        if isinstance(model, Model):
            assert load_model(tmp_path / "fit", kind=type(model)).name == model.name
            return
        with pytest.raises(UsageError, match=f"{model.name} scores items, but cannot say why .* Train one that can"):
            load_model(tmp_path / "fit", kind=type(model))

    def test_refit_forgets_what_was_learned(self, model: Recommender, dataset: Dataset) -> None:
        """Fit on other data: nothing of the first fit is left."""
        other = self.dressed(toy(seed=1, n_users=18, n_items=10))
        refitted, fresh = self.make().fit(dataset).fit(other), self.make().fit(other)
        assert fit_id(refitted) == fit_id(fresh)
        assert fit_id(refitted) != fit_id(model)

    def test_an_unfitted_model_says_so(self, dataset: Dataset) -> None:
        """Score before a fit: a ModelError."""
        with pytest.raises(ModelError, match="not been fitted"):
            self.make().score_users(dataset, "u00")

    def test_nothing_to_learn_from(self) -> None:
        """Fit on data without a positive interaction: a ModelError."""
        with pytest.raises(ModelError, match="no positive interaction"):
            self.make().fit(self.dressed(build({"u": {"i": 1.0}}, ["i"], positive_if="rating>=3")))

    def test_one_user_and_one_item(self) -> None:
        """Fit on a single interaction: finite scores, or a ModelError (``learns_from_one``)."""
        single = self.dressed(build({"u": {"i": 5.0}}, ["i"]))
        if not self.learns_from_one:
            with pytest.raises(ModelError, match="too few interactions"):
                self.make().fit(single)
            return
        assert np.isfinite(self.make().fit(single).score_users(single, "u")).all()

    # --- scoring

    def test_scores_tell_items_apart(self, model: Recommender, dataset: Dataset) -> None:
        """Score users with a history: finite float32 scores that differ between items."""
        users = dataset.users.ids.take(np.flatnonzero(dataset.positives.counts)).to_pylist()
        scores = model.score_users(dataset, users)
        assert scores.shape == (len(users), len(dataset.items))
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert (scores.max(axis=1) > scores.min(axis=1)).all()

    def test_scores_follow_from_latents(self, model: Recommender, dataset: Dataset) -> None:
        """Decode the latents of users: their scores, where the model has a latent space and no path beside it."""
        if not isinstance(model, LatentModel) or getattr(model.config, "linear_path", "none") != "none":
            pytest.skip("scores of this model do not follow from a latent space alone")
        aligned, known = model.align(dataset)
        profiles = profiles_of(aligned, known, np.arange(len(aligned.users)))
        has_input = model.count_inputs(profiles) > 0
        latents = model.user_latents(profiles)
        assert not latents[~has_input].any()
        decoded = model.scores_of_latents(latents[has_input])
        np.testing.assert_allclose(decoded, model.score(profiles)[has_input], rtol=1e-4, atol=1e-5)
        of_items = model.item_latents()
        assert of_items is None or len(of_items) == len(aligned.items)

    def test_unknown_users_are_a_clear_error(self, model: Recommender, dataset: Dataset) -> None:
        """Score a user whom the data set lacks: an UnknownIdError."""
        with pytest.raises(UnknownIdError, match="no User with id 'stranger'"):
            model.score_users(dataset, "stranger")

    def test_one_user_scores_like_many(self, model: Recommender, dataset: Dataset) -> None:
        """Score users one by one: the same as all at once."""
        users = dataset.users.ids.to_pylist()
        alone = np.stack([model.score_users(dataset, user) for user in users])
        np.testing.assert_allclose(alone, model.score_users(dataset, users), rtol=1e-5, atol=1e-6)

    def test_a_user_without_history(self, model: Recommender, dataset: Dataset) -> None:
        """Score users without history: zeros, unless attributes or items alone suffice."""
        aligned, known = model.align(dataset)
        users = dataset.users.require([NOBODY, PICKY, NEWCOMER])
        inputs = model.count_inputs(profiles_of(aligned, known, users)) > 0
        assert inputs.tolist() == [
            self.scores_anyone,
            self.scores_anyone,
            self.scores_anyone or self.cold_by_attributes,
        ]
        scores = model.score_users(dataset, [NOBODY, PICKY, NEWCOMER])
        assert scores.any(axis=1).tolist() == inputs.tolist()

    def test_a_newcomer_with_a_known_history(self, model: Recommender, dataset: Dataset) -> None:
        """Score users under other ids: their history decides (``newcomers``)."""
        if not self.newcomers:
            pytest.skip("this model scores only the users that it was fitted on")
        twin = dataset.changed(nodes={"User": replace(dataset.users, ids=renamed(dataset.users.ids))})
        assert (model.align(twin)[1] == -1).all()
        users = dataset.users.ids.to_pylist()
        np.testing.assert_array_equal(
            model.score_users(twin, [f"new {user}" for user in users]), model.score_users(dataset, users)
        )

    def test_another_numbering_scores_the_same(self, model: Recommender, dataset: Dataset) -> None:
        """Score with items in another order, and one more: the same scores."""
        mixed = renumbered(dataset, np.random.default_rng(0).permutation(len(dataset.items)))
        users = dataset.users.ids.to_pylist()
        np.testing.assert_allclose(
            model.score_users(mixed, users), model.score_users(dataset, users), rtol=1e-5, atol=1e-6
        )


@cache
def fitted(kind: type[RecommenderBattery]) -> tuple[Dataset, Recommender]:
    """Return the data set and the fitted recommender that all tests of a class share."""
    battery = kind()
    dataset = battery.make_dataset()
    return dataset, battery.make().fit(dataset)
