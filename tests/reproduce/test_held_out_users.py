"""The sections of explainability, few items given and training sizes: what measuring by hand finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.splitting import Split
from graphrec.dataset.splitting.reduced_parts import with_few_given, with_fewer_training_users
from graphrec.errors import InputError
from graphrec.evaluation import evaluate
from graphrec.evaluation.evaluation import interval_over_users
from graphrec.evaluation.explanations.explainability import explainability, random_scores
from graphrec.models.ease import EASE
from graphrec.models.emf.model import EMF
from graphrec.models.popularity import Popularity
from graphrec.report import Figure, Interval, Lines
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.explainability import ExplainabilityTables
from graphrec.reproduce.sections.near_cold import NearCold
from graphrec.reproduce.sections.training_sizes import TrainingSizes
from tests.reproduce.tiny import TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.splitting import SplitData
    from graphrec.reproduce.reproducing import Reproduction

ROWS = """
[[rows]]
name = "EASE"
model = "ease"
fixed = { reg = 2.0 }
unequal = "one is enough"

[[rows]]
name = "EMF"
model = "emf"
fixed = { embedding_size = 4, reg = 1.0 }
unequal = "one is enough"

[[rows]]
name = "popularity"
model = "popularity"
unequal = "it has no settings"

[[sections]]
kind = "explainability"
title = "Explainable by neighbours"
rows = ["EASE", "EMF"]
popularity = "popularity"
ks = [1, 5, 60]
k = 5
thresholds = [0.01, 0.3, 0.6]
neighbours = 10
below = 13

[[sections]]
kind = "near_cold"
title = "Few items given"
rows = ["EASE", "EMF", "popularity"]
given = [1, 4, 11]
best = "EASE"
above = ["popularity"]

[[sections]]
kind = "training_sizes"
title = "Fewer training users"
rows = ["EASE", "popularity"]
shares = [0.5, 1.0]
metric = "ndcg@10"
"""
HELD_OUT = (
    TINY[: TINY.index("[[rows]]")].replace(
        "seeds = [0, 1]",
        'seeds = [0, 1]\nsplit = { kind = "users", options = { users = "rotating" }, varies = "fold" }',
    )
    + ROWS
)


@pytest.fixture(scope="module")
def done(toy: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Reproduction, list[SplitData], Path]:
    """Return the report, and the data cut by its two folds."""
    folder = tmp_path_factory.mktemp("held-out")
    recipe = read_recipe(str(write_recipe(folder, HELD_OUT)))
    reproduction = reproduce(recipe, RunOptions(folder / "out", toy))
    data = dataset_of(recipe, toy / "toy", folder / "out").dataset
    files = sorted((folder / "out" / "splits").glob("users-*.parquet"))
    return reproduction, [Split.load(file).apply(data) for file in files], folder


def table(reproduction: Reproduction, name: str) -> dict[str, list[Any]]:
    """Return the rows of a table by their first cell."""
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    return {row[0]: row[1:] for row in one["rows"]}


def mean(values: list[float]) -> Any:
    return pytest.approx(np.mean(values))


def fitted(name: str, cut: SplitData) -> Any:
    models = {"EASE": EASE(reg=2.0), "EMF": EMF(embedding_size=4, reg=1.0), "popularity": Popularity()}
    return models[name].fit(cut.train)


def test_the_folds_hold_out_users_of_their_own(done: tuple[Reproduction, list[SplitData], Path]) -> None:
    first, second = ((cut.test.counts + cut.validation.counts) > 0 for cut in done[1])
    assert first.any()
    assert not (first & second).any()


def test_explainability_is_what_measuring_by_hand_finds(done: tuple[Reproduction, list[SplitData], Path]) -> None:
    reproduction, cuts, _ = done
    thresholds = (0.01, 0.3, 0.6)
    shown, near = (table(reproduction, f"explainability{part}") for part in ("", "-near-cold"))
    bands, recommended = (table(reproduction, f"explainability-{part}") for part in ("bands", "recommended"))
    assert list(shown) == list(bands) == ["EASE", "EMF", "popularity", "random list"]
    for name, cells in shown.items():
        found = [
            explainability(
                random_scores(40) if name == "random list" else fitted(name, cut),
                cut,
                k=60,
                thresholds=thresholds,
                neighbours=10,
            )
            for cut in cuts
        ]
        for place, k in enumerate((1, 5, 60)):
            assert cells[place]["mean"] == mean([one.precision(k).mean() for one in found])
            assert cells[3 + place]["mean"] == mean([np.nanmean(one.recall(k)) for one in found])
        few = [one.given < 13 for one in found]
        assert any(of.any() for of in few)
        known = [one.precision(5)[of].mean() for one, of in zip(found, few, strict=True) if of.any()]
        assert near[name][1]["mean"] == mean(known)
        in_band = [
            of[~np.isnan(of)].mean() for one in found if np.isfinite(of := one.precision_in_bands(5)[:, 2]).any()
        ]
        assert bands[name][4]["mean"] == mean(in_band)
        counts = sum(one.recommended_in_bands(5) for one in found)
        assert recommended[name] == pytest.approx(100 * counts / counts.sum())
        line = next(line for line in curve(reproduction, "explainability-mep-figure").lines if line.label == name)
        assert line.x == thresholds
        for value, drawn in zip(thresholds, line.y, strict=True):
            assert drawn == mean([one.precision(5, value).mean() for one in found])
    told = [finding.text for finding in reproduction.report.findings if "MEP@5 at ξ = 0.01" in finding.text]
    assert len(told) == 1
    assert "a random list has" in told[0]


def curve(reproduction: Reproduction, name: str) -> Lines:
    (chart,) = [one.chart for one in reproduction.report.blocks if isinstance(one, Figure) and one.name == name]
    assert isinstance(chart, Lines)
    return chart


def test_few_items_given_is_what_evaluating_by_hand_finds(done: tuple[Reproduction, list[SplitData], Path]) -> None:
    reproduction, cuts, _ = done
    shown, differences = table(reproduction, "near_cold"), table(reproduction, "near_cold-differences")
    values: dict[tuple[str, int], np.ndarray] = {}
    users = np.concatenate([np.flatnonzero(cut.test.counts) for cut in cuts])
    for name in ("EASE", "EMF", "popularity"):
        for place, items in enumerate((1, 4, 11, 99)):
            found = [evaluate(fitted(name, cut), cut, "recall@10", shown=with_few_given(cut, items)) for cut in cuts]
            values[name, items] = np.concatenate([one.of("recall@10") for one in found])
            cell = shown[name][place]
            expected = interval_over_users(values[name, items], users)
            assert (cell["value"], cell["low"], cell["high"]) == pytest.approx(expected)
    for place, items in enumerate((1, 4, 11, 99)):
        expected = interval_over_users(values["EASE", items] - values["popularity", items], users)
        cell = differences["EASE − popularity"][place]
        assert (cell["value"], cell["low"], cell["high"]) == pytest.approx(expected)
    assert shown["EASE"][0]["value"] != shown["EASE"][2]["value"]
    assert shown["popularity"][0] == shown["popularity"][3], "what is not shown is not ranked"
    assert [line.x for line in curve(reproduction, "near_cold-figure").lines] == 3 * [(1.0, 4.0, 11.0)]


def test_training_sizes_are_what_fitting_by_hand_finds(done: tuple[Reproduction, list[SplitData], Path]) -> None:
    reproduction, cuts, folder = done
    shown = table(reproduction, "training_sizes")
    for name in ("EASE", "popularity"):
        for place, of in enumerate(([with_fewer_training_users(cut, 0.5) for cut in cuts], cuts)):
            found = [evaluate(fitted(name, cut), cut, "ndcg@10").means["ndcg@10"] for cut in of]
            assert shown[name][place]["mean"] == mean(found)
    assert shown["EASE"][0]["mean"] != shown["EASE"][1]["mean"]
    fits = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (folder / "out" / "cache" / "fit" / "ease").glob("*.json")
    ]
    stated = [one["inputs"].get("training_users") for one in fits if "inputs" in one]
    assert sorted(map(str, stated)) == sorted([*2 * ["None"], *2 * ["{'share': 0.5, 'seed': 0}"]])


def test_everything_is_kept(done: tuple[Reproduction, list[SplitData], Path], toy: Path) -> None:
    folder = done[2]
    again = reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", toy))
    assert again.done == 0


def test_findings_of_explainability_follow_from_the_values() -> None:
    section = ExplainabilityTables(title="", rows=("one", "two"), popularity="crowd", thresholds=(0.01, 0.3))
    values = {"one": 0.998, "two": 0.992, "crowd": 0.966, "random list": 0.424}
    first, second = section.findings(values, {"one": [0.998, 0.6], "two": [0.992, 0.55]})
    assert first.text == (
        "MEP@10 at ξ = 0.01: the rows lie between 0.9920 (two) and 0.9980 (one), 0.0060 apart; "
        "crowd has 0.9660, 0.0260 below the lowest; a random list has 0.4240, 0.5680 below the lowest"
    )
    assert second.text == "MEP@10: of the thresholds, the rows are furthest apart at ξ = 0.3, 0.0500"
    assert (first.met, second.met) == (None, None)
    above = section.findings({**values, "crowd": 0.999, "random list": 0.995}, {"one": [0, 1], "two": [1, 1]})
    assert "crowd has 0.9990, 0.0010 above the highest; a random list has 0.9950, among them" in above[0].text
    alone = ExplainabilityTables(title="", rows=("one",), popularity="crowd").findings(values, {"one": []})
    assert [one.text.split(";")[0] for one in alone] == ["MEP@10 at ξ = 0.01: one has 0.9980"]


def test_findings_of_few_items_follow_from_intervals() -> None:
    section = NearCold(title="", rows=("one", "two"), given=(1, 2), best="one", above=("two",))
    clear, open_, below = Interval(0.02, 0.01, 0.03), Interval(0.0, -0.01, 0.01), Interval(-0.02, -0.03, -0.01)

    def findings(*few: Interval) -> Any:
        (finding,) = section.findings("ndcg@100", {"two": {"1": few[0], "2": few[1], "all": below}})
        return finding

    assert (findings(clear, clear).met, findings(clear, open_).met, findings(below, clear).met) == (True, None, False)
    assert findings(clear, clear).text == (
        "Few items given, ndcg@100: one is above two given 1 and 2 "
        "(1: +0.0200 (+0.0100 to +0.0300), 2: +0.0200 (+0.0100 to +0.0300))"
    )
    assert "one is above two given 1; not distinguishable from two given 2" in findings(clear, open_).text


def test_findings_of_training_sizes() -> None:
    section = TrainingSizes(title="", rows=("one",), shares=(0.2, 1.0))
    (finding,) = section.findings("ndcg@10", {"one": [0.3, 0.35]})
    assert finding.text == "one, ndcg@10: 0.3000 with 20 % of the training users, 0.3500 with all (+0.0500)"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("k = 5\n", "k = 7\n", "k = 7 has to be among its ks"),
        ("thresholds = [0.01, 0.3, 0.6]", "thresholds = [1.0]", "thresholds are from 0 and below 1"),
        ('popularity = "popularity"', 'popularity = "EASE"', "stands beside the rows"),
        ('popularity = "popularity"', 'popularity = "crowd"', "the recipe has no row 'crowd'"),
        ("given = [1, 4, 11]", "given = [4, 1]", "ascending numbers"),
        ('best = "EASE"\n', "", "best and above belong together"),
        ('above = ["popularity"]', 'above = ["RecoNet"]', "is not among its rows"),
        ("shares = [0.5, 1.0]", "shares = [0.5, 0.9]", "shares ascend from above 0 to 1"),
        ('metric = "ndcg@10"\n', 'metric = "fame"\n', "fame"),
    ],
)
def test_words_that_are_none(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in HELD_OUT
    with pytest.raises(InputError, match=said):
        read_recipe(str(write_recipe(tmp_path, HELD_OUT.replace(old, new, 1))))
