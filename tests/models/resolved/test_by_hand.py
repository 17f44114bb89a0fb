"""Segments, decoder, bound, subsets and attributions, against plain loops over the paper's equations."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.models.resolved.blocks import blocks_of
from graphrec.models.resolved.model import Resolved
from graphrec.models.resolved.network import ResolvedNetwork
from graphrec.models.resolved.objective import negative_bound
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.testing.knowledge import toy_with_knowledge
from tests.models.resolved.by_hand import ByHand, affiliation
from tests.models.resolved.test_model import SMALL

PAPER = {"activation": "tanh", "decoder": "inner", "unit_means": False, "noise": 1.0, "kl": "full"}
VARIANTS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "paper": PAPER,
    "tanh with a cosine": {"activation": "tanh"},
    "one factor": {"item_factors": 1, "entity_factors": 1},
    "more factors than dimensions": {"item_factors": 9, "entity_factors": 8, "embedding_size": 3},
}
USERS = [0, 3, 4, 11, 20]


@cache
def fitted(variant: str) -> tuple[Any, Resolved, ByHand]:
    data = toy_with_knowledge()
    model = Resolved(**{**SMALL, "epochs": 3, **VARIANTS[variant]}).fit(data)
    arrays = {name.partition(".")[2]: array for name, array in model.arrays().items()}
    linked = [data.item_entities.row(item).tolist() for item in range(len(data.items))]
    return data, model, ByHand(arrays, linked, model.config)


def asked(data: Any, users: list[int]) -> Any:
    return profiles_of(data, np.arange(len(data.users), dtype=np.int32), np.array(users))


@pytest.mark.parametrize("variant", VARIANTS)
def test_scores(variant: str) -> None:
    data, model, by_hand = fitted(variant)
    scores = model.score(asked(data, USERS))
    expected = [[by_hand.score(data.positives.row(u).tolist(), t) for t in range(len(data.items))] for u in USERS]
    np.testing.assert_allclose(scores, expected, atol=2e-4)


def test_affiliations_of_two_factors() -> None:
    """cos = 1 and 0 at γ = .1: the odds are e^10."""
    first, second = affiliation(np.array([2.0, 0.0]), np.eye(2), 0.1)
    assert first / second == pytest.approx(math.exp(10))
    from graphrec.models.resolved.segments import affiliations

    found = affiliations(torch.tensor([[2.0, 0.0], [1.0, 1.0]]), torch.eye(2), 0.1)
    torch.testing.assert_close(found, torch.tensor([[first, second], [0.5, 0.5]]), rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("variant", VARIANTS)
def test_any_subset_of_the_inputs(variant: str) -> None:
    data, model, by_hand = fitted(variant)
    profiles = asked(data, USERS)
    slots = model.inputs(profiles)
    generator = torch.Generator().manual_seed(0)
    kept = slots.filled[:, None, :] & (torch.rand(len(USERS), 12, slots.labels.shape[1], generator=generator) < 0.6)
    kept[:, 0] = False
    kept[:, 1] = torch.from_numpy(slots.labels == EVIDENCE_LABELS.index("Item"))
    kept[:, 2] = torch.from_numpy(slots.labels == EVIDENCE_LABELS.index("Entity"))
    scores = model.score_with(profiles, slots, kept)
    items = torch.tensor([[3, 0, 5]]).repeat(len(USERS), 1)
    torch.testing.assert_close(model.score_with(profiles, slots, kept, items), scores[:, :, [3, 0, 5]])
    for row, user in enumerate(USERS):
        relaying = data.positives.row(user).tolist()
        of_item = slots.labels[row] == EVIDENCE_LABELS.index("Item")
        of_entity = slots.labels[row] == EVIDENCE_LABELS.index("Entity")
        assert slots.nodes[row][of_item].tolist() == relaying
        for subset in range(kept.shape[1]):
            on = kept[row, subset].numpy()
            taken = slots.nodes[row][of_item & on].tolist()
            gone = slots.nodes[row][of_entity & ~on].tolist()
            segments = by_hand.means(taken, relaying, gone)
            if all(segment is None for segment in segments):
                assert not scores[row, subset].any()
                continue
            assert scores[row, subset, 7] == pytest.approx(by_hand.logarithm(segments, 7), abs=3e-4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_any_strengths_of_the_inputs(variant: str) -> None:
    data, model, by_hand = fitted(variant)
    profiles = asked(data, USERS)
    slots = model.inputs(profiles)
    draw = np.random.default_rng(2)
    strengths = draw.uniform(0.05, 1, (len(USERS), 3, slots.labels.shape[1])) * slots.filled[:, None].numpy()
    scores = model.score_with(profiles, slots, torch.from_numpy(strengths))
    for row, user in enumerate(USERS):
        relaying = data.positives.row(user).tolist()
        for setting in range(3):
            of_items, of_entities = (
                {int(slots.nodes[row, slot]): strengths[row, setting, slot] for slot in np.flatnonzero(of_label)}
                for of_label in (slots.labels[row] == EVIDENCE_LABELS.index(label) for label in ("Item", "Entity"))
            )
            if not of_entities:
                continue
            segments = by_hand.weighted_means(relaying, of_items, of_entities)
            assert scores[row, setting, 7] == pytest.approx(by_hand.logarithm(segments, 7), abs=3e-4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_held_denominators_and_lengths(variant: str) -> None:
    """At any strengths, with inputs off, with all items off, all entities off, and everything off."""
    data, model, by_hand = fitted(variant)
    profiles = asked(data, USERS)
    slots = model.inputs(profiles)
    draw = np.random.default_rng(4)
    strengths = draw.uniform(0, 1, (len(USERS), 6, slots.labels.shape[1])) * slots.filled[:, None].numpy()
    strengths[:, 1] *= strengths[:, 1] > 0.5
    strengths[:, 2] = (slots.labels == EVIDENCE_LABELS.index("Item")) * 1.0
    strengths[:, 3] = (slots.labels == EVIDENCE_LABELS.index("Entity")) * 1.0
    strengths[:, 4] = 0
    strengths[:, 5] = slots.filled.numpy()
    scores = model.score_held(profiles, slots, torch.from_numpy(strengths))
    for row, user in enumerate(USERS):
        relaying = data.positives.row(user).tolist()
        for setting in range(6):
            of_items, of_entities = (
                {int(slots.nodes[row, slot]): strengths[row, setting, slot] for slot in np.flatnonzero(of_label)}
                for of_label in (slots.labels[row] == EVIDENCE_LABELS.index(label) for label in ("Item", "Entity"))
            )
            expected = by_hand.held_score(relaying, of_items, of_entities, 7)
            assert scores[row, setting, 7] == pytest.approx(expected, abs=3e-4)
        assert scores[row, 5, 7] == pytest.approx(by_hand.score(relaying, 7), abs=3e-4)
        present = by_hand.other if of_entities else 0
        assert scores[row, 4, 7] == pytest.approx(math.log(1 + present), abs=1e-5), "every a_c is 0"


@pytest.mark.parametrize("variant", VARIANTS)
def test_responsibilities(variant: str) -> None:
    """r_c <x_j,c, h> / length for inputs, r_c (score − a_c) for factors; with all of them the score."""
    data, model, by_hand = fitted(variant)
    profiles, items = asked(data, USERS), torch.tensor([[7, 2]]).repeat(len(USERS), 1)
    found = model.evidence(profiles, items)
    torch.testing.assert_close(found.weights.sum(dim=2), model.score(profiles)[:, [7, 2]], atol=2e-5, rtol=1e-5)
    row, user = 1, USERS[1]
    taken = data.positives.row(user).tolist()
    segments = by_hand.means(taken, taken)
    terms, score = by_hand.decoder_terms(segments, 7), by_hand.logarithm(segments, 7)
    shares = [weight * math.exp(power - score) for weight, power in terms]
    names = [f"factor:{name}" for name in model._factor_ids.to_pylist()]
    c = by_hand.own - 1
    for item in taken:
        flow = by_hand.a["item_heads"][0] @ (by_hand.item_affiliation(item)[c] * by_hand.a["items"][item]) / len(taken)
        before = sum(
            by_hand.a["item_heads"][0] @ (by_hand.item_affiliation(t)[c] * by_hand.a["items"][t]) / len(taken)
            for t in taken
        )
        whole = by_hand.g(before)
        flow = flow * (whole / before)
        key, length = by_hand.a["dictionary_items"][7], 1.0
        if model.config.decoder == "cosine":
            key = key / np.linalg.norm(key) / model.config.temperature
            length = float(np.linalg.norm(whole))
        slot = slot_of(found, row, "Item", item, names[c])
        assert found.weights[row, 0, slot] == pytest.approx(shares[c] * float(flow @ key) / length, abs=2e-4)
    for number, (share, (_, power)) in enumerate(zip(shares, terms, strict=True)):
        slot = slot_of(found, row, "Factor", number, "self")
        assert found.weights[row, 0, slot] == pytest.approx(share * (score - power), abs=2e-4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_importances_of_the_appendix(variant: str) -> None:
    data, model, by_hand = fitted(variant)
    profiles, items = asked(data, USERS), torch.tensor([[7]]).repeat(len(USERS), 1)
    found = model.evidence(profiles, items, "importance")
    names = [f"factor:{name}" for name in model._factor_ids.to_pylist()]
    for row, user in enumerate(USERS):
        taken = data.positives.row(user).tolist()
        terms = by_hand.decoder_terms(by_hand.means(taken, taken), 7)
        for c in range(by_hand.own):
            for item in taken:
                expected = terms[c][0] * math.exp(terms[c][1]) * by_hand.item_affiliation(item)[c] / len(taken)
                slot = slot_of(found, row, "Item", item, names[c])
                assert found.weights[row, 0, slot] == pytest.approx(expected, rel=2e-3)
        for c in range(by_hand.own, len(terms)):
            for entity in {e for t in taken for e in by_hand.entities_of[t]}:
                paths = sum(
                    1 / (len(taken) * len(by_hand.entities_of[t])) for t in taken if entity in by_hand.entities_of[t]
                )
                expected = math.exp(terms[c][1]) * by_hand.entity_affiliation(entity)[c - by_hand.own] * paths
                slot = slot_of(found, row, "Entity", entity, names[c])
                assert found.weights[row, 0, slot] == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("variant", ["defaults", "paper"])
def test_the_bound(variant: str) -> None:
    """(14): −(log p(t|u) − β KL), the mean over interactions, for the very draw that the network makes."""
    data = toy_with_knowledge()
    config = Resolved(**{**SMALL, **VARIANTS[variant]}).config
    network = ResolvedNetwork(len(data.items), len(data.entities), config)
    users = [0, 4]
    taken = data.positives.rows(np.array(users))
    segments = network.encode(blocks_of(taken, data.item_entities))
    user, item = torch.tensor([0, 0, 1]), torch.tensor([5, 7, 2])
    torch.manual_seed(3)
    loss = negative_bound(network, segments, user, item, config, 0.3)
    torch.manual_seed(3)
    noise = torch.randn_like(segments.mean).numpy()

    arrays = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    by_hand = ByHand(arrays, [data.item_entities.row(t).tolist() for t in range(len(data.items))], config)
    total = 0.0
    for row, target in zip(user.tolist(), item.tolist(), strict=True):
        mine = data.positives.row(users[row]).tolist()
        spreads = [by_hand.item_segment(mine, c)[1] for c in range(by_hand.own)]
        spreads += [by_hand.entity_segment(mine, c)[1] for c in range(by_hand.other)]
        means = by_hand.means(mine, mine)
        drawn = [
            mean + config.noise * np.exp(spread / 2) * noise[row, c]
            for c, (mean, spread) in enumerate(zip(means, spreads, strict=True))
        ]
        likelihood = by_hand.logarithm(drawn, target) - math.log(
            sum(math.exp(by_hand.logarithm(drawn, t)) for t in range(len(data.items)))
        )
        divergence = sum(
            0.5 * float(np.sum(np.exp(spread) - 1 - spread + (mean**2 if config.kl == "full" else 0)))
            for mean, spread in zip(means, spreads, strict=True)
        )
        total -= likelihood - 0.3 * divergence
    assert loss.item() == pytest.approx(total / 3, rel=1e-4)


def test_a_segment_of_unit_spread_at_zero_diverges_by_nothing() -> None:
    """KL(N(0, I) ‖ N(0, I)) = 0; at mean (1, 2) it is ½ · 5; an absent segment counts nothing."""
    from graphrec.models.resolved.objective import divergence
    from graphrec.models.resolved.segments import Segments

    config = Resolved(kl="full", noise=1.0).config
    mean = torch.tensor([[[0.0, 0.0], [1.0, 2.0], [5.0, 5.0]]])
    segments = Segments(mean, torch.zeros(1, 3, 2), torch.tensor([[True, True, False]]))
    assert divergence(segments, config).tolist() == [2.5]
    assert divergence(segments, Resolved(kl="variance").config).tolist() == [0.0]
    spread = Segments(mean, torch.full((1, 3, 2), math.log(4)), torch.tensor([[True, False, False]]))
    assert divergence(spread, config).item() == pytest.approx(2 * 0.5 * (4 - 1 - math.log(4)))


def slot_of(evidence: Any, row: int, label: str, node: int, via: str) -> int:
    name = evidence.via_names.to_pylist().index(via)
    found = np.flatnonzero(
        (evidence.labels[row] == EVIDENCE_LABELS.index(label))
        & (evidence.nodes[row] == node)
        & (evidence.vias[row] == name)
    )
    assert len(found) == 1
    return int(found[0])
