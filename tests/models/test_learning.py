"""Defaults that learn, and fits that say when they learned nothing: on 130 items and 1,100 interactions."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from graphrec.dataset.splitting import random_split
from graphrec.evaluation import evaluate
from graphrec.models.ease import EASE
from graphrec.models.popularity import Popularity
from graphrec.models.reconet.model import RecoNet
from graphrec.models.registry import registered_model
from graphrec.models.saving import load_recommender, save_model
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import SplitData

USERS, ITEMS, EACH, TASTES = 110, 130, 10, 10


def data(*, noise: bool) -> Dataset:
    """Return 110 users with ten items each: of the 13 items of one of ten tastes, or any.

    Reviews name the taste of an item, for models that learn from them.
    """
    rng = np.random.default_rng(3)
    items = [f"i{number:03}" for number in range(ITEMS)]

    def history(user: int) -> dict[str, float]:
        mine = np.arange(ITEMS) if noise else np.arange(ITEMS)[np.arange(ITEMS) % TASTES == user % TASTES]
        return {items[item]: 5.0 for item in rng.choice(mine, EACH, replace=False)}

    taken = {f"u{user:03}": history(user) for user in range(USERS)}
    mentions = [(user, item, f"taste {int(item[1:]) % TASTES}", 1.0, 1) for user in taken for item in taken[user]]
    features = [f"taste {taste}" for taste in range(TASTES)]
    return with_mentions(build(taken, items, attributes={}), mentions, features)


def cut(whole: Dataset) -> SplitData:
    """Return the data cut 60/20/20."""
    return random_split(whole).apply(whole)


@pytest.fixture(scope="module")
def tastes() -> SplitData:
    return cut(data(noise=False))


@pytest.fixture(scope="module")
def noise() -> SplitData:
    return cut(data(noise=True))


BY_GRADIENT = (
    "afm", "aspects", "awae", "car", "cer", "cke", "cml", "cnr", "deepfm", "dglgm", "elsa", "eran", "fism", "fm",
    "indgrm", "kgcn", "macridvae", "mf", "mult-vae", "nar", "ncf", "pnn", "reconet", "recvae", "resolved", "ripplenet",
    "splitter", "svdfeature", "vbpr", "vgae",
)  # fmt: skip


NEEDED = {"eran": {"all_pairs": True}}
"""Settings without which a model learns nothing of data that have no attributes."""


@pytest.mark.parametrize("name", [*BY_GRADIENT, "emf"])
def test_defaults_learn_on_small_data(name: str, tastes: SplitData) -> None:
    """Who likes what is plain here: a fifth of popularity's distance to a perfect list would be little."""
    model = registered_model(name)(**NEEDED.get(name, {}))
    model.fit(tastes.train, validation=tastes.validation, fold_in=tastes.fold_in)
    popularity = Popularity().fit(tastes.train)
    own, other = (evaluate(one, tastes, ["recall@10"]).means["recall@10"] for one in (model, popularity))
    assert own > other + 0.2
    assert model.record.warnings == ()


@pytest.mark.parametrize("name", BY_GRADIENT)
def test_without_validation_all_steps_are_taken(name: str, tastes: SplitData) -> None:
    model = registered_model(name)(device="cpu", **NEEDED.get(name, {}))
    metrics = model.fit(tastes.train).record.metrics
    assert metrics["steps"] >= model.config.steps
    assert metrics["epochs"] >= model.config.least_epochs
    assert metrics["best_epoch"] == metrics["epochs"]
    assert "compared_users" not in metrics
    assert model.record.warnings == ()


@pytest.mark.parametrize("name", ["ease", "elsa", "item-item", "user-user", "reconet"])
def test_noise_is_told(name: str, noise: SplitData, caplog: pytest.LogCaptureFixture) -> None:
    model = registered_model(name)()
    with caplog.at_level(logging.WARNING, logger="graphrec"):
        model.fit(noise.train, validation=noise.validation, fold_in=noise.fold_in)
    assert len(model.record.warnings) == 1
    assert "popularity" in model.record.warnings[0].short
    assert caplog.messages == [f"{name}: {model.record.warnings[0].full}"]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("afm", {"reg": 0.0}),
        ("aspects", {"overlap": False, "tied": False}),
        ("car", {}),
        ("cer", {}),
        ("cke", {}),
        ("cke", {"negatives": 3}),
        ("cml", {}),
        ("cnr", {}),
        ("deepfm", {"reg": 0.0}),
        ("fism", {"reg": 0.0}),
        ("fism", {"reg": 0.0, "loss": "rmse"}),
        ("fism", {"reg": 0.0, "loss": "bpr"}),
        ("fm", {"reg": 0.0}),
        ("fm", {"reg": 0.0, "loss": "bpr"}),
        ("kgcn", {}),
        ("mf", {"dropout": 0.0}),
        ("nar", {}),
        ("ncf", {}),
        ("ncf", {"loss": "softmax", "negatives": 4}),
        ("pnn", {"reg": 0.0}),
        ("pnn", {"reg": 0.0, "loss": "bpr"}),
        ("reconet", {}),
        ("reconet", {"hidden_size": 8, "members": 2}),
        ("ripplenet", {}),
        ("splitter", {}),
        ("svdfeature", {"reg": 0.0}),
        ("vbpr", {}),
    ],
)
def test_a_model_that_does_not_move_is_told(name: str, settings: dict[str, Any], tastes: SplitData) -> None:
    """What a model states of its loss is what an untrained one has, or a little less: it starts at random.

    Aspects does where it starts neither from shared features nor from one vector of an item on both sides.
    """
    model = registered_model(name)(**settings, learning_rate=1e-9, epochs=1, averaging=0.0, device="cpu")
    model.fit(tastes.train)
    metrics = model.record.metrics
    assert 0.98 <= metrics["loss"] / metrics["loss_without_knowledge"] < 1.4
    assert "stayed near that of no knowledge" in model.record.warnings[0].short


def test_reconet_at_a_tiny_learning_rate_is_told_of_loss_and_popularity(noise: SplitData, tmp_path: Path) -> None:
    model = RecoNet(learning_rate=1e-9, least_epochs=1, steps=100, device="cpu")
    model.fit(noise.train, validation=noise.validation, fold_in=noise.fold_in)
    assert model.record.metrics["loss_without_knowledge"] == pytest.approx(np.log(ITEMS))
    of_loss, of_users = model.record.warnings
    assert of_loss.full.startswith("The training loss, 4.86")
    assert "popularity" in of_users.full
    save_model(model, tmp_path / "fit")
    assert load_recommender(tmp_path / "fit").record.warnings == model.record.warnings
    written = json.loads((tmp_path / "fit" / "model.json").read_text(encoding="utf-8"))
    assert written["warnings"] == [of_loss.full, of_users.full]


def test_the_comparison_is_the_paired_interval_over_users(noise: SplitData) -> None:
    """The same as evaluating both on the validation part, with the t test's interval of SciPy."""
    model = EASE().fit(noise.train, validation=noise.validation, fold_in=noise.fold_in)
    popularity = Popularity().fit(noise.train)
    own, other = (evaluate(one, noise, ["ndcg@100"], part="validation").of("ndcg@100") for one in (model, popularity))
    interval = stats.ttest_rel(own, other).confidence_interval()
    metrics = model.record.metrics
    assert metrics["compared_users"] == len(own) == USERS
    assert metrics["compared_ndcg@100"] == pytest.approx(own.mean())
    assert metrics["popularity_ndcg@100"] == pytest.approx(other.mean())
    assert metrics["over_popularity_ndcg@100"] == pytest.approx((own - other).mean())
    assert (metrics["over_popularity_low"], metrics["over_popularity_high"]) == pytest.approx(tuple(interval))


def test_popularity_is_not_compared_with_itself_and_a_comparison_can_be_left_out(noise: SplitData) -> None:
    assert set(Popularity().fit(noise.train, validation=noise.validation).record.metrics) == {"seconds"}
    assert set(EASE().fit(noise.train, validation=noise.validation, compare=False).record.metrics) == {"seconds"}


def test_a_handful_of_users_is_too_few(noise: SplitData) -> None:
    few = noise.validation.where(noise.validation.row_of_entry < 4)
    model = EASE().fit(noise.train, validation=few)
    assert model.record.metrics["compared_users"] == 4
    assert "has 4 users to compare them on" in model.record.warnings[0].full
