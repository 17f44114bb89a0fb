"""The record of a run: its id follows from what was asked, and its notes say what a reader must know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphrec.dataset.ids import IdMap
from graphrec.errors import ModelError, UsageError
from graphrec.explainers.random_order import RandomOrder
from graphrec.explainers.removal import Removal
from graphrec.explainers.shapley import Shapley
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.ease import EASE
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info, users_without_input
from graphrec.testing.toy import build

ITEMS = ["a", "b", "c", "d"]
DATASET = build({"one": {"a": 5, "b": 4}, "two": {"b": 5, "c": 3}, "none": {}, "low": {"d": 1}}, ITEMS)
MODEL = EASE(reg=1.0).fit(DATASET)


def test_asking_the_same_again_is_the_same_run() -> None:
    first, second = (run_info(MODEL, DATASET, Request(k=2, users=("two", "one"))) for _ in range(2))
    assert first.id == second.id
    assert run_info(MODEL, DATASET, Request(k=2, users=("one", "two"))).id == first.id


@pytest.mark.parametrize(
    "other",
    [
        Request(k=3),
        Request(reasons=3),
        Request(against=1),
        Request(users=("one",)),
        Request(users=("two",)),
        Request(items=("a",)),
        Request(exclude=("a",)),
        Request(protect=("genre",)),
    ],
)
def test_anything_else_asked_is_another_run(other: Request) -> None:
    assert run_info(MODEL, DATASET, other).id != run_info(MODEL, DATASET, Request()).id


def test_other_data_split_or_fit_is_another_run() -> None:
    plain = run_info(MODEL, DATASET, Request()).id
    assert run_info(MODEL, replace(DATASET, fingerprint="later"), Request()).id != plain
    assert run_info(MODEL, replace(DATASET, split="abc"), Request()).id != plain
    assert run_info(EASE(reg=2.0).fit(DATASET), DATASET, Request()).id != plain


def test_the_record_says_what_the_run_rests_on() -> None:
    run = run_info(MODEL, replace(DATASET, split="abc"), Request(k=2, users=("one",), protect=("gender", "age")))
    assert (run.scope, run.history, run.split, run.protected) == ("partial", "train", "abc", ("age", "gender"))
    assert (run.model, run.weight_unit, run.current, run.status) == ("ease", "score", False, "writing")
    assert run.params["model"]["reg"] == 1.0
    assert run.params["request"]["users"] == {"count": 1}
    assert "'one'" not in str(run.params)
    assert "The model saw the split none, the run the split abc." in run.notes
    assert "other data" not in run.notes
    assert "other data" in run_info(MODEL, replace(DATASET, fingerprint="later"), Request()).notes


def test_users_without_input_are_counted_among_those_asked_for() -> None:
    assert users_without_input(MODEL, DATASET, Request()) == 1
    assert users_without_input(MODEL, DATASET, Request(users=("one", "two"))) == 0
    assert "1 user had nothing that the model can use" in run_info(MODEL, DATASET, Request()).notes


def test_a_run_without_reasons_has_no_note_on_them() -> None:
    left = "1 user had nothing that the model can use, and got no recommendations."
    assert run_info(MODEL, DATASET, Request(reasons=0), Removal()).notes == left
    said = run_info(MODEL, DATASET, Request(), Removal()).notes
    assert said.endswith(left)
    assert "effect is null" in said
    assert run_info(MODEL, DATASET, Request(reasons=0, against=1), Removal()).notes == said


def test_what_training_said_against_the_model_stands_first() -> None:
    """Four users are too few to compare a model with popularity on."""
    held_out = build({"one": {"c": 5}, "two": {"a": 5}, "none": {}, "low": {}}, ITEMS).positives
    model = EASE(reg=1.0).fit(DATASET, validation=held_out)
    run = run_info(model, DATASET, Request(), Removal())
    assert run.notes.startswith("Whether the model is better than popularity is open: the validation part has 2 users")
    assert "effect is null" in run.notes
    assert run.metrics["compared_users"] == 2
    assert run.id == run_info(MODEL, DATASET, Request(), Removal()).id  # the fit is the same, whatever was measured


def test_the_explainer_is_part_of_what_was_asked() -> None:
    plain = run_info(MODEL, DATASET, Request())
    assert run_info(MODEL, DATASET, Request(), ModelExplainer()).id == plain.id
    assert plain.params["explainer"] == {"name": "model", "seed": 0, "attribution": "preferred"}
    others = [Removal(), Shapley(), Shapley(permutations=10), Shapley(seed=1)]
    runs = [run_info(MODEL, DATASET, Request(), explainer) for explainer in others]
    assert len({plain.id, *(run.id for run in runs)}) == 5
    assert [run.weight_unit for run in runs] == ["perturbation", "score", "score", "score"]
    assert runs[2].id.startswith("ease-shapley-")
    assert runs[2].params["explainer"] == {"name": "shapley", "seed": 0, "permutations": 10}
    assert runs[2].notes.startswith("Weights are Shapley values, exact, in closed form; effect is null for")
    assert runs[2].notes.endswith("nothing remains to score without it. 1 user had nothing that the model can use, and "
                                  "got no recommendations.")  # fmt: skip
    with pytest.raises(UsageError, match="nothing about ease"):
        run_info(MODEL, DATASET, Request(), RandomOrder())


def test_a_model_of_another_graph_is_refused_with_what_is_missing() -> None:
    fewer = build({"one": {"a": 5, "b": 4}}, ["a", "b", "e"])
    with pytest.raises(ModelError, match=r"another graph: 2 of its 4 items are not here, such as 'c'.*train it"):
        run_info(MODEL, fewer, Request())
    model = EASE(reg=1.0).fit(DATASET.changed(nodes={"Entity": IdMap.of("Entity", ["x"])}))
    with pytest.raises(ModelError, match=r"another graph: 1 of its 1 entities are not here, such as 'x'"):
        run_info(model, DATASET, Request())
    grown = build({"one": {"a": 5, "b": 4}}, [*ITEMS, "e"])
    assert run_info(MODEL, grown, Request()).model == "ease"
