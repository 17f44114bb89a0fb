"""On a linear model algebra decides what a measure must say: here it says so, on real data.

Relevance, LIME, removal and Shapley values rank a linear model's evidence alike up to what sampling does, and no order
is better than that by weight (``fidelity``). What these tests judge is the measuring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.dataset.splitting import random_split
from graphrec.evaluation.explanations.bands import band_of
from graphrec.evaluation.explanations.measure_explainers import Settings, measure
from graphrec.explainers.lime import Lime
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.ease import EASE
from graphrec.models.reconet.model import RecoNet
from tests.evaluation.explanations.movielens import Asked, asked, read

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.splitting import SplitData
    from graphrec.models.model import Model

MODELS = {
    "reconet": lambda: RecoNet(epochs=4, embedding_size=32, learning_rate=1e-2),
    "ease": lambda: EASE(reg=50.0),
}
SIZES = tuple(range(1, 11))


@pytest.fixture(scope="module")
def cut(data: Path) -> SplitData:
    folder = data / "movielens-small-2016"
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    dataset = read(folder)
    return random_split(dataset).apply(dataset)


@pytest.fixture(scope="module", params=list(MODELS))
def model(request: pytest.FixtureRequest, cut: SplitData) -> Model:
    return MODELS[request.param]().fit(cut.train)


@pytest.fixture(scope="module")
def pairs(model: Model, cut: SplitData) -> Asked:
    return asked(model, cut, users=150)


def test_the_best_evidence_against_random(pairs: Asked):
    found = measure(
        pairs.model,
        {"own": ModelExplainer()},
        pairs.profiles,
        pairs.items,
        taken=pairs.taken,
        settings=Settings(sizes=SIZES, ranks=True),
    )
    own, chance = (band_of(found.methods[name].by_count.delta) for name in ("own", "random"))
    assert (own.high < chance.low).all(), "the bands of Δŷ overlap"
    against = found.compare("own", "random")
    assert (against.test.p_two_sided < 1e-4).all()
    assert against.drop.beats.all()
    assert against.hold.beats.all()
    assert found.no_better_than_random == ()
    sums = found.methods["own"].additivity.to_dict()
    assert sums["max"] <= 1e-5
    ranks = found.methods["own"].by_count.rank_before
    np.testing.assert_array_equal(ranks, np.ones_like(ranks))  # it is what was recommended


def test_no_less_comprehensive_than_lime(model: Model, cut: SplitData):
    pytest.importorskip("lime")
    pairs = asked(model, cut, users=15)
    explainers = {"own": ModelExplainer(), "lime": Lime(samples=400)}
    found = measure(pairs.model, explainers, pairs.profiles, pairs.items, settings=Settings(sizes=SIZES))
    own, lime = (found.methods[name].by_count for name in explainers)
    assert (own.comprehensiveness() >= lime.comprehensiveness() - 1e-5).all()
    assert (own.sufficiency() <= lime.sufficiency() + 1e-5).all()
    assert found.agreements["own", "lime"].to_dict()["same_so_far"]["mean"][3] > 0.8
    assert "lime" not in found.no_better_than_random
