"""Scores and effects with inputs switched off, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.explainers.removal import Removal
from graphrec.explaining.evidence import Slots
from graphrec.explaining.input_switching import measured_effects, score_subsets, whole_scores
from graphrec.explaining.selection import choose
from tests.explainers.handmade import MODELS, Handmade, first_items, fitted, taking

MEAN = Handmade([[6.0, 0.0], [3.0, 1.0], [0.0, 5.0], [0.0, 0.0]], mean=True)
"""Whoever took 0, 1 and 2 scores (6 + 3 + 0) / 3 = 3 for item 0 and 2 for item 1."""


@pytest.fixture(autouse=True)
def two_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MEAN, "values", np.hstack([MEAN.values[:, :2], np.zeros((4, 2), np.float32)]))


def test_removal_of_a_mean() -> None:
    """Item 0: without 0 (3 + 0)/2, without 1 (6 + 0)/2, without 2 (6 + 3)/2. The second user has 1 alone."""
    users = taking([0, 1, 2], [1], items=4)
    found = Removal().weigh(MEAN, users, torch.tensor([[0, 1], [0, 1]]))
    assert found.weights.tolist() == [
        [[3 - 1.5, 3 - 3.0, 3 - 4.5], [2 - 3.0, 2 - 2.5, 2 - 0.5]],
        [[3.0, 0.0, 0.0], [1.0, 0.0, 0.0]],
    ]


def test_effects_of_what_was_chosen() -> None:
    users, items = taking([0, 1, 2], [1], items=4), torch.tensor([[0, 1], [0, 1]])
    slots = MEAN.inputs(users)
    evidence = slots.weighed(torch.tensor([[[1.0, 2.0, 3.0]] * 2, [[1.0, 0.0, 0.0]] * 2]))
    chosen = choose(evidence, slots.filled, reasons=2, against=0)
    scores = whole_scores(MEAN, users, slots, items)
    assert scores.tolist() == [[3.0, 2.0], [3.0, 1.0]]
    effects = measured_effects(MEAN, users, items, scores, slots, chosen)
    assert effects[0].tolist() == [[-1.5, 0.0], [1.5, -0.5]]
    assert torch.isnan(effects[1]).all(), "nothing remains to score with"
    none = choose(evidence, slots.filled, reasons=0, against=0)
    assert measured_effects(MEAN, users, items, scores, slots, none).shape == (2, 2, 0)


def test_what_several_reasons_name_is_scored_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slots of one input, chosen for both items, are one setting; a user has no more of them than inputs."""
    users, items = taking([0, 1, 2], [1, 2], items=4), torch.tensor([[0, 1], [0, 1]])
    slots = MEAN.inputs(users)
    many = Slots(*(np.repeat(part, 3, axis=1) for part in (slots.labels, slots.nodes, slots.grounds, slots.vias)),
                 slots.via_names)  # fmt: skip
    evidence = many.weighed(torch.ones(2, 2, 9))
    chosen = choose(evidence, many.filled, reasons=9, against=0)
    scores = whole_scores(MEAN, users, slots, items)
    settings: list[int] = []
    score_with = MEAN.score_with
    monkeypatch.setattr(MEAN, "score_with", lambda *args: (settings.append(args[2].shape[1]), score_with(*args))[1])
    effects = measured_effects(MEAN, users, items, scores, many, chosen)
    assert settings == [3]
    assert effects[0].tolist() == [[-0.0 + 1.5] * 3 + [0.0] * 3 + [-1.5] * 3, [-1.0] * 3 + [-0.5] * 3 + [1.5] * 3]
    assert effects[1, :, :6].tolist() == [[1.5] * 3 + [-1.5] * 3, [-2.0] * 3 + [2.0] * 3]


@pytest.mark.parametrize("name", MODELS)
def test_measured_effects_are_the_model_s_own(name: str) -> None:
    _, model, profiles = fitted(name)
    some = profiles.rows(np.flatnonzero(model.count_inputs(profiles) > 1))
    items = first_items(some)
    scores = model.score(some).gather(1, items)
    evidence = model.evidence(some, items)
    chosen = choose(evidence, evidence.filled, reasons=4, against=2)
    own = model.effects(some, items, scores, evidence, chosen)
    measured = measured_effects(model, some, items, scores, evidence, chosen)
    torch.testing.assert_close(measured[chosen.valid], own[chosen.valid], atol=2e-6, rtol=1e-5)
    assert chosen.valid.sum() > 100


def test_subsets_of_all_items_at_once() -> None:
    users = taking([0, 1, 2], [1, 2], items=4)
    slots = MEAN.inputs(users)
    first_two = torch.tensor([[True, True, False]])
    found = score_subsets(MEAN, users, slots, None, 1, lambda rows, _: first_two & slots.filled[rows][:, None, :])
    assert found.tolist() == [[[4.5, 0.5, 0.0, 0.0]], [[1.5, 3.0, 0.0, 0.0]]]
