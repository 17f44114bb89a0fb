"""What training said against a model stands in every form of the answer, once."""

from __future__ import annotations

from dataclasses import replace

from graphrec.answers import WhyList
from graphrec.answers.html import page
from tests.answers.answers import EVERY_GROUND

SHORT = "This model has learned next to nothing: its training loss stayed near that of no knowledge."
DOUBTED = replace(EVERY_GROUND, run=replace(EVERY_GROUND.run, metrics={"loss": 4.84, "loss_without_knowledge": 4.87}))
BOTH = WhyList((DOUBTED, replace(DOUBTED, rank=2)))


def test_a_run_without_metrics_of_learning_says_nothing() -> None:
    assert EVERY_GROUND.warnings == ()
    assert EVERY_GROUND.to_dict()["warnings"] == []
    assert "knowledge" not in str(EVERY_GROUND) + page([EVERY_GROUND]) + EVERY_GROUND._repr_html_()


def test_text_begins_with_it() -> None:
    assert str(DOUBTED) == f"{SHORT}\n{EVERY_GROUND}"
    assert str(BOTH).startswith(f"{SHORT}\n“Dune”, number 1 for Ada")
    assert str(BOTH).count(SHORT) == 1
    assert str(WhyList(())) == ""


def test_page_notebook_and_json_have_it() -> None:
    assert page(BOTH).count(SHORT) == 1
    assert DOUBTED._repr_html_().count(SHORT) == BOTH._repr_html_().count(SHORT) == 1
    assert DOUBTED.to_dict()["warnings"] == [SHORT]


def test_a_stale_run_of_a_doubted_model_says_both() -> None:
    shown = replace(DOUBTED, stale=True)._repr_html_()
    assert SHORT in shown
    assert "The data has changed since this run." in shown
