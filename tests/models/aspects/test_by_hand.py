"""Scores, reasons, effects and vectors of a model with given arrays, against loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.selection import choose
from graphrec.models.aspects.model import Aspects
from graphrec.schema.property_graph import EVIDENCE_LABELS
from tests.models.aspects.by_hand import (
    FEATURES,
    ITEMS,
    MENTIONED,
    TAKEN,
    USERS,
    arrays,
    members,
    numbers,
    profiles,
    score,
    unit,
)

if TYPE_CHECKING:
    from graphrec.explaining.evidence import Slots

NAMED = torch.tensor([[4, 0, 8]]).repeat(USERS, 1)
FEATURE = EVIDENCE_LABELS.index("Feature")


def strengths_of(slots: Slots, row: int, strengths: Any) -> tuple[np.ndarray, dict[int, float]]:
    """Return the strengths of all features, and those of the taken items that are slots of a user."""
    of_features, of_items = np.zeros(FEATURES), {}
    for slot in range(slots.labels.shape[1]):
        if slots.labels[row, slot] == FEATURE:
            of_features[slots.nodes[row, slot]] = strengths[slot]
        elif slots.labels[row, slot] >= 0:
            of_items[int(slots.nodes[row, slot])] = float(strengths[slot])
    return of_features, of_items


@pytest.mark.parametrize("profile", ["tfidf", "paper"])
def test_scores(profile: str) -> None:
    model, of = members(profile=profile)
    users = profiles()
    whole = model.score(users)
    for user in range(USERS):
        f = numbers(user, of[0]["idf"], paper=profile == "paper")
        f = unit(f) if profile == "tfidf" else f
        taken = dict.fromkeys(TAKEN[user], 1.0)
        expected = [score(of, item, f, taken, len(taken)) for item in range(ITEMS)]
        np.testing.assert_allclose(whole[user], expected if taken or f.any() else np.zeros(ITEMS), atol=1e-5)
    torch.testing.assert_close(model.score(users, NAMED), whole.gather(1, NAMED))


@pytest.mark.parametrize("profile", ["tfidf", "paper"])
def test_scores_at_any_strength(profile: str) -> None:
    """f_u is multiplied and brought to unit length again; n is the sum of the strengths; held, both stay."""
    model, of = members(profile=profile)
    users = profiles()
    slots = model.inputs(users)
    rng = np.random.default_rng(0)
    strengths = torch.from_numpy(rng.random((USERS, 4, slots.labels.shape[1])).astype(np.float32))
    strengths = strengths * (torch.from_numpy(rng.random(strengths.shape)) < 0.7) * slots.filled[:, None, :]
    again, held = model.score_with(users, slots, strengths), model.score_held(users, slots, strengths)
    for user in range(USERS):
        full = numbers(user, of[0]["idf"], paper=profile == "paper")
        for setting in range(4):
            of_features, taken = strengths_of(slots, user, strengths[user, setting])
            if profile == "tfidf":
                f, f_held = unit(full * of_features), unit(full) * of_features
            else:
                f = f_held = full * of_features
            n, n_held = sum(taken.values()), len(taken)
            is_on = bool(of_features.any() or n)
            expected = [score(of, item, f, taken, n) * is_on for item in range(ITEMS)]
            np.testing.assert_allclose(again[user, setting], expected, atol=2e-5)
            expected = [score(of, item, f_held, taken, n_held) for item in range(ITEMS)]
            np.testing.assert_allclose(held[user, setting], expected, atol=2e-5)
    for score_at, whole in ((model.score_with, again), (model.score_held, held)):
        some = score_at(users, slots, strengths, NAMED)
        torch.testing.assert_close(some, whole.gather(2, NAMED[:, None].expand(-1, 4, -1)))


@pytest.mark.parametrize("profile", ["tfidf", "paper"])
def test_weights_and_effects(profile: str) -> None:
    """Weights sum to the score less the constant; effects are what scoring again measures; held ones the weights."""
    model, of = members(profile=profile)
    users = profiles()
    evidence, scores = model.evidence(users, NAMED), model.score(users, NAMED)
    has_inputs = torch.from_numpy(model.count_inputs(users) > 0)
    np.testing.assert_allclose(model.constants, (of[0]["bias"] + of[1]["bias"]) / 2, rtol=1e-6)
    sums = evidence.weights.sum(dim=2) + model.constants[NAMED]
    torch.testing.assert_close(sums[has_inputs], scores[has_inputs], atol=1e-5, rtol=1e-5)
    width = evidence.labels.shape[1]
    chosen = choose(evidence, evidence.filled, reasons=width, against=width)
    assert int(chosen.valid.sum()) > 50
    for held, found in ((False, model.effects), (True, model.held_effects)):
        expected = measured_effects(model, users, NAMED, scores, evidence, chosen, held=held)
        torch.testing.assert_close(
            found(users, NAMED, scores, evidence, chosen)[chosen.valid],
            expected[chosen.valid],
            atol=1e-5,
            rtol=1e-5,
            equal_nan=True,
        )


def test_the_weight_of_one_feature_and_of_one_item() -> None:
    """f_u^k (s ⟨E_u^k, q_i⟩ + w_k f_i^k) and n^−½ ⟨v_j, q_i⟩, of the first user for item 4."""
    model, of = members()
    evidence = model.evidence(profiles(), NAMED)
    f = unit(numbers(0, of[0]["idf"]))
    assert evidence.nodes[0, :6].tolist() == [*TAKEN[0], *MENTIONED[0]]
    of_item = [part["taken"][3] @ part["items"][4] / np.sqrt(3) for part in of]
    of_feature = [
        f[2] * (part["of_features"][2] @ part["items"][4] + part["weights"][2] * said(part, 4, 2)) for part in of
    ]
    np.testing.assert_allclose(evidence.weights[0, 0, [1, 4]], [np.mean(of_item), np.mean(of_feature)], rtol=1e-5)


def said(part: dict[str, Any], item: int, feature: int) -> float:
    """Return f_i^k."""
    row = slice(part["profile_starts"][item], part["profile_starts"][item + 1])
    return float(part["profile_values"][row][part["profile_features"][row] == feature].sum())


def test_a_small_rest_beside_a_large_part_is_not_lost() -> None:
    """A feature of nearly all the length: without it the others are brought to unit length, tens of thousands-fold."""
    model, _ = members()
    model.restore({**model.arrays(), "idf": np.array([1, 1e-5, 1e-5, 1, 1, 1], dtype=np.float32)})
    users = profiles().rows(np.array([0]))
    users = type(users)(
        users.known,
        users.items,
        {kind: links.where(links.indices < 3) for kind, links in users.links.items() if kind.target == "Feature"},
        {kind: links.where(links.indices < 3) for kind, links in users.mention_counts.items()},
    )
    items = NAMED[:1]
    evidence, scores = model.evidence(users, items), model.score(users, items)
    chosen = choose(evidence, evidence.filled, reasons=9, against=9)
    expected = measured_effects(model, users, items, scores, evidence, chosen)
    found = model.effects(users, items, scores, evidence, chosen)
    torch.testing.assert_close(found[chosen.valid], expected[chosen.valid], atol=1e-5, rtol=1e-5)


def test_gradients_by_strengths() -> None:
    """Against differences of scores in double steps, away from 0."""
    model, _ = members()
    users = profiles()
    slots = model.inputs(users)
    strengths = (torch.full((USERS, 1, slots.labels.shape[1]), 0.6) * slots.filled[:, None, :]).requires_grad_()
    scores = model.score_with(users, slots, strengths, NAMED)[:, 0, 0]
    (gradient,) = torch.autograd.grad(scores.sum(), strengths)
    step = 1e-2
    for slot in range(slots.labels.shape[1]):
        change = torch.zeros(slots.labels.shape[1])
        change[slot] = step
        change = change * slots.filled[:, None, :]
        with torch.no_grad():
            up, down = (model.score_with(users, slots, strengths + side * change, NAMED)[:, 0, 0] for side in (1, -1))
        torch.testing.assert_close(gradient[:, 0, slot], (up - down) / (2 * step), atol=5e-3, rtol=5e-3)


def test_any_numbers_of_features() -> None:
    """Numbers in place of f_u, not brought to unit length, beside the history as it is; linear and differentiable."""
    model, of = members()
    users = profiles()
    assert model.linear_in_features
    assert model.feature_range == (0.0, 1.0)
    assert members(profile="paper")[0].feature_range == (0.0, 5.0)
    np.testing.assert_allclose(model.feature_values(users)[4], unit(numbers(4, of[0]["idf"])), rtol=1e-6)
    amounts = torch.from_numpy(np.random.default_rng(1).normal(size=(USERS, 3, FEATURES)).astype(np.float32))
    amounts.requires_grad_()
    whole = model.score_amounts(users, amounts)
    for user in range(USERS):
        taken = dict.fromkeys(TAKEN[user], 1.0)
        for setting in range(3):
            f = amounts[user, setting].detach().numpy()
            expected = [score(of, item, f, taken, len(taken)) for item in range(ITEMS)]
            np.testing.assert_allclose(whole[user, setting].detach(), expected, atol=1e-5)
    some = model.score_amounts(users, amounts, NAMED)
    torch.testing.assert_close(some, whole.gather(2, NAMED[:, None].expand(-1, 3, -1)))
    for scores in (whole[:, :, 4], some[:, :, 0]):
        (gradient,) = torch.autograd.grad(scores.sum(), amounts, retain_graph=True)
        slope = [
            np.mean([part["of_features"][k] @ part["items"][4] + part["weights"][k] * said(part, 4, k) for part in of])
            for k in range(FEATURES)
        ]
        np.testing.assert_allclose(gradient, np.broadcast_to(slope, gradient.shape), rtol=1e-4, atol=1e-6)


def test_explanation_vectors() -> None:
    """The mean slope over the ten best items that are not taken: here all of them; zeros for who has no input."""
    model, of = members()
    vectors = model.explanation_vectors(profiles())
    assert vectors.dtype == torch.float32
    for user in range(USERS):
        free = [item for item in range(ITEMS) if item not in TAKEN[user]]
        expected = [
            np.mean(
                [
                    part["of_features"][k] @ part["items"][i] + part["weights"][k] * said(part, i, k)
                    for part in of
                    for i in free
                ]
            )
            for k in range(FEATURES)
        ]
        has_input = bool(TAKEN[user] or MENTIONED[user])
        np.testing.assert_allclose(vectors[user], np.array(expected) * has_input, atol=1e-6)


def test_explanation_vectors_are_of_the_best_items(monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = members()
    monkeypatch.setattr("graphrec.models.aspects.model.EXPLAINED", 2)
    users = profiles().rows(np.array([1]))
    scores = model.score(users)[0].index_fill(0, torch.tensor(TAKEN[1]), -torch.inf)
    best = scores.topk(2).indices
    amounts = model.feature_values(users)[:, None].requires_grad_()
    expected = torch.autograd.grad(model.score_amounts(users, amounts, best[None]).mean(), amounts)[0][:, 0]
    torch.testing.assert_close(model.explanation_vectors(users), expected)


def test_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row at a time gives what all together give."""
    model, _ = members()
    users = profiles()
    slots = model.inputs(users)
    strengths = torch.full((USERS, 2, slots.labels.shape[1]), 0.5) * slots.filled[:, None, :]

    def everything() -> list[torch.Tensor]:
        return [
            model.score(users),
            model.score(users, NAMED),
            model.evidence(users, NAMED).weights,
            model.score_with(users, slots, strengths),
            model.score_held(users, slots, strengths, NAMED),
            model.explanation_vectors(users),
        ]

    together = everything()
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 1)
    torch.testing.assert_close(everything(), together)
    nobody = users.rows(np.empty(0, dtype=np.int64))
    assert model.score(nobody).shape == (0, ITEMS)
    assert model.evidence(nobody, NAMED[:0]).weights.shape == (0, 3, 0)
    assert model.score_with(nobody, model.inputs(nobody), torch.zeros(0, 2, 0)).shape == (0, 2, ITEMS)
    assert model.explanation_vectors(nobody).shape == (0, FEATURES)


def test_arrays_that_are_no_profiles_are_refused() -> None:
    model, _ = members()
    whole = model.arrays()
    for name, wrong in (
        ("profile_features", whole["profile_features"] + FEATURES),
        ("profile_values", whole["profile_values"][:-1]),
        ("profile_starts", whole["profile_starts"][::-1]),
    ):
        with pytest.raises(ValueError, match=r"columns|numbers of|rows"):
            model.restore({**whole, name: wrong})


def test_models_of_other_data_have_no_mean() -> None:
    first, other = arrays(0), arrays(1)
    with pytest.raises(UsageError, match=r"reviews of items .* are not the same"):
        Aspects.joined([first, {**other, "profile_values": other["profile_values"] * 2}])
    with pytest.raises(UsageError, match="mention different features"):
        Aspects.joined([first, {**other, "idf": other["idf"] * 2}])
