"""The study of stated tastes: its shape on a small planting, and the bar at the standard setting."""

from __future__ import annotations

import json

import numpy as np
import pytest

from graphrec.planted.stated.config import StatedConfig
from graphrec.planted.stated.study import JOINT, METHODS, MODELS, TasteMethod, pooled_scores, taste_points
from graphrec.planted.stated.taste_score import taste_score
from graphrec.planted.stated.yardsticks import COUNT, OF_CATALOGUE, OF_GROUP, POPULARITY

OWN = "EASE with attributes: joint effect, lift"


def test_at_the_standard_setting_a_joint_effect_is_above_the_count() -> None:
    """On a planting of a seed that nothing was chosen on."""
    points = {point.method: point for point in taste_points(StatedConfig.read({"seed": 200}), {OWN: METHODS[OWN]})}
    own, count = points[OWN].score, points[COUNT].score
    assert own.over[COUNT].interval[0] > 0
    assert own.over_control is not None
    assert own.over_control.interval[0] > 0.05
    assert own.over[COUNT].mean == pytest.approx(own.auc.mean - count.auc.mean)
    assert count.personal_over_count.mean == count.over[COUNT].mean == 0
    assert points[POPULARITY].score.auc.mean < count.auc.mean
    assert count.control is None


def test_a_study_measures_every_method_of_every_planting() -> None:
    few = {
        "weights": TasteMethod("ease", {"reg": 50.0}),
        "lift": TasteMethod("ease", {"reg": 50.0}, JOINT, lift=True),
        "Shapley": TasteMethod("ease", {"reg": 50.0}, "shapley", {"permutations": 2}, users=30),
    }
    points = [
        point
        for seed in (1, 2)
        for point in taste_points(
            StatedConfig.read({"users": 120, "items": 80, "interactions": 12, "seed": seed}), few, users=90
        )
    ]
    names = [POPULARITY, COUNT, OF_CATALOGUE, OF_GROUP, *few]
    assert [point.method for point in points] == 2 * names
    assert points[-1].score.users <= 30 < points[0].score.users <= 90
    pooled = pooled_scores(points)
    assert list(pooled) == names
    assert pooled["lift"].auc.mean == pytest.approx((points[5].score.auc.mean + points[12].score.auc.mean) / 2)
    assert pooled["lift"].users == points[5].score.users + points[12].score.users
    assert pooled[COUNT].control is None
    assert json.loads(json.dumps(points[0].to_dict()))["planting"]["seed"] == 1


def test_scores_that_rank_as_people_state_are_perfect_and_their_opposite_is_not() -> None:
    stated = np.array([[1, -1, 0], [-1, 1, 0], [1, -1, 1]], dtype=np.int8)
    count = np.array([[2, 1, 1], [2, 1, 1], [2, 1, 0]])
    perfect, opposite = (taste_score(stated, {COUNT: count}, sign * stated, -sign * stated) for sign in (1, -1))
    assert (perfect.auc.mean, opposite.auc.mean) == (1, 0)
    # the count puts the first and half of the third right, and the second wrong
    assert perfect.over[COUNT].mean == pytest.approx(1 - (1 + 0 + 0.5) / 3)
    assert perfect.over_control is not None
    assert perfect.over_control.mean == 1
    # less their means, (2, 1, 2/3), all counts are 0 but the last: ties, then 0 = 0 and −2/3 < 0
    assert perfect.personal.mean - perfect.personal_over_count.mean == pytest.approx((0.5 + 0.5 + 0.25) / 3)


def test_the_methods_are_of_the_models_and_every_model_is_measured_jointly() -> None:
    assert all(name.partition(":")[0] in MODELS for name in METHODS)
    assert {name for name in MODELS if METHODS[f"{name}: joint effect, lift"].lift} == set(MODELS)
