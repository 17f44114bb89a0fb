"""Weights of taken items: they sum to the score, split exactly by network, and stand where values are shared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from eran.tiny import looked_at, member, taken
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.selection import choose
from graphrec.explaining.strengths import input_nodes
from graphrec.models.eran.model import ERAN
from graphrec.models.eran.reasons import distance_parts, nearness, parts_of_scores, scores_without
from graphrec.testing.toy import toy

KNOWN = np.array([0, 1, 2], dtype=np.int32)
ITEMS = torch.tensor([[1, 2, 3], [2, 1, 4], [0, 1, 3]])
FORMS = [{}, {"forms": "distance"}, {"attention": "even"}, {"forms": "distance", "cold": "minimum"}]


def asked() -> tuple[Any, ...]:
    slots = history_slots(taken())
    return taken(), KNOWN, input_nodes(slots), slots.filled, ITEMS


@pytest.mark.parametrize("settings", FORMS)
def test_parts_sum_to_the_score_less_the_bias(settings: dict[str, Any]) -> None:
    network = member(**settings)
    parts = parts_of_scores(network, *asked())
    assert parts.shape == (3, 3, 3, 2)
    whole = parts.sum(dim=(2, 3)) + network.bias[ITEMS]
    torch.testing.assert_close(whole, network.scores(taken(), KNOWN, ITEMS), atol=1e-5, rtol=1e-4)


def test_the_split_of_a_distance_by_hand() -> None:
    """a_i = (3, 0), a_j = (1, 1) in one dimension: δ = (2, −1), Σδ = 1, parts 2 and −1 of the squared distance 1."""
    found = distance_parts(torch.tensor([[[[3.0]]], [[[0.0]]]]), torch.tensor([[[[1.0]]], [[[1.0]]]]))
    assert found.flatten().tolist() == [2.0, -1.0]


def test_what_comes_through_a_network_goes_with_it() -> None:
    """Without a network: the score less its terms; in the form of distance, that of vectors without its part."""
    network = member()
    parts = parts_of_scores(network, *asked())
    torch.testing.assert_close(
        scores_without(network, 1, *asked()), network.scores(taken(), KNOWN, ITEMS) - parts[..., 1].sum(dim=2)
    )
    far = member(forms="distance")
    history = [0, 1]

    def seen(item: int) -> torch.Tensor:
        return looked_at(far, history, item)[0][0] * far.vectors[0, item]

    found = scores_without(far, 1, *asked())[0] - far.bias[ITEMS[0]]
    printed = [-sum(((seen(item) - seen(j)) ** 2).sum() for j in history) for item in (1, 2)]
    torch.testing.assert_close(found[0] - found[1], (printed[0] - printed[1]) / 2**0.5, atol=1e-5, rtol=1e-5)


def test_the_papers_choice_is_the_nearest() -> None:
    """The largest weight is that of the taken item at the least distance, through the network of most attention."""
    network = member(forms="distance")
    found = nearness(network, *asked())[1, 1]
    history = [0, 3, 4]
    weights, item = looked_at(network, history, 1)
    squares = [((item - looked_at(network, history, j)[1]) ** 2).sum() for j in history]
    torch.testing.assert_close(found[:, int(weights.argmax())], torch.exp(-torch.stack(squares)))
    assert not found[:, int(weights.argmin())].any()


@pytest.mark.parametrize(
    "settings", [{"attention": "even"}, {"user_vectors": "learned"}, {"user_vectors": "learned", "forms": "distance"}]
)
def test_closed_form_effects_are_those_of_scoring_again(settings: dict[str, Any]) -> None:
    data = toy()
    model = ERAN(epochs=3, embedding_size=4, **settings).fit(data)
    everybody = profiles_of(data, np.arange(len(data.users), dtype=np.int32), np.arange(len(data.users)))
    profiles = everybody.rows(np.flatnonzero(everybody.items.counts > 0))
    items = torch.tensor([[4, 0, 7]]).repeat(len(profiles), 1)
    scores, evidence = model.score(profiles, items), model.evidence(profiles, items)
    chosen = choose(evidence, evidence.filled, reasons=50, against=50)
    found = model.effects(profiles, items, scores, evidence, chosen)
    expected = measured_effects(model, profiles, items, scores, evidence, chosen)
    torch.testing.assert_close(found[chosen.valid], expected[chosen.valid], atol=2e-5, rtol=1e-4, equal_nan=True)
    assert np.isfinite(found[chosen.valid].numpy()).sum() > 20


def test_overlap_counts_the_kinds_that_are_shared() -> None:
    """A taken item has 1 through each kind of which it and the recommended item carry the same value, else nothing."""
    data = toy()
    model = ERAN(epochs=1, embedding_size=4).fit(data)
    profiles = profiles_of(data, np.arange(6, dtype=np.int32), np.arange(6))
    evidence = model.evidence(profiles, torch.tensor([[4]]).repeat(6, 1), "overlap")
    kinds = np.array(data.attributes.columns["kind"].to_pylist())
    carried = set(data.item_attributes.row(4).tolist())
    for user in range(6):
        history = data.positives.row(user)
        expected = sum(len({kinds[a] for a in carried & set(data.item_attributes.row(int(j)))}) for j in history)
        assert float(evidence.weights[user].sum()) == expected


def test_ways_say_who_shares_a_value() -> None:
    """``attribute:KIND`` where the items carry the same value, else ``neighbours:KIND``; both never at once."""
    data = toy()
    model = ERAN(epochs=3, embedding_size=4).fit(data)
    profiles = profiles_of(data, np.arange(6, dtype=np.int32), np.arange(6))
    items = torch.tensor([[4, 0, 7]]).repeat(6, 1)
    evidence = model.evidence(profiles, items)
    kinds = np.array(data.attributes.columns["kind"].to_pylist())
    seen = {"attribute": 0, "neighbours": 0}
    for user, place, slot in zip(*np.nonzero(evidence.weights.numpy()), strict=True):
        way, _, kind = evidence.via_names[int(evidence.vias[user, slot])].as_py().partition(":")
        one, other = (
            {a for a in data.item_attributes.row(int(node)) if kinds[a] == kind}
            for node in (evidence.nodes[user, slot], items[user, place])
        )
        assert bool(one & other) == (way == "attribute")
        seen[way] += 1
    assert min(seen.values()) > 5


@pytest.mark.parametrize("forms", ["networks", "distance"])
def test_additivity_is_measured_beside_the_bias(forms: str) -> None:
    """Own weights leave nothing of the score but the item's bias, and the measure of additivity knows the bias."""
    from graphrec.evaluation.explanations.additivity import additivity
    from graphrec.evaluation.explanations.scores_before import ScoresBefore

    data = toy()
    model = ERAN(epochs=3, embedding_size=4, forms=forms).fit(data)
    profiles = profiles_of(data, np.arange(6, dtype=np.int32), np.arange(6))
    items = torch.tensor([[4, 0, 7]]).repeat(6, 1)
    scores = model.score(profiles, items).double().numpy()
    whole, ones = np.ones((6, 12), dtype=np.bool_), np.ones_like(scores)
    before = ScoresBefore(items, ones > 0, whole, scores, scale=ones, ranks=ones)
    weights = model.evidence(profiles, items).weights
    assert np.abs(additivity(weights, before, model.constants[items]).residual).max() < 1e-4
    np.testing.assert_allclose(additivity(weights, before).residual, model.constants[items].numpy(), atol=1e-4)
