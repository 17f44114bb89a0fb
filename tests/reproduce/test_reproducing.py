"""A whole report: its values are those of the results, and an interrupted run goes on where it was."""

from __future__ import annotations

import json
import multiprocessing
import signal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.splitting import Split
from graphrec.errors import InputError, StoreLockedError, UsageError
from graphrec.evaluation import evaluate
from graphrec.models.ease import EASE
from graphrec.models.saving import load_recommender
from graphrec.report import Figure, Lines
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.durations import duration_text
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.store.embedded.lock import exclusive
from tests.reproduce.killed import reproduce_and_die
from tests.reproduce.tiny import QUICK, REASONS, TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.reproduce.reproducing import Reproduction


def table(reproduction: Reproduction, name: str) -> list[list[Any]]:
    """Return the rows of a table of the written JSON."""
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    rows: list[list[Any]] = one["rows"]
    return rows


def results(out: Path, kind: str = "fit") -> dict[str, dict[str, Any]]:
    """Return every kept result by its file."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (out / "cache" / kind).rglob("*.json")}


@pytest.fixture(scope="module")
def done(toy: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Reproduction, Path]:
    """The tiny recipe with every kind of section, done."""
    folder = tmp_path_factory.mktemp("whole")
    recipe = read_recipe(str(write_recipe(folder, TINY + REASONS + QUICK)))
    return reproduce(recipe, RunOptions(folder / "out", toy, command="graphrec reproduce tiny.toml")), folder


def test_the_table_is_what_fitting_and_evaluating_by_hand_finds(done: tuple[Reproduction, Path], toy: Path) -> None:
    reproduction, folder = done
    recipe = read_recipe(str(folder / "tiny.toml"))
    dataset = dataset_of(recipe, toy / "toy", folder / "out").dataset
    splits = [Split.load(path).apply(dataset) for path in sorted((folder / "out" / "splits").glob("random-*.parquet"))]
    assert len(splits) == 2
    validation = {
        reg: evaluate(EASE(reg=reg).fit(splits[0].train), splits[0], ["recall@10"], part="validation").means[
            "recall@10"
        ]
        for reg in (1.0, 100.0)
    }
    best = max(validation, key=lambda reg: validation[reg])
    tests = [
        evaluate(EASE(reg=best).fit(split.train), split, ["recall@10"], part="test").means["recall@10"]
        for split in splits
    ]
    row = table(reproduction, "table")[0]
    assert row[0] == "EASE"
    assert row[1] == {"mean": pytest.approx(np.mean(tests)), "sd": pytest.approx(np.std(tests, ddof=1)), "n": 2}
    assert row[2] == 0.01
    assert row[3] == pytest.approx(np.mean(tests) - 0.01)
    tried = {line[1]: line[2] for line in table(reproduction, "settings") if line[0] == "EASE"}
    assert tried == {f"`reg={reg}`": pytest.approx(value) for reg, value in validation.items()}


def test_sentences_follow_from_the_numbers(done: tuple[Reproduction, Path]) -> None:
    reproduction, _ = done
    met = {one.text: one.met for one in reproduction.report.findings}
    rows = {row[0]: row[1] for row in table(reproduction, "table")}
    # of two splits, Student's interval is the mean ± 12.706 standard errors
    half = 12.7062 * rows["RecoNet"]["sd"] / 2**0.5
    low, high = (rows["RecoNet"]["mean"] + sign * half for sign in (-1, 1))
    (best,) = [text for text in met if text.startswith("RecoNet reaches recall@10")]
    assert f"{rows['RecoNet']['mean']:.4f} ({low:.4f} to {high:.4f})" in best
    assert "the best row of the paper's table (the paper's RecoNet, 0.9990)" in best
    assert met[best] is (None if high > 0.999 else False)
    (reach,) = [text for text in met if "rows that the paper prints" in text]
    assert f"RecoNet ({rows['RecoNet']['mean']:.4f} against 0.9990)" in reach
    differences = {row[0]: row[1] for row in table(reproduction, "paired_differences")}
    assert differences["RecoNet − popularity"]["value"] == pytest.approx(
        rows["RecoNet"]["mean"] - rows["popularity"]["mean"]
    )
    for name, interval in differences.items():
        first, second = name.split(" − ")
        (text,) = [t for t in met if t.startswith(first) and f" {second} in recall@10" in t]
        assert met[text] is (True if interval["low"] > 0 else False if interval["high"] < 0 else None)


def test_the_time_is_that_of_all_jobs_though_none_ran(done: tuple[Reproduction, Path], toy: Path) -> None:
    first, folder = done
    kept = [result["result"]["took"] for path in (folder / "out" / "cache").iterdir()
            for result in results(folder / "out", path.name).values() if "result" in result]  # fmt: skip
    again = reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", toy))
    assert f"in which 0 jobs of {len(kept)} ran, in 1 process" in again.report.facts["time"]
    assert f"too, took {duration_text(sum(kept))} of one thread" in again.report.facts["time"]
    assert f"{len(kept)} jobs of {len(kept)} ran" in first.report.facts["time"]


def test_every_section_shows_what_was_measured(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    (measured,) = results(folder / "out", "reasons").values()
    lrp = measured["result"]["methods"]["LRP"]["by_count"]
    rows = {row[0]: row for row in table(reproduction, "removal_curves-linear")}
    assert rows["LRP"][1] == lrp["delta"]["mean"][0]
    assert rows["LRP"][-3]["value"] == lrp["comprehensiveness"]["score"]["area"]["mean"]
    assert set(rows) == {"LRP", "removal", "LIME", "random"}
    assert len(measured["result"]["first"]["LRP"]) == measured["result"]["users"] == 20
    fallen = [one["result"] for one in results(folder / "out", "falls").values()]
    assert len(fallen) == 2  # splits, of which each has its own fit
    of = {name: np.concatenate([np.array(one[name], dtype=float) for one in fallen]) for name in ("LRP", "LIME")}
    rows = {row[0]: row for row in table(reproduction, "score_falls")}
    assert set(rows) == {"LRP", "removal", "LIME", "Random"}
    assert [cell["value"] for cell in rows["LRP"][1:4]] == pytest.approx(np.nanmean(of["LRP"], axis=0).tolist())
    assert rows["LIME"][5]["value"] == pytest.approx(np.nanmean(of["LRP"] - of["LIME"], axis=0)[1])
    (priced,) = results(folder / "out", "costs").values()
    of = priced["result"]["methods"]
    times = next(row[3] for row in table(reproduction, "explanation_cost") if row[1] == "LIME")
    assert times == pytest.approx(of["lime"]["seconds"] / of["own"]["seconds"])
    assert times > 1
    (stable,) = results(folder / "out", "stability").values()
    assert table(reproduction, "stability")[0][1]["value"] == stable["result"]["mean"]["mean"]
    assert len(stable["result"]["between_fits"]) == 6  # of four fits, every two
    assert len(stable["result"]["together"]["between_fits"]) == 1
    assert table(reproduction, "stability")[1][0] == "RecoNet, means of 2"
    assert table(reproduction, "stability")[1][1]["value"] == stable["result"]["together"]["mean"]["mean"]
    assert [row[0] for row in table(reproduction, "planted_truth-standard")] == ["EASE", "Random on EASE"]
    drivers = [one["result"]["points"] for one in results(folder / "out", "planted_driver").values()]
    standard = [points[0]["score"] for points in drivers if points[0]["planting"]["noise"] == 0.4]
    rows = {row[0]: row for row in table(reproduction, "planted_driver-standard")}
    assert set(rows) == {"EASE", "control"}
    assert rows["EASE"][1]["value"] == pytest.approx(np.mean([score["true"]["mean"] for score in standard]))
    assert rows["EASE"][6]["value"] == pytest.approx(np.mean([score["random"]["mean"] for score in standard]))
    assert rows["control"][1]["value"] == 0
    tastes = table(reproduction, "stated_tastes-standard")
    assert [row[0] for row in tastes][4:] == ["EASE: weights", "EASE with attributes: joint effect, lift"]
    figures = {block.name: block for block in reproduction.report.blocks if isinstance(block, Figure)}
    noise = figures["planted_driver-noise"].chart
    assert isinstance(noise, Lines)
    assert {line.label: line.x for line in noise.lines}["raw count"] == (0.2, 0.4)
    curve = figures["stated_tastes-strength"].chart
    assert isinstance(curve, Lines)
    assert [(line.label, line.x) for line in curve.lines] == [("count", (0.9, 2.0)), (tastes[5][0], (0.9, 2.0))]
    (why,) = results(folder / "out", "recommendation").values()
    shares = [row[1] for row in table(reproduction, "sankey")]
    assert shares == [pytest.approx(100 * reason["share"]) for reason in why["result"]["reasons"]]
    assert len(shares) == 6


def test_cold_users_are_known_by_their_attributes_alone(done: tuple[Reproduction, Path]) -> None:
    reproduction, _ = done
    rows = {row[0]: row for row in table(reproduction, "cold_start_curves")}
    assert set(rows) == {"RecoNet", "popularity"}
    # users of the toy data have no attributes: nothing can be known of a cold one
    assert rows["RecoNet"][3]["mean"] == 0
    assert rows["popularity"][3]["mean"] > 0


def test_models_are_kept_only_where_a_section_needs_them(done: tuple[Reproduction, Path]) -> None:
    _, folder = done
    kept = {path.name for path in (folder / "out" / "cache").rglob("*.model")}
    fits = results(folder / "out")
    assert {fits[name.removesuffix(".model")]["inputs"]["model"] for name in kept} == {"reconet"}
    assert len(kept) == 5  # the winner, which has seed 0, those of seeds 1 to 3, and that of the second split
    for path in (folder / "out" / "cache").rglob("*.model"):
        assert load_recommender(path).record.split == fits[path.stem]["inputs"]["split"]
    assert list((folder / "out" / "cache").rglob("*.checkpoint")) == []


def test_again_is_nothing_to_do(done: tuple[Reproduction, Path], toy: Path) -> None:
    first, folder = done
    recipe = read_recipe(str(folder / "tiny.toml"))
    again = reproduce(recipe, RunOptions(folder / "out", toy))
    assert again.done == 0
    assert again.report.blocks == first.report.blocks


def test_another_grid_redoes_that_row_alone(toy: Path, tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path)))
    order = RunOptions(tmp_path / "out", toy)
    assert reproduce(recipe, order).done == 5 + 3  # trials of three rows; the winners on the second split
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "cache").rglob("*.json")}
    changed = read_recipe(str(write_recipe(tmp_path, TINY.replace("[1.0, 100.0]", "[1.0, 30.0]"))))
    tried: list[str] = []
    reproduce(changed, order, watch=lambda step: tried.append(step.outcome.job.label))
    assert tried[0].startswith("EASE, split 1: reg 30.0")
    assert all(label.startswith("EASE") for label in tried)
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


@pytest.fixture(scope="module")
def undisturbed(toy: Path, tmp_path_factory: pytest.TempPathFactory) -> Reproduction:
    """The tiny recipe, done by a process that nobody killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return reproduce(read_recipe(str(write_recipe(folder))), RunOptions(folder / "out", toy))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_goes_on_where_it_was(toy: Path, tmp_path: Path, undisturbed: Reproduction, workers: int) -> None:
    recipe = write_recipe(tmp_path)
    out = tmp_path / "out"
    processes = multiprocessing.get_context("forkserver")  # a fresh process, and PyTorch imported once for both
    processes.set_forkserver_preload(["graphrec.models.reconet.model", "graphrec.models.training"])
    killed = processes.Process(target=reproduce_and_die, args=(str(recipe), toy, out, 3, workers))
    killed.start()
    killed.join(timeout=300)
    assert killed.exitcode == -signal.SIGKILL
    kept = set(results(out))
    assert 3 <= len(kept) < 8
    labels: list[str] = []
    resumed = reproduce(
        read_recipe(str(recipe)), RunOptions(out, toy), watch=lambda step: labels.append(step.outcome.job.key)
    )
    assert not kept & set(labels)
    assert len(labels) == resumed.done == 8 - len(kept)
    for name in ("table", "settings"):
        ours, theirs = ([row[:4] for row in table(one, name)] for one in (resumed, undisturbed))
        assert ours == theirs


def test_only_some_sections(done: tuple[Reproduction, Path], toy: Path) -> None:
    _, folder = done
    recipe = read_recipe(str(folder / "tiny.toml"))
    reproduction = reproduce(recipe, RunOptions(folder / "out", toy, sections=("settings",)))
    assert [block.text for block in reproduction.report.blocks if hasattr(block, "level")] == [
        "Data and protocol",
        "Settings",
    ]
    with pytest.raises(UsageError, match=r"no section 'poem'.*table, settings, paired_differences"):
        reproduce(recipe, RunOptions(folder / "out", toy, sections=("poem",)))


def test_a_quick_look_says_that_it_is_one(toy: Path, tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path, TINY + QUICK))).quickened()
    reproduction = reproduce(recipe, RunOptions(tmp_path / "out", toy))
    lead = reproduction.report.lead
    assert lead.startswith("A quick look at a sample: 30 users at most, the 25 items that they took most, 1 split")
    assert lead.index("It can tell that every part of the report works") < lead.index(
        "It cannot tell which of two rows"
    )
    assert "That takes the full report: graphrec reproduce tiny. Nobody: Nothing" in lead  # the paper comes after it
    (text,) = [block.text for block in reproduction.report.blocks if "a sample of it" in getattr(block, "text", "")]
    assert "30 users, 25 items" in text
    assert [len(row) for row in table(reproduction, "table")] == [5, 5, 5]  # no paper beside a sample


def test_data_that_is_not_there_says_where_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path)))
    monkeypatch.setenv("GRAPHREC_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(InputError) as caught:
        reproduce(recipe, RunOptions(tmp_path / "out"))
    text = str(caught.value)
    for words in ("toy movies, is not there", "https://example.org/toy", "Unpack toy.zip", "ratings.csv, movies.csv",
                  "--data", str(tmp_path / "nowhere" / "toy")):  # fmt: skip
        assert words in text
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "movies.csv").touch()
    with pytest.raises(InputError, match=r"lacks ratings\.csv"):
        reproduce(recipe, RunOptions(tmp_path / "out", tmp_path / "here"))


def test_two_at_once_in_one_folder_are_refused(toy: Path, tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path)))
    (tmp_path / "out").mkdir()
    with exclusive(tmp_path / "out" / "reproduce.lock"), pytest.raises(StoreLockedError):
        reproduce(recipe, RunOptions(tmp_path / "out", toy))
