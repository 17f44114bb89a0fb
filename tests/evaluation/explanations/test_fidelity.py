from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.evaluation.explanations.fidelity import area, fidelity
from graphrec.evaluation.explanations.masks import top_alone
from graphrec.evaluation.explanations.orders import chances_of, order_of_weights
from graphrec.evaluation.explanations.pair_scores import scores_of_pairs
from graphrec.evaluation.explanations.scores_before import scores_before
from graphrec.models.reconet.model import RecoNet
from graphrec.testing.toy import toy
from tests.evaluation.explanations.stated import FIVE, adding, held, histories, listing

NAN = float("nan")
MODEL = adding(FIVE)


def measured(taken, items, places, sizes, **settings):
    profiles = histories(taken, 5)
    slots = MODEL.inputs(profiles)
    before = scores_before(MODEL, profiles, slots, torch.tensor(items))
    order = listing(places, slots.labels.shape[1])
    return fidelity(MODEL, profiles, slots, order, before, sizes, **settings)


def test_by_hand():
    # f(x) of item 3 is 3 + 2 − 1 = 4; strongest first: 3, 2, −1
    found = measured([[0, 1, 2]], [[3]], [[[0, 1, 2]]], (1, 2))
    assert found.before.tolist() == [[4]]
    assert found.without.tolist() == [[[1, -1]]]
    assert found.alone.tolist() == [[[3, 5]]]
    assert found.delta.tolist() == [[[-3, -5]]]
    assert found.comprehensiveness().tolist() == [[[3, 5]]]
    assert found.sufficiency().tolist() == [[[1, -1]]]
    assert area(found.comprehensiveness()).tolist() == [[4]]
    assert area(found.sufficiency()).tolist() == [[0]]


def test_normalised_by_how_far_items_lie_apart():
    # The user's scores are 0, 0, 0, 4, 3: mean 7/5, variance 5 − 49/25 = 76/25
    found = measured([[0, 1, 2]], [[3]], [[[0, 1, 2]]], (1,))
    assert found.scale.item() == pytest.approx(np.sqrt(76) / 5)
    assert found.comprehensiveness("normalised").item() == pytest.approx(15 / np.sqrt(76))


def test_the_rank_form_is_the_reciprocal_rank_among_what_was_not_taken():
    # Item 4 has 0 + 1 + 2 = 3 and is second to 4. Without input 2, 5 against 1: second; with it alone −1 against 2.
    found = measured([[0, 1, 2]], [[4]], [[[2, 1, 0]]], (1, 2), ranks=True)
    assert found.rank_before.tolist() == [[2]]
    assert found.rank_without.tolist() == [[[2, 2]]]
    assert found.rank_alone.tolist() == [[[1, 1]]]
    assert found.comprehensiveness("rank").tolist() == [[[0, 0]]]
    assert found.sufficiency("rank").tolist() == [[[-0.5, -0.5]]]


def test_ranks_that_were_not_asked_for_are_an_error():
    with pytest.raises(ValueError, match="rank"):
        measured([[0, 1]], [[3]], [[[0, 1]]], (1,)).comprehensiveness("rank")


def test_users_with_fewer_inputs_than_k_are_not_measured_there():
    found = measured([[0, 1, 2], [0, 1], [0], []], [[3]] * 4, [[[0, 1, 2]]] * 4, (1, 2, 3))
    np.testing.assert_array_equal(found.delta[:, 0], [[-3, -5, NAN], [-3, NAN, NAN], [NAN] * 3, [NAN] * 3])
    assert found.pairs.tolist() == [2, 1, 0]
    np.testing.assert_array_equal(area(found.delta)[:, 0], [-4, -3, NAN, NAN])


def test_a_short_order_is_measured_as_far_as_it_goes():
    found = measured([[0, 1, 2]], [[3]], [[[1, -1]]], (1, 2))
    np.testing.assert_array_equal(found.delta[0, 0], [-2, NAN])


def test_a_pair_without_item_is_not_measured():
    found = measured([[0, 1, 2]], [[3, -1]], [[[0, 1, 2]] * 2], (1,))
    np.testing.assert_array_equal(found.delta[0, :, 0], [-3, NAN])
    np.testing.assert_array_equal(found.before, [[4, NAN]])


def test_shares_of_the_inputs():
    found = measured([[0, 1, 2]], [[3]], [[[0, 1, 2]]], (0.1, 0.5, 0.9))
    np.testing.assert_array_equal(found.delta[0, 0], [-3, -5, NAN])


def test_a_model_whose_scores_are_all_alike_has_no_scale():
    flat = adding([[1.0] * 5] * 5)
    profiles = histories([[0, 1]], 5)
    before = scores_before(flat, profiles, flat.inputs(profiles), torch.tensor([[3]]), held([[0, 1]], 5))
    assert np.isnan(before.scale).all()
    assert before.ranks.item() == 2.0  # three candidates are level


def test_a_score_that_is_no_number_is_not_measured():
    broken = adding([[0, 0, 0, NAN, 1.0]] + [[1.0] * 5] * 4)
    profiles = histories([[0, 1]], 5)
    slots = broken.inputs(profiles)
    before = scores_before(broken, profiles, slots, torch.tensor([[3, 4]]))
    found = fidelity(broken, profiles, slots, listing([[[0, 1]] * 2], 2), before, (1,))
    np.testing.assert_array_equal(found.delta[0, :, 0], [NAN, -1])
    assert found.to_dict()["delta"]["mean"] == [-1.0]


def test_no_set_of_a_size_is_better_than_the_heaviest_where_the_mean_is_pooled():
    """f(x without S) = (s − Σ Z) n / (n − |S|), f(S alone) = Σ Z n / |S|: both are best for the greatest weights."""
    dataset = toy()
    model = RecoNet(epochs=3, embedding_size=8).fit(dataset)
    data, known = model.align(dataset)
    profiles = profiles_of(data, known, np.array([2]))
    slots, items = model.inputs(profiles), torch.tensor([[0, 5]])
    n, weights = slots.labels.shape[1], model.evidence(profiles, items).weights
    assert n > 6
    before = scores_before(model, profiles, slots, items)
    order = order_of_weights(weights, slots.filled, chances_of(profiles, slots, items, seed=0))
    found = fidelity(model, profiles, slots, order, before, tuple(range(1, n)))
    for size in range(1, n):
        sets = torch.tensor(list(combinations(range(n), size)))
        gone = torch.zeros(len(sets), n, dtype=torch.bool).scatter_(1, sets, value=True)
        total = weights[0] @ gone.T.float()
        without = scores_of_pairs(model, profiles, slots, (~gone).expand(1, 2, -1, -1), items)[0]
        alone = scores_of_pairs(model, profiles, slots, gone.expand(1, 2, -1, -1), items)[0]
        score = torch.from_numpy(before.scores[0])[:, None]
        torch.testing.assert_close(without.double(), (score - total) * n / (n - size), atol=1e-6, rtol=1e-5)
        torch.testing.assert_close(alone.double(), total.double() * n / size, atol=1e-6, rtol=1e-5)
        np.testing.assert_allclose(found.without[0, :, size - 1], without.amin(dim=1), atol=1e-6)
        np.testing.assert_allclose(found.alone[0, :, size - 1], alone.amax(dim=1), atol=1e-6)


def test_alone_and_without_meet_in_an_additive_model():
    profiles = histories([[0, 1, 2]], 5)
    slots = MODEL.inputs(profiles)
    order = listing([[[2, 0, 1]]], 3)
    kept = top_alone(order, slots.filled, torch.tensor([[[1, 2, 3]]]))
    assert scores_of_pairs(MODEL, profiles, slots, kept, torch.tensor([[4]])).tolist() == [[[2, 2, 3]]]
