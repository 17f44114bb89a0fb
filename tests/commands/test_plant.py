"""``graphrec plant``: planted, trained, recommended and scored by the commands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def test_what_is_asked_wrongly_is_told(graphrec: Command, tmp_path: Path) -> None:
    truth = tmp_path / "truth.parquet"
    at = ("--store", tmp_path / "store", "--truth", truth)
    assert "--truth" in graphrec.bad(2, "plant", "--store", tmp_path / "store")
    assert "--seed 3" in graphrec.bad(2, "plant", "--set", "seed=3", *at)
    assert "more items than there are" in graphrec.bad(2, "plant", "--items", 10, *at)
    assert "noise" in graphrec.bad(2, "plant", "--noise", 2, *at)
    assert "folder" in graphrec.bad(3, "plant", "--store", tmp_path / "store", "--truth", tmp_path)
    assert not truth.exists()
    assert not (tmp_path / "store").exists()
