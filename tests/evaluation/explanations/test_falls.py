"""Falls of scores in standard deviations over candidates: by hand on an additive model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.evaluation.explanations.falls import falls, spread_over_candidates
from graphrec.explainers.removal import Removal
from graphrec.explaining.model_explainer import ModelExplainer
from tests.evaluation.explanations.stated import FIVE, Stating, adding, histories

if TYPE_CHECKING:
    import pytest

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
