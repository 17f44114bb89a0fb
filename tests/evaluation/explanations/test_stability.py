from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.evaluation.explanations import pair_batches as pairs
from graphrec.evaluation.explanations.list_stability import stability
from graphrec.explaining.model_explainer import ModelExplainer
from tests.evaluation.explanations.stated import adding, histories


def speaking(*weights):
    """Return a model in which item j speaks for the last item with the j-th weight."""
    size = len(weights) + 1
    return adding([[0.0] * (size - 1) + [weight] for weight in [*weights, 0.0]])


ITEMS = torch.tensor([[3]])


def test_between_fits_by_hand():
    profiles = histories([[0, 1, 2]], 4)
    models = [speaking(3, 2, 1), speaking(2, 3, 1), speaking(3, 2, 1)]
    found = stability(models, ModelExplainer(), profiles, ITEMS)
    # a b c against b a c is .9, see test_overlap
    np.testing.assert_allclose(found.between, [[[0.9, 1.0, 0.9]]])
    assert found.mean.mean == pytest.approx(2.8 / 3)
    np.testing.assert_allclose(found.to_dict()["between_fits"], [0.9, 1.0, 0.9])


def test_chance_has_lists_as_long_as_the_reasons():
    profiles = histories([[0, 1, 2]] * 400, 4)
    profiles.known[:] = np.arange(400)
    found = stability([speaking(3, -1, -1)] * 2, ModelExplainer(), profiles, ITEMS.expand(400, 1))
    assert (found.between == 1).all()
    # lists of one out of three: the same with a chance of 1/3
    assert set(found.by_chance.reshape(-1).tolist()) == {0.0, 1.0}
    assert found.mean_by_chance.mean == pytest.approx(1 / 3, abs=0.1)


def test_a_pair_without_a_reason_in_either_fit_is_not_counted():
    found = stability([speaking(-1, 0, -1)] * 2, ModelExplainer(), histories([[0, 1, 2]], 4), ITEMS)
    assert np.isnan(found.between).all()
    assert found.to_dict()["mean"]["users"] == 0


def test_batches_change_nothing(monkeypatch):
    models = [speaking(3, 2, 1), speaking(1, 3, 2)]
    profiles, items = histories([[0, 1, 2], [1], [0, 2], []], 4), torch.tensor([[3], [3], [-1], [3]])
    whole = stability(models, ModelExplainer(), profiles, items)
    monkeypatch.setattr(pairs, "NUMBERS_AT_ONCE", 1)
    parts = stability(models, ModelExplainer(), profiles, items)
    np.testing.assert_array_equal(whole.between, parts.between)
    np.testing.assert_array_equal(whole.by_chance, parts.by_chance)
    assert np.isnan(whole.between[2:]).all()


def test_one_fit_is_refused():
    with pytest.raises(UsageError, match="two or more"):
        stability([speaking(1, 1)], ModelExplainer(), histories([[0]], 3), torch.tensor([[2]]))
