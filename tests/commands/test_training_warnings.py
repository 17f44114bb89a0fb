"""A model that learned nothing, through the command: train, recommend and why say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

SHORT = "This model has learned next to nothing: its training loss stayed near that of no knowledge."


def test_train_recommend_and_why_say_it(graphrec: Command, small: str, tmp_path: Path) -> None:
    unmoved = ("train", "reconet", "--set", "learning_rate=1e-9", "--set", "epochs=2", "--store", small)
    said = graphrec.good(*unmoved, "--out", tmp_path / "fit")
    (line,) = [line for line in said.out.splitlines() if line.startswith("Warning: ")]
    assert line.startswith("Warning: The training loss, ")
    fit = graphrec.good(*unmoved, "--out", tmp_path / "again", "--json").json
    assert fit["warnings"] == [line.removeprefix("Warning: ")]
    assert (fit["metrics"]["epochs"], fit["metrics"]["best_epoch"]) == (2, 2)

    run = graphrec.good("recommend", tmp_path / "fit", "--k", 2, "--store", small, "--json").json
    assert run["notes"].startswith(fit["warnings"][0])
    assert fit["warnings"][0] in graphrec.good("status", "--store", small, "--json").json["current"]["notes"]
    with open_store(small, read_only=True) as store:
        user = str(store.query("MATCH (r:Recommendation) RETURN r.user AS user LIMIT 1")["user"][0])
    page = tmp_path / "why.html"
    words = graphrec.good("why", user, "--store", small, "--html", page).out
    assert words.splitlines()[0] == SHORT
    assert words.count(SHORT) == 1
    assert SHORT in page.read_text(encoding="utf-8")
    assert graphrec.good("why", user, "--store", small, "--json").json[0]["warnings"] == [SHORT]


def test_a_model_that_learned_has_no_warning(graphrec: Command, small: str, tmp_path: Path) -> None:
    fit = graphrec.good("train", "ease", "--store", small, "--out", tmp_path / "fit", "--json").json
    assert fit["warnings"] == []
