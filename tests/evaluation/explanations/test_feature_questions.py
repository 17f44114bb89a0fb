"""Who is asked, and what is known of them, whatever numbering a model has."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.splitting import SplitData
from graphrec.errors import ModelError
from graphrec.evaluation.explanations.feature_questions import FeatureQuestions
from tests.toy_reviews import ToyReviews, build_reviews

ROWS = [
    ("ann", "amp", "neck", 1),
    ("ann", "cable", "cord", 1),
    ("bob", "amp", "tone", 1),
    ("bob", "drum", "cord", 2),
    ("bob", "drum", "tone", 1),
    ("eve", "drum", "neck", 1),
]
DATA = build_reviews(ROWS)
AMP, CABLE, DRUM = range(3)
CORD, NECK, TONE = range(3)
TEST = Incidence.from_pairs(np.array([0, 1, 1]), np.array([CABLE, AMP, DRUM]), (3, 3))
TRAIN = DATA.keeping(~TEST.has(DATA.interactions.user, DATA.interactions.item), split="by hand")
SPLIT = SplitData(TRAIN, Incidence.empty(3, 3), TEST)


def test_users_and_pairs_in_both_forms() -> None:
    asked = FeatureQuestions.of(DATA, SPLIT)
    cases, truth = asked.ask("honest", "users")
    assert cases.users.tolist() == [0, 1]
    assert [truth.row(row).tolist() for row in (0, 1)] == [[CORD], [CORD, TONE]]
    cases, truth = asked.ask("honest", "pairs")
    assert list(zip(cases.users.tolist(), cases.items[:, 0].tolist(), strict=True)) == [(0, CABLE), (1, AMP), (1, DRUM)]
    assert [truth.row(row).tolist() for row in range(3)] == [[CORD], [TONE], [CORD, TONE]]
    cases, truth = asked.ask("printed", "users")  # of Bob nothing is seen
    assert cases.users.tolist() == [0, 2]
    assert [truth.row(row).tolist() for row in (0, 1)] == [[NECK], [NECK]]
    assert asked.ask("printed", "pairs")[0].users.tolist() == [0]


def test_cases_see_training_reviews_alone() -> None:
    cases, _ = FeatureQuestions.of(DATA, SPLIT).ask("honest", "users")
    assert cases.mentioned_by.tolist() == [0, 2, 0]


def test_a_model_in_another_numbering_is_asked_the_same() -> None:
    other = build_reviews([("eve", "drum", "neck", 1), ("zoe", "amp", "tone", 1), ("zoe", "drum", "tone", 1)])
    cases, truth = FeatureQuestions.of(DATA, SPLIT, ToyReviews().fit(other)).ask("honest", "pairs")
    assert cases.users.tolist() == [1, 1]  # Ann's cable is nothing that the model knows
    assert cases.items[:, 0].tolist() == [0, 1]
    assert [truth.row(row).tolist() for row in (0, 1)] == [[1], [1]]


def test_a_draw_is_of_those_of_whom_something_is_known() -> None:
    asked = FeatureQuestions.of(DATA, SPLIT)
    drawn = {tuple(asked.ask("honest", "pairs", most=2, seed=seed)[0].users) for seed in range(9)}
    assert drawn == {(0, 1), (1, 1)}


def test_profiles_alone_tell_of_no_held_out_review() -> None:
    profiles = build_reviews([("ann", "", "neck", 1), ("ann", "amp", "tone", 1)])
    silent = profiles.changed(mentions=profiles.mentions.where(profiles.mentions.item < 0))
    split = SplitData(silent, Incidence.empty(1, 1), silent.positives)
    with pytest.raises(ModelError, match=r"held-out reviews.*profiles over all reviews tell of no single one"):
        FeatureQuestions.of(silent, split).ask("honest", "users")
