"""Falls of scores in standard deviations over candidates: by hand on an additive model."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.falls import falls, spread_over_candidates
from graphrec.explainers.removal import Removal
from graphrec.explaining.model_explainer import ModelExplainer
from tests.evaluation.explanations.stated import FIVE, Stating, adding, histories

NAN = float("nan")
MODEL = adding(FIVE)
# Of items 0, 1, 2 the candidates 3 and 4 have the scores 3 + 2 − 1 = 4 and 0 + 1 + 2 = 3: a deviation of 1/2.


def test_a_fall_is_counted_in_deviations_of_the_candidates_alone() -> None:
    """Weights for 3 are 3, 2, −1; the taken items' own scores, which are 0, do not count in the deviation."""
    profiles = histories([[0, 1, 2]], 5)
    fallen = falls(MODEL, {"own": ModelExplainer()}, profiles, torch.tensor([[3, 4]]), profiles.items, (1, 2, 3))
    np.testing.assert_allclose(fallen["own"], [[[6, 10, NAN], [4, 6, NAN]]])
    one, two = fallen["random"][0, 0, 0], fallen["random"][0, 0, 1]
    assert one in (6, 4, -2)
    assert two in (10, 4, 2)


def test_a_fall_of_log_p_is_that_of_the_softmax_over_the_candidates() -> None:
    """Items 3 and 4 have 4 and 3; without the first reason for 3 they have 1 and 3, without two −1 and 2."""
    profiles = histories([[0, 1, 2]], 5)
    own = {"own": ModelExplainer()}
    fallen = falls(MODEL, own, profiles, torch.tensor([[3]]), profiles.items, (1, 2, 3), unit="log_p")
    log_p = -np.log1p(np.exp([3 - 4, 3 - 1, 2 + 1]))
    np.testing.assert_allclose(fallen["own"], [[[log_p[0] - log_p[1], log_p[0] - log_p[2], NAN]]], rtol=1e-6)
    everything = falls(MODEL, own, profiles, torch.tensor([[3]]), histories([[]], 5).items, (1,), unit="log_p")
    taken = 3  # their scores are 0, and they compete now
    log_p = [s - np.log(np.exp([s, 3]).sum() + taken) for s in (4, 1)]
    np.testing.assert_allclose(everything["own"], [[[log_p[0] - log_p[1]]]], rtol=1e-6)


def test_a_unit_that_is_none_is_named() -> None:
    profiles = histories([[0, 1]], 5)
    with pytest.raises(UsageError, match=r"not counted in 'points'.*Units: sd, log_p"):
        falls(MODEL, {}, profiles, torch.tensor([[3]]), profiles.items, unit="points")


def test_each_method_is_measured_in_its_own_order() -> None:
    profiles = histories([[0, 1, 2], [0, 1]], 5)
    methods = {"stated": Stating([0, 1, 2, 0, 0]), "removal": Removal(), "own": ModelExplainer()}
    fallen = falls(MODEL, methods, profiles, torch.tensor([[3], [3]]), profiles.items, (1, 2))
    # items 2, 1 go first: −1, then −1 + 2; of the second user 1 goes: 2, of candidates 2, 3, 4 with 0, 5, 1
    deviation = np.std([0, 5, 1])
    np.testing.assert_allclose(fallen["stated"], np.array([[[-2, 2]], [[2 / deviation, NAN]]]))
    np.testing.assert_allclose(fallen["own"], fallen["removal"])


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    model = adding(rng.normal(size=(30, 30)).tolist())
    profiles = histories([rng.permutation(30)[: 2 + user % 7].tolist() for user in range(40)], 30)
    items = torch.from_numpy(rng.integers(30, size=(40, 2)))
    whole = falls(model, {"own": ModelExplainer()}, profiles, items, profiles.items, (1, 3))
    monkeypatch.setattr("graphrec.evaluation.explanations.pair_batches.NUMBERS_AT_ONCE", 100)
    apart = falls(model, {"own": ModelExplainer()}, profiles, items, profiles.items, (1, 3))
    for name, values in whole.items():
        np.testing.assert_allclose(values, apart[name], rtol=1e-4, atol=1e-5)
    assert np.nanmean(whole["own"]) > np.nanmean(whole["random"])
    assert np.isnan(whole["own"][0, :, 1]).all()  # two inputs, of which three cannot go


def test_what_has_no_item_or_no_spread_is_not_measured() -> None:
    profiles = histories([[0, 1], [0, 1]], 5)
    fallen = falls(MODEL, {"own": ModelExplainer()}, profiles, torch.tensor([[3], [-1]]), profiles.items, (1,))
    assert np.isnan(fallen["own"][:, 0, 0]).tolist() == [False, True]
    spread = spread_over_candidates(torch.tensor([[9.0, 1.0, 1.0], [9.0, 1.0, 3.0]]), histories([[0], [0]], 3).items)
    np.testing.assert_array_equal(spread, [NAN, 1.0])
