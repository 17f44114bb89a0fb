"""The record of a run: its id follows from what was asked, and its notes say what a reader must know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphrec.models.ease import EASE
from graphrec.recommend.request import Request
from graphrec.recommend.run import run_info, users_without_input
from tests.models.toy import build

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
