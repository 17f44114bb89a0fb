"""First reasons held against what users take items for: by hand, and by pandas from whole evidence."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.explainers.random_order import RandomOrder
from graphrec.explaining.evidence import Evidence
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.ease import EASE
from graphrec.planted.driver.config import DriverConfig
from graphrec.planted.driver.controls import chance_of_count, chance_of_random
from graphrec.planted.driver.driver_score import DriverScore
from graphrec.planted.driver.driver_truth import DriverTruth
from graphrec.planted.driver.first_reasons import score_drivers
from graphrec.planted.driver.planting import plant_drivers
from graphrec.planted.driver.study import METHODS, driver_points
from graphrec.planted.stated.ranking import Estimate
from graphrec.planted.study import Method
from graphrec.rankings.top_items import top_items
from graphrec.report import Interval
from graphrec.reproduce.sections.planted_driver import CONTROLS, MethodPlan, PlantedDriver
from graphrec.schema.property_graph import EVIDENCE_LABELS

SMALL = {"users": 150, "items": 200, "interactions": 12, "directors": 10, "actors": 20, "genres": 8, "seed": 3}

# Attributes: 0, 1 directors; 2, 3 genres. Item 0 carries 0 and 2, item 1 carries 0 and 3, item 2 carries 1 and 2,
# item 3 carries nothing, and item 4, which is recommended, carries 0 and 2. The one user follows director 0.
CARRIES = Incidence.from_pairs(np.array([0, 0, 1, 1, 2, 2, 4, 4]), np.array([0, 2, 0, 3, 1, 2, 0, 2]), (5, 4))
TRUTH = DriverTruth(np.array([0]), CARRIES, ("director", "genre"), np.array([0, 0, 1, 1]))
USER, ITEM = np.array([0]), np.array([4])


def taken(*items: int) -> Incidence:
    return Incidence.from_pairs(np.zeros(len(items), dtype=int), np.array(items), (1, 5))


def test_a_random_reason_is_true_as_often_as_counted_by_hand() -> None:
    # item 0 shares both kinds: 1/2; item 1 the director alone: 1; items 2 and 3 lack the director: 0
    assert chance_of_random(TRUTH, USER, ITEM, taken(0, 1, 2, 3)) == pytest.approx([1.5 / 4])
    assert chance_of_random(TRUTH, USER, ITEM, taken(2, 3)) == pytest.approx([0])


def test_a_count_is_true_where_the_value_is_the_most_frequent() -> None:
    assert chance_of_count(TRUTH, USER, ITEM, taken(0, 1)) == pytest.approx([1])
    assert chance_of_count(TRUTH, USER, ITEM, taken(0, 1, 2)) == pytest.approx(
        [0.5]
    )  # director 0 and genre 2, twice each
    assert chance_of_count(TRUTH, USER, ITEM, taken(0, 2)) == pytest.approx([0])
    assert chance_of_count(TRUTH, USER, ITEM, taken(3)) == pytest.approx([0])


def test_the_most_surprising_value_is_that_of_the_likelihood_ratio() -> None:
    """Two users; of four interactions two carry director 0 and three carry genre 2."""
    both = Incidence.from_pairs(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 0]), (2, 5))
    truth = DriverTruth(np.array([0, 0]), CARRIES, TRUTH.kinds, TRUTH.kind_of)
    # user 0: director 0 in 2 of 2 where 3/4 was to be expected, genre 2 in 1 of 2 where 3/4 was: the director
    # user 1: director 0 in 1 of 2, less than expected, genre 2 in 2 of 2: the genre
    found = chance_of_count(truth, np.array([0, 1]), np.array([4, 4]), both, surprise=True)
    assert found == pytest.approx([1, 0])


class Told(ModelExplainer):
    """Says what it is told, for every recommendation."""

    def __init__(self, node: int, via: str, label: int = 0) -> None:
        super().__init__()
        self._row = node, via, label

    def evidence(self, model: Any, profiles: Any, items: torch.Tensor) -> Evidence:
        node, via, label = self._row
        users, k = items.shape
        one = np.ones((users, 1))
        return Evidence(
            (label * one).astype(np.int8),
            (node * one).astype(np.int32),
            (0 * one).astype(np.int8),
            (0 * one).astype(np.int32),
            pa.array([via]),
            torch.ones(users, k, 1),
        )


def test_true_needs_the_value_in_the_taken_item_and_its_kind_in_the_via() -> None:
    planted = plant_drivers(DriverConfig.read(SMALL))
    data = planted.dataset()
    model = EASE(reg=20.0, attribute_weight=20.0).fit(data)
    some = np.flatnonzero(planted.users.kind == 0)[:1]  # who follows a director
    director = int(planted.users.value[some[0]])
    carrier = int(np.flatnonzero(planted.items.carries["director"][:, director])[0])
    other = int(np.flatnonzero(~planted.items.carries["director"][:, director])[0])
    attribute = int(data.attributes.positions(planted.truth.table["evidence"].slice(int(some[0]), 1))[0])

    def shares(*told: Any) -> tuple[float, float]:
        score = score_drivers(model, Told(*told), data, planted.truth, users=some)
        return score.true.mean, score.of_true_item.mean

    assert shares(carrier, "attribute:director") == (1, 1)
    assert shares(carrier, "attribute:studio") == (0, 1)
    assert shares(carrier, "neighbours:director") == (0, 1)
    assert shares(other, "attribute:director") == (0, 0)
    label = EVIDENCE_LABELS.index("Attribute")
    assert shares(attribute, "self", label) == (1, 1)
    assert shares(attribute + 1, "self", label) == (0, 0)


def test_shares_are_those_of_pandas() -> None:
    planted = plant_drivers(DriverConfig.read(SMALL))
    data = planted.dataset()
    model = EASE(reg=20.0, attribute_weight=20.0).fit(data)
    score = score_drivers(model, ModelExplainer(), data, planted.truth, k=5)
    everybody = np.arange(150)
    profiles = profiles_of(data, np.arange(150, dtype=np.int32), everybody)
    items, _ = top_items(model.score(profiles).numpy(), data.taken, np.ones(200, dtype=bool), 5)
    evidence = model.evidence(profiles, torch.from_numpy(items))
    rows = []
    kinds, carries = ("director", "actor", "genre"), planted.items.carries
    for user in everybody:
        kind, value = kinds[planted.users.kind[user]], planted.users.value[user]
        for place, item in enumerate(items[user]):
            if carries[kind][item, value]:
                slot = int(evidence.weights[user, place].argmax())
                via = evidence.via_names[evidence.vias[user, slot]].as_py()
                holds = bool(carries[kind][evidence.nodes[user, slot], value])
                rows.append((user, kind, holds and via == f"attribute:{kind}", holds))
    frame = pd.DataFrame(rows, columns=["user", "kind", "true", "item"])
    of_user = frame.groupby("user")[["true", "item"]].mean()
    assert (score.recommendations, score.carrying, score.users) == (750, len(frame), len(of_user))
    assert score.true.mean == pytest.approx(of_user.true.mean())
    assert score.true.error == pytest.approx(of_user.true.sem())
    assert score.of_true_item.mean == pytest.approx(of_user.item.mean())
    assert score.kinds["actor"].mean == pytest.approx(frame[frame.kind == "actor"].groupby("user").true.mean().mean())
    assert 0 < score.true.mean < score.of_true_item.mean <= 1


def test_controls_lie_between_chance_and_what_the_data_tell() -> None:
    """The standard setting, on a seed that nothing was chosen on."""
    planted = plant_drivers(DriverConfig.read({"seed": 200}))
    data = planted.dataset()
    model = EASE(reg=50.0, attribute_weight=100.0).fit(data)
    score = score_drivers(model, RandomOrder(), data, planted.truth)
    assert score.true.mean == 0  # a control that names no way never names the kind
    assert 0.2 < score.random.mean < 0.5 < score.count.mean < 0.9 < 0.985 < score.surprise.mean


def test_a_score_survives_json_and_nothing_is_no_number() -> None:
    whole = DriverScore.of(
        4, np.array([7, 7, 9]), ["genre", "genre", "actor"],
        true=[1, 0, 1], of_true_item=[1, 1, 1], random=[0.5, 0.5, 0], count=[0, 0, 0], surprise=[1, 1, 1],
    )  # fmt: skip
    assert (whole.true.mean, whole.kinds["genre"].mean, whole.users) == (0.75, 0.5, 2)
    assert math.isnan(whole.kinds["genre"].error)
    again = DriverScore.from_dict(json.loads(json.dumps(whole.to_dict(), allow_nan=False)))
    assert again.true == whole.true
    assert DriverScore.mean_of([whole, whole]).true.error == pytest.approx(whole.true.error / 2**0.5)
    nothing = dict.fromkeys(("true", "of_true_item", "random", "count", "surprise"), np.empty(0))
    empty = DriverScore.of(4, np.empty(0, dtype=int), [], **nothing)
    assert math.isnan(empty.true.mean)
    assert json.dumps(empty.to_dict(), allow_nan=False)


def test_a_study_fits_each_model_once_and_asks_few_users_where_told() -> None:
    methods = {
        "own": METHODS["EASE with attributes"],
        "few": Method(**{**METHODS["EASE with attributes"].__dict__, "users": 40}),
    }
    own, few = driver_points(DriverConfig.read(SMALL), methods, k=5)
    assert own.score.recommendations == 750
    assert few.score.recommendations == 200
    assert own.to_dict()["planting"]["seed"] == 3


def section(**changes: Any) -> PlantedDriver:
    methods = {"EASE": {"model": "ease", "settings": {"attribute_weight": 1.0}}}
    return PlantedDriver.model_validate({"title": "Drivers", "own": "EASE", "methods": methods, **changes})


def test_the_bar_is_decided_by_its_interval() -> None:
    controls = dict.fromkeys(CONTROLS.values(), Estimate(0.5, 0.0))
    for interval, met in (
        (Interval(0.98, 0.975, 0.985), True), (Interval(0.97, 0.96, 0.98), None), (Interval(0.9, 0.89, 0.91), False),
    ):  # fmt: skip
        finding = section().finding(interval, controls)
        assert finding.met is met
        assert "random reason 50.0 %" in finding.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"own": "eRAN"}, "'eRAN'"),
        ({"methods": {"EASE": {"model": "nothing"}}}, "'nothing'"),
        ({"methods": {"EASE": {"model": "ease", "settings": {"rag": 1}}}}, "'rag'"),
        ({"methods": {"EASE": {"model": "os.path:join"}}}, "os.path:join"),
        ({"vary": {"noise": [2.0]}}, "'noise'"),
        ({"standard": {"genres": 1}}, "kind genre"),
    ],
)
def test_what_is_wrong_in_a_section_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        section(**changes)
    assert MethodPlan.model_validate({"model": "ease"}).explainer == "model"
