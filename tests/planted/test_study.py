"""The study: its shape on a small planting, and the bar at the standard setting."""

from __future__ import annotations

import json
import math

import pytest

from graphrec.planted.config import PlantedConfig
from graphrec.planted.study import METHODS, Method, planted_points, planted_study

SMALL = PlantedConfig.read({"users": 300, "items": 200, "interactions": 20, "values": 20, "entities": 20})
EASE = {"reg": 20.0}
FEW = {
    "EASE": Method("ease", EASE),
    "removal": Method("ease", EASE, "removal", users=50),
    "Random": Method("ease", EASE, "random"),
    "popularity": Method("ease", EASE, "popularity"),
}


def test_a_study_has_a_table_and_curves() -> None:
    study = planted_study(SMALL, seeds=(1, 2), noise=(0.0, 0.8), correlation=(0.0,), methods=FEW, k=5)
    assert len(study.points) == 4 * (2 + 2 + 1)
    table = study.table()
    assert set(table) == set(FEW)
    assert table["EASE"]["true"][0] > 0.8 > 0.5 > table["Random"]["true"][0]
    assert [value for value, _ in study.curve("EASE", "noise")] == [0.0, 0.2, 0.8]
    assert [value for value, _ in study.curve("EASE", "correlation")] == [0.0, 0.5]
    clean, _, noisy = (share for _, share in study.curve("EASE", "noise"))
    assert clean > noisy
    assert json.loads(json.dumps(study.to_dict(), allow_nan=False))["seeds"] == [1, 2]


def test_for_an_additive_model_removal_is_its_own_reason() -> None:
    """Of the same users: the effect of EASE's input is its weight."""
    methods = {"own": Method("ease", EASE, users=50), "removal": Method("ease", EASE, "removal", users=50)}
    own, removal = (point.score for point in planted_points(SMALL, methods))
    assert own.recommendations == removal.recommendations == 500
    assert own.true == pytest.approx(removal.true, abs=0.01)


def test_data_without_reasons_has_no_share() -> None:
    noise = SMALL.model_copy(update={"noise": 1.0, "bundled": 0.0, "sequels": 0.0, "seed": 4})
    (point,) = planted_points(noise, {"EASE": Method("ease", EASE)})
    assert point.score.kinds["item"].recommendations == 0
    assert math.isnan(point.score.kinds["item"].true)


def test_the_methods_of_the_study_share_their_fits() -> None:
    assert {(method.model, repr(method.settings)) for method in METHODS.values()} == {
        (METHODS[name].model, repr(METHODS[name].settings))
        for name in ("RecoNet", "RecoNet, items' attributes too", "EASE")
    }
