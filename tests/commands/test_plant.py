"""``graphrec plant``: planted, trained, recommended and scored by the commands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.planted.driver.config import DriverConfig
from graphrec.planted.driver.study import driver_points
from graphrec.planted.stated.config import StatedConfig
from graphrec.planted.stated.study import TasteMethod, taste_points
from graphrec.planted.study import Method
from graphrec.planted.truth import Truth

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

SIZE = ("--users", 300, "--items", 200, "--interactions", 20, "--set", "values=20", "--set", "entities=20")


def test_a_planted_run_is_scored_beside_chance(graphrec: Command, empty: str, tmp_path: Path) -> None:
    truth, fit, split = (tmp_path / name for name in ("truth.parquet", "fit", "split.parquet"))
    at = ("--store", empty)
    planted = graphrec.good("plant", *SIZE, "--seed", 3, *at, "--truth", truth, "--json").json
    assert sum(planted["reasons"].values()) == 300 * 20
    assert planted["settings"]["values"] == 20
    assert Truth.load(truth).data == planted["fingerprint"]
    assert not graphrec.good("plant", *SIZE, "--seed", 3, *at, "--truth", truth, "--json").json["changed"]

    graphrec.good("train", "ease", "--set", "reg=20", *at, "--out", fit)
    run = graphrec.good("recommend", fit, *at, "--json").json["run"]
    score = graphrec.good("plant", "score", *at, "--truth", truth, "--json").json
    assert score["run"] == run
    reasons, random, popularity = (score[name] for name in ("reasons", "random", "popularity"))
    assert reasons["recommendations"] == random["recommendations"] == 3000
    assert reasons["with_reason"] == random["with_reason"] == popularity["with_reason"] > 1000
    assert reasons["true"] > 0.8 > 0.5 > max(random["true"], popularity["true"])
    assert "top one true" in graphrec.good("plant", "score", run, *at, "--truth", truth).out

    graphrec.good("split", "random", "--out", split, *at)
    cut = graphrec.good("recommend", fit, "--split", split, *at, "--json").json["run"]
    assert "--split" in graphrec.bad(2, "plant", "score", cut, *at, "--truth", truth)
    assert graphrec.good("plant", "score", cut, *at, "--truth", truth, "--split", split, "--json").json["run"] == cut

    other = tmp_path / "other.parquet"
    graphrec.bad(3, "plant", *SIZE, "--seed", 4, *at, "--truth", other)
    assert not other.exists()
    graphrec.good("plant", *SIZE, "--seed", 4, "--store", tmp_path / "second", "--truth", other)
    assert "other data" in graphrec.bad(3, "plant", "score", *at, "--truth", other)


def test_what_a_runs_reasons_know_of_stated_tastes_is_scored(graphrec: Command, empty: str, tmp_path: Path) -> None:
    truth, fit = tmp_path / "truth.parquet", tmp_path / "fit"
    at = ("--store", empty)
    size = ("--users", 150, "--items", 100, "--interactions", 12, "--set", "values=8", "--strength", 1.5, "--seed", 3)
    planted = graphrec.good("plant", "stated", *size, *at, "--truth", truth, "--json").json
    assert [count for kind, count in planted["rows"].items() if "INTERACTED" in kind] == [150 * 12]
    assert planted["settings"]["strength"] == 1.5
    assert Truth.load(truth).data == planted["fingerprint"]
    stated = Truth.load(truth).table.to_pandas().query("part == 'taste'").kind.value_counts()
    assert planted["tastes"] == stated.to_dict()
    assert "stated: like" in graphrec.good("plant", "stated", *size, *at, "--truth", truth).out

    graphrec.good("train", "ease", "--set", "reg=50", *at, "--out", fit)
    run = graphrec.good("recommend", fit, "--reasons", 12, "--against", 12, *at, "--json").json["run"]
    score = graphrec.good("plant", "score", *at, "--truth", truth, "--json").json
    assert score["run"] == run
    # all weights of the ten recommended items are stored, so that the stored reasons score as those in memory do
    planting = StatedConfig.read(planted["settings"])
    methods = {"EASE": TasteMethod("ease", {"reg": 50.0})}
    in_memory = {point.method: point.score for point in taste_points(planting, methods)}
    assert score["reasons"]["auc"]["mean"] == pytest.approx(in_memory["EASE"].auc.mean, abs=1e-3)
    assert score["count"]["auc"]["mean"] == pytest.approx(in_memory["count"].auc.mean)
    assert score["count"]["control"] is None
    assert score["reasons"]["over_control"]["mean"] == pytest.approx(
        score["reasons"]["auc"]["mean"] - score["reasons"]["control"]["mean"]
    )
    assert "less the count's" in graphrec.good("plant", "score", run, *at, "--truth", truth).out

    split = tmp_path / "split.parquet"
    graphrec.good("split", "random", "--out", split, *at)
    cut = graphrec.good("recommend", fit, "--split", split, *at, "--json").json["run"]
    assert "--split" in graphrec.bad(2, "plant", "score", cut, *at, "--truth", truth)
    assert graphrec.good("plant", "score", cut, *at, "--truth", truth, "--split", split, "--json").json["run"] == cut


def test_a_runs_first_reasons_are_held_against_drivers(graphrec: Command, empty: str, tmp_path: Path) -> None:
    truth, fit = tmp_path / "truth.parquet", tmp_path / "fit"
    at = ("--store", empty)
    small = ("--set", "directors=10", "--set", "actors=20", "--set", "genres=8")
    size = ("--users", 150, "--items", 200, "--interactions", 12, "--seed", 3, *small)
    planted = graphrec.good("plant", "drivers", *size, *at, "--truth", truth, "--json").json
    assert sum(planted["drivers"].values()) == 150
    assert Truth.load(truth).data == planted["fingerprint"]
    assert "users follow one director" in graphrec.good("plant", "drivers", *size, *at, "--truth", truth).out

    settings = {"reg": 20.0, "attribute_weight": 20.0}
    graphrec.good("train", "ease", *(f"--set={name}={value}" for name, value in settings.items()), *at, "--out", fit)
    run = graphrec.good("recommend", fit, *at, "--json").json["run"]
    score = graphrec.good("plant", "score", *at, "--truth", truth, "--json").json
    assert score["run"] == run
    # the first reason of each recommendation is stored, so that the run scores as it does in memory
    (point,) = driver_points(DriverConfig.read(planted["settings"]), {"EASE": Method("ease", settings)})
    for name, value in point.score.to_dict().items():
        assert score[name] == pytest.approx(value) if name != "kinds" else score[name].keys() == value.keys()
    told = graphrec.good("plant", "score", run, *at, "--truth", truth).out
    assert f"{score['true']['mean']:.1%} ± " in told
    assert "most surprising value" in told


def test_the_reasons_of_an_entity_model_know_entities(graphrec: Command, empty: str, tmp_path: Path) -> None:
    """The stored reasons of resolved name entities and factors; the former stand for values."""
    truth, fit = tmp_path / "truth.parquet", tmp_path / "fit"
    at = ("--store", empty)
    size = ("--users", 60, "--items", 50, "--interactions", 10, "--set", "values=6")
    graphrec.good("plant", "stated", *size, *at, "--truth", truth)
    graphrec.good("train", "resolved", "--set", "epochs=1", "--set", "embedding_size=8", *at, "--out", fit)
    graphrec.good("recommend", fit, *at)
    score = graphrec.good("plant", "score", *at, "--truth", truth, "--json").json
    assert 0 <= score["reasons"]["auc"]["mean"] <= 1
    assert score["reasons"]["users"] == score["popularity"]["users"] > 30


def test_a_study_prints_what_reasons_know(graphrec: Command) -> None:
    small = [f"--set={setting}" for setting in ("users=80", "items=60", "interactions=10", "values=6")]
    study = ("plant", "study", "--seeds", "1,2", "--models", "ease", *small)
    found = graphrec.good(*study, "--json").json
    assert found["seeds"] == [1, 2]
    assert {"popularity", "count", "EASE: weights", "EASE with attributes: joint effect, lift"} < set(found)
    assert "personal part" in graphrec.good(*study).out
    assert "no model 'fm'" in graphrec.bad(2, "plant", "study", "--models", "fm")
    assert "seeds" in graphrec.bad(2, "plant", "study", "--seeds", "one")
    assert "'colour'" in graphrec.bad(2, "plant", "study", "--set", "colour=1")


def test_what_is_asked_wrongly_is_told(graphrec: Command, tmp_path: Path) -> None:
    truth = tmp_path / "truth.parquet"
    at = ("--store", tmp_path / "store", "--truth", truth)
    assert "--truth" in graphrec.bad(2, "plant", "--store", tmp_path / "store")
    assert "--truth" in graphrec.bad(2, "plant", "stated", "--store", tmp_path / "store")
    assert "--truth" in graphrec.bad(2, "plant", "drivers", "--store", tmp_path / "store")
    assert "--noise 1" in graphrec.bad(2, "plant", "drivers", "--set", "noise=1", *at)
    assert "cannot carry 2 of 1" in graphrec.bad(2, "plant", "drivers", "--set", "genres=1", *at)
    assert "--strength 3" in graphrec.bad(2, "plant", "stated", "--set", "strength=3", *at)
    assert "cannot take" in graphrec.bad(2, "plant", "stated", "--items", 10, *at)
    assert "--seed 3" in graphrec.bad(2, "plant", "--set", "seed=3", *at)
    assert "more items than there are" in graphrec.bad(2, "plant", "--items", 10, *at)
    assert "noise" in graphrec.bad(2, "plant", "--noise", 2, *at)
    assert "folder" in graphrec.bad(3, "plant", "--store", tmp_path / "store", "--truth", tmp_path)
    assert not truth.exists()
    assert not (tmp_path / "store").exists()
