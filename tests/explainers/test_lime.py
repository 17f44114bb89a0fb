"""LIME: the package's own fit, on perturbations and with settings that let it be good."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch
from lime.lime_base import LimeBase
from scipy import stats

from graphrec.errors import MissingExtraError
from graphrec.explainers.lime import Lime
from graphrec.explainers.lime_surrogate import SurrogateFits, distances, explained_variance
from graphrec.explainers.removal import Removal
from graphrec.explaining.seeded_draws import slot_keys, user_keys
from tests.explainers.handmade import Handmade, first_items, fitted, taking

MEAN = Handmade([[6.0, 0, 0], [3.0, 0, 0], [0.0, 0, 0]], mean=True)
USER, ITEM = taking([0, 1, 2], items=3), torch.tensor([[0]])


def test_a_mean_with_one_of_three_left_out() -> None:
    """Scores are 3 with all, 1.5 without 0, 3 without 1, 4.5 without 2: linear, 3 + 1.5 z₀ + 0 z₁ − 1.5 z₂."""
    weights = Lime(samples=50, alpha=1e-8).weigh(MEAN, USER, ITEM).weights
    torch.testing.assert_close(weights, torch.tensor([[[1.5, 0.0, -1.5]]]), atol=1e-5, rtol=0)


def test_each_perturbation_lacks_the_same_number_of_inputs() -> None:
    user = taking(range(40), items=40)
    model = Handmade(np.zeros((40, 40)))
    slots = model.inputs(user)
    lime = Lime(removed=0.2)
    sample = lime._presence(user_keys(user, slots), slot_keys(slots)[0], 0, 2000)
    assert sample[0].all(), "the first row is the user as he is, as lime wants it"
    assert (sample[1:].sum(axis=1) == 32).all()
    assert abs(sample[1:].mean(axis=0) - 0.8).max() < 0.05
    np.testing.assert_array_equal(sample[:300], lime._presence(user_keys(user, slots), slot_keys(slots)[0], 0, 300))
    fresh = lime._presence(user_keys(user, slots), slot_keys(slots)[0], 1, 2000)
    assert (fresh.sum(axis=1) == 32).all()
    assert (fresh[1:] != sample[1:]).any(axis=1).mean() > 0.99


def test_uniform_perturbations_lack_any_number_of_inputs_equally_often() -> None:
    user = taking(range(5), items=5)
    slots = Handmade(np.zeros((5, 5))).inputs(user)
    sample = Lime(perturbation="uniform")._presence(user_keys(user, slots), slot_keys(slots)[0], 0, 10_001)
    assert sample[0].all()
    left_out = np.bincount(5 - sample[1:].sum(axis=1), minlength=6) / 10_000
    assert left_out[0] == 0
    assert abs(left_out[1:] - 0.2).max() < 0.02
    assert abs(sample[1:].mean(axis=0) - 0.4).max() < 0.02
    again = Lime(perturbation="uniform")._presence(user_keys(user, slots), slot_keys(slots)[0], 0, 100)
    np.testing.assert_array_equal(again, sample[:100])


def test_the_fit_is_the_package_s_with_the_kernel_of_its_texts() -> None:
    """The distance is the cosine distance to the whole: √(3/4) is the cosine of (1, 1, 1, 0) and (1, 1, 1, 1)."""
    presence = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 0, 0, 0], [0, 1, 1, 1], [1, 0, 1, 1]], dtype=np.float64)
    assert distances(presence) == pytest.approx([0, 1 - 0.75**0.5, 0.5, 1 - 0.75**0.5, 1 - 0.75**0.5])
    fits = SurrogateFits(kernel_width=0.25, alpha=0.5, selection="none", features=9, seed=0)
    assert fits.proximity(np.array([0.0, 0.25])) == pytest.approx([1.0, np.exp(-0.5)])
    scores = np.array([[0.0, 4.0], [0.0, 2.0], [0.0, 1.0], [0.0, 2.5], [0.0, 3.0]])
    found, intercept = fits.fit(presence, scores, 1)
    w = np.diag(fits.proximity(distances(presence)))
    design = np.hstack([presence, np.ones((5, 1))])
    solved = np.linalg.solve(design.T @ w @ design + np.diag([0.5] * 4 + [0]), design.T @ w @ scores[:, 1])
    assert [*found, intercept] == pytest.approx(list(solved))


def test_the_package_is_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = LimeBase.explain_instance_with_data

    def watched(self: LimeBase, *given: object, **named: object) -> object:
        calls.append(named["feature_selection"])
        return real(self, *given, **named)

    monkeypatch.setattr(LimeBase, "explain_instance_with_data", watched)
    Lime(samples=20).weigh(MEAN, USER, torch.tensor([[0, 1]]))
    assert calls == ["none", "none"]


def test_highest_weights_keeps_the_strongest() -> None:
    _, model, profiles = fitted("reconet")
    some = profiles.rows(np.flatnonzero(model.count_inputs(profiles) >= 8))
    items = first_items(some, 1)
    every = Lime(samples=300).weigh(model, some, items).weights
    few = Lime(samples=300, selection="highest_weights", features=3).weigh(model, some, items).weights
    assert ((few != 0).sum(dim=2) == 3).all()
    strongest = every.abs().topk(3, dim=2).indices
    kept = few.gather(2, strongest) != 0
    assert kept.float().mean() > 0.9


def test_near_the_user_lime_ranks_as_removal_does() -> None:
    _, model, profiles = fitted("reconet + layer")
    items = first_items(profiles)
    lime, removal = (e.weigh(model, profiles, items).weights for e in (Lime(samples=1000), Removal()))
    inputs = model.count_inputs(profiles)
    ranked = [
        stats.spearmanr(lime[row, place, : inputs[row]], removal[row, place, : inputs[row]])[0]
        for row in np.flatnonzero(inputs >= 8)
        for place in range(3)
    ]
    assert np.mean(ranked) > 0.9


def test_explained_variance() -> None:
    wanted, weights = np.array([[1.0, 7.0], [2.0, 7.0], [3.0, 7.0]]), np.array([1.0, 2.0, 1.0])
    found = np.array([[1.0, 7.0], [2.0, 7.0], [2.0, 7.0]])
    assert explained_variance(found, wanted, weights) == pytest.approx([1 - 1 / 2, 1.0])
    assert explained_variance(wanted[:, :1].mean() + 0 * found, wanted, weights)[0] == pytest.approx(0.0)
    assert explained_variance(found + 1, wanted, weights)[1] == -np.inf, "nothing varies, and all is wrong"


def test_the_sample_grows_until_the_fit_holds() -> None:
    _, model, profiles = fitted("reconet + layer")
    items = first_items(profiles)
    explainer = Lime(samples=700)
    adaptive = explainer.fit_adaptively(model, profiles, items, target=0.9)
    none = model.count_inputs(profiles) == 0
    assert none.any()
    assert (adaptive.samples[none] == 0).all()
    assert np.isnan(adaptive.r2[none]).all()
    counts, r2 = adaptive.samples[~none], adaptive.r2[~none]
    assert set(counts.ravel()) <= {32, 48, 72, 108, 162, 243, 364, 546, 700}
    assert ((r2 >= 0.9) | (counts == 700)).all()
    assert (counts < 700).any()
    few = profiles.rows(np.flatnonzero(counts[:, 0] == 32)[:3])
    alone = Lime(samples=32).weigh(model, few, first_items(few, 1)).weights
    place = np.flatnonzero(counts[:, 0] == 32)[:3]
    torch.testing.assert_close(adaptive.evidence.weights[place, :1, : alone.shape[2]], alone)
    stricter = explainer.fit_adaptively(model, profiles, items, target=0.99)
    assert (stricter.samples >= adaptive.samples).all()
    assert (stricter.samples > adaptive.samples).any()


@pytest.mark.parametrize("absent", ["lime.lime_base", "sklearn.linear_model"])
def test_without_the_package(absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'graphrec\[lime\]'"):
        Lime()
