"""The sections on groups, mappings, components, losses and the data: their values are those of measuring by hand."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.splitting import Split
from graphrec.errors import ModelError, UsageError
from graphrec.evaluation import evaluate
from graphrec.evaluation.explanations.falls import falls
from graphrec.evaluation.explanations.group_removal import remove_groups
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.mf.model import MF
from graphrec.models.registry import MODELS
from graphrec.models.training import train
from graphrec.report import Figure, Heat, Interval, Lines
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.drawn_pairs import drawn_pairs
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.claims import mean_interval, ratio_of_means
from graphrec.reproduce.sections.convergence import Convergence
from graphrec.reproduce.sections.data_distributions import DataDistributions, users_by_count
from graphrec.reproduce.sections.factor_mapping import MappedFactors
from graphrec.reproduce.sections.group_removal import RemovedGroups
from graphrec.reproduce.sections.oracle import Oracle
from graphrec.reproduce.sections.pruning import PrunedDimensions, PruningAt
from graphrec.reproduce.sections.score_falls import ScoreFalls
from tests.reproduce.tiny import write_toy
from tests.reproduce.tiny_groups import ENTRY, GROUPS
from tests.toy_mixture import Mixture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.dataset.splitting import SplitData
    from graphrec.models.checkpoint import State
    from graphrec.reproduce.reproducing import Reproduction


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    """The model of clusters among the registered ones, for this file alone."""
    MODELS["mixture"] = ENTRY
    yield
    del MODELS["mixture"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, _registered: None) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("groups")
    write_toy(folder / "toy")
    (folder / "tiny.toml").write_text(GROUPS, encoding="utf-8")
    return reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder)), folder


@pytest.fixture(scope="module")
def splits(done: tuple[Reproduction, Path]) -> list[SplitData]:
    """The splits in the order of the protocol's seeds, as the section of the mapping used them."""
    folder = done[1]
    data = dataset_of(read_recipe(str(folder / "tiny.toml")), folder / "toy", folder / "out").dataset
    cut = [Split.load(path) for path in (folder / "out" / "splits").glob("*.parquet")]
    by_fingerprint = {split.fingerprint: split.apply(data) for split in cut}
    order = done[0].report.facts["splits"]
    return [by_fingerprint[name] for name in sorted(by_fingerprint, key=order.index)]


def table(reproduction: Reproduction, name: str) -> dict[Any, list[Any]]:
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    return {row[0]: row[1:] for row in one["rows"]}


def findings(reproduction: Reproduction, words: str) -> list[Any]:
    return [one for one in reproduction.report.findings if words in one.text]


def charts(reproduction: Reproduction, name: str) -> Any:
    (one,) = [block for block in reproduction.report.blocks if isinstance(block, Figure) and block.name == name]
    return one.chart


def cell(interval: Interval) -> dict[str, Any]:
    return pytest.approx({"value": interval.value, "low": interval.low, "high": interval.high})


def fitted(split: SplitData) -> Mixture:
    return Mixture(first=20).fit(split.train)


def test_falls_without_the_group_are_those_of_all_splits(
    done: tuple[Reproduction, Path], splits: list[SplitData]
) -> None:
    parts = []
    for split in splits:
        model = fitted(split)
        pairs = drawn_pairs(model, split, users=30)
        parts.append(remove_groups(model, model.factors(pairs.data), pairs.profiles, pairs.items, pairs.taken))
    rows = table(done[0], "group_removal")
    for unit, column in (("sd", 0), ("log_p", 2)):
        together = {
            name: np.concatenate([one.falls[unit][name][:, 0] for one in parts]) for name in parts[0].falls[unit]
        }
        names = ("the group that weighs most", "as many at random", "as many of the strongest")
        of = dict(zip(names, together.values(), strict=True))
        for name, values in of.items():
            assert rows[name][column] == cell(mean_interval(values))
        for name in list(of)[1:]:
            assert rows[name][column + 1] == cell(ratio_of_means(together["group"], of[name]))
    ratio = ratio_of_means(together["group"], together["random"])
    (finding,) = findings(done[0], "without the history of the group that weighs most log p falls by")
    assert finding.met is (True if ratio.low > 3 else False if ratio.high < 3 else None)
    left_out = sum(one.of_one_group for one in parts)
    users = sum(len(one.taken) for one in parts)
    assert any(f"Of {users} users {left_out} are left out" in getattr(one, "text", "") for one in done[0].report.blocks)


def test_findings_of_groups_follow_from_the_falls() -> None:
    section = RemovedGroups.model_validate({"title": "", "row": "mixture"})
    values = {"group": np.array([4.9, 5.0, 5.1]), "random": np.array([1.0, 1.02, 0.98]), "strongest": np.full(3, 10.0)}
    assert [one.met for one in section.findings(values)] == [True, None]
    assert "0.50" in section.findings(values)[1].text
    assert section.findings({**values, "random": values["group"]})[0].met is False


def test_falls_of_log_p_and_shares_of_the_oracle(done: tuple[Reproduction, Path], splits: list[SplitData]) -> None:
    by_method: dict[str, list[np.ndarray]] = {}
    for split in splits:
        model = fitted(split)
        pairs = drawn_pairs(model, split, users=20)
        found = falls(model, {"own": ModelExplainer()}, pairs.profiles, pairs.items, pairs.taken, (1, 2), unit="log_p")
        for name, values in found.items():
            by_method.setdefault(name, []).append(values[:, 0])
    rows = table(done[0], "score_falls")
    for name, shown in (("own", "own"), ("random", "Random")):
        values = np.concatenate(by_method[name])
        assert rows[shown][:2] == [cell(mean_interval(values[:, place])) for place in (0, 1)]
    shares = table(done[0], "score_falls-oracle")
    assert list(shares) == ["own", "removal", "LIME", "Random"]
    assert [one["value"] for one in shares["removal"][:2]] == [1, 1]
    assert shares["Random"][2] is None
    assert all(shares[name][2] > 0 for name in ("own", "removal", "LIME"))
    own, oracle = shares["own"][2], shares["removal"][2]
    (cost,) = findings(done[0], "an explanation of own takes")
    assert cost.met is (oracle / own >= 2)
    (share,) = findings(done[0], "the share of the fall of removal that own reaches is")
    assert share.met is (True if all(one["low"] > 0.9 for one in shares["own"][:2]) else share.met)
    assert findings(done[0], "without the first reasons of own log p falls by so many times")
    assert charts(done[0], "score_falls-figure").y_label == "fall [log p]"


def test_findings_beside_an_oracle_follow_from_shares_and_times() -> None:
    bars = Oracle(method="removal", cheaper=100)
    seconds = {"own": 1e-4, "removal": 0.02}
    above, open_ = Interval(0.95, 0.9, 1.0), Interval(0.9, 0.8, 1.0)
    assert [one.met for one in bars.findings("row", "own", (1, 3), (above, above), seconds)] == [True, True]
    shares, cost = bars.findings("row", "own", (1, 3), (above, open_), {**seconds, "own": 1e-3})
    assert (shares.met, cost.met) == (None, False)
    assert "0.100 ms of one core, one of removal 20 ms: 200 times" in bars.findings(
        "row", "own", (1,), (above,), seconds
    )[1].text.replace("20.0 ms", "20 ms")


def test_the_mapping_is_that_of_the_fit_and_its_worth_that_of_evaluating_without(
    done: tuple[Reproduction, Path], splits: list[SplitData]
) -> None:
    rows = table(done[0], "factor_mapping")
    assert list(rows)[:2] == ["exactly 0", "0 to 0.100"]
    assert sum(row[0] for row in rows.values()) == pytest.approx(100)
    assert rows["exactly 0"][0] == 25  # of four values of a user one has no link of any cluster
    apart = []
    for split in splits:
        model = fitted(split)
        whole, without = (evaluate(one, split, "ndcg@5") for one in (model, model.without_mapping()))
        apart.append(whole.of("ndcg@5") - without.of("ndcg@5"))
    (row,) = table(done[0], "factor_mapping-metric").values()
    assert row[2]["value"] == pytest.approx(np.concatenate(apart).mean())
    first = splits[0]
    able = np.flatnonzero((first.test.counts > 0) & (first.seen.positives.counts > 0))
    drawn = np.random.default_rng(0).permutation(able)[:2]
    data, known = fitted(first).align(first.seen)
    expected = fitted(first).mapping_of(profiles_of(data, known, drawn))
    for place in (0, 1):
        heat = charts(done[0], f"factor_mapping-user-{place + 1}")
        assert isinstance(heat, Heat)
        torch.testing.assert_close(torch.tensor(heat.values), expected[place], rtol=1e-5, atol=1e-7)
        assert heat.largest == pytest.approx(float(expected[place].abs().max()))
        assert (len(heat.labels), heat.columns) == (2, ("1", "2"))
    assert len(findings(done[0], "2 of 4 (50 %) links of a user cluster and an item group are off")) == 1


def test_findings_of_a_mapping_follow_from_the_values() -> None:
    section = MappedFactors.model_validate({"title": "", "row": "mixture"})
    values = {
        "counts": [5, 1, 1, 0, 0, 0, 0, 0, 0, 1],
        "zeros": 2,
        "largest": 1.25,
        "linked": [[True, False]],
        "concentration": None,
    }
    first, worth = section.findings(values, Interval(0.001, -0.001, 0.003), "ndcg@5")
    assert "2 of 10 (20 %) are exactly 0, and 9 of 10 (90 %) lie below 0.300; the greatest is 1.25" in first.text
    assert "not distinguishable from" in worth.text
    above = section.findings({**values, "concentration": 0.9, "shuffled": 0.6}, Interval(0.02, 0.01, 0.03), "ndcg@5")
    assert len(above) == 3
    assert "is above that of the same fit without it" in above[2].text


def test_pruning_is_measured_at_every_threshold(done: tuple[Reproduction, Path], splits: list[SplitData]) -> None:
    rows = table(done[0], "pruning")
    assert list(rows) == ["nothing", "0.1 × mean", "1 × mean", "0.001 absolute", "0.3 absolute"]
    assert [row[:2] for row in rows.values()] == [[2, 2], [1, 2], [1, 1], [2, 2], [1, 1]]
    assert list(table(done[0], "pruning-components").values()) == [[2, 2], [1, 2], [1, 1], [2, 2], [1, 1]]
    apart = [
        evaluate(fitted(split).pruned(0.3, relative=False), split, "ndcg@5").of("ndcg@5")
        - evaluate(fitted(split), split, "ndcg@5").of("ndcg@5")
        for split in splits
    ]
    assert rows["0.3 absolute"][4]["value"] == pytest.approx(np.concatenate(apart).mean())
    (claim,) = findings(done[0], "pruned below 0.1 × mean, components keep 1 to 2 of 2 dimensions")
    low, high = (rows["0.1 × mean"][4][end] for end in ("low", "high"))
    assert claim.met is (True if low > -0.002 else False if high < -0.002 else None)
    assert findings(done[0], "the limit 0.001 absolute prunes 0 of 4 dimensions")
    chart = charts(done[0], "pruning-figure")
    assert [line.x for line in chart.lines] == [(1.0, 1.5, 2.0), (1.0, 2.0, 2.0)]


def test_components_of_one_size_are_not_what_is_claimed() -> None:
    section = PrunedDimensions.model_validate({"title": "", "row": "mixture", "relative": [0.1], "absolute": [0.001]})
    same = Interval(0.5, 0.4, 0.6)

    def met(dimensions: tuple[int, ...], apart: Interval) -> bool | None:
        pruned = [
            PruningAt(0.0, True, (4, 4), same, Interval(0, 0, 0)),
            PruningAt(0.1, True, dimensions, same, apart),
            PruningAt(0.001, False, (4, 3), same, Interval(0, 0, 0)),
        ]
        claim, printed = section.findings(pruned, "ndcg@5")
        assert "prunes 1 of 8 dimensions" in printed.text
        return claim.met

    assert met((2, 3), Interval(-0.001, -0.0015, 0.001)) is True
    assert met((2, 3), Interval(-0.001, -0.003, 0.001)) is None
    assert met((2, 3), Interval(-0.005, -0.006, -0.004)) is False
    assert met((2, 2), Interval(0.001, 0.0, 0.002)) is False


def test_losses_are_those_of_training_by_hand(
    done: tuple[Reproduction, Path], splits: list[SplitData], monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[State] = []

    def noted(*arguments: Any, **named: Any) -> State:
        states.append(train(*arguments, **named))
        return states[-1]

    monkeypatch.setattr("graphrec.models.gradient_fit.train", noted)
    for split in splits:
        model = MF(epochs=6, embedding_size=4, learning_rate=0.05)
        model.fit(split.train, validation=split.validation, fold_in=split.fold_in)
    losses = [state.losses for state in states]
    assert [len(one) for one in losses] == [6, 6]
    chart = charts(done[0], "convergence-figure")
    assert isinstance(chart, Lines)
    (line,) = [one for one in chart.lines if one.label == "fast"]
    assert line.x == (1, 2, 3, 4, 5, 6)
    np.testing.assert_allclose(line.y, np.mean(losses, axis=0), rtol=1e-5)
    rows = table(done[0], "convergence")
    assert rows["fast"][3]["mean"] == pytest.approx(np.mean([min(one) for one in losses]), rel=1e-5)
    told = [one.text for one in done[0].report.blocks if "The rows differ in" in getattr(one, "text", "")]
    assert told[0].endswith(
        "The rows differ in `learning_rate` (slow: `learning_rate=0.001`; fast: `learning_rate=0.05`)."
    )
    assert findings(done[0], "fast reaches the least training loss of slow")[0].met is True


def test_only_rows_whose_losses_are_shown_keep_them(done: tuple[Reproduction, Path]) -> None:
    fits = [json.loads(path.read_text()) for path in (done[1] / "out" / "cache" / "fit").rglob("*.json")]
    fits = [one for one in fits if "result" in one]
    assert {(one["inputs"]["model"], "losses" in one["result"]) for one in fits} == {("mixture", False), ("mf", True)}
    assert all(("traced" in one["inputs"]) is ("losses" in one["result"]) for one in fits)


def test_findings_of_losses_follow_from_the_epochs() -> None:
    section = Convergence.model_validate({"title": "", "rows": ["slow", "fast"], "best": "fast"})
    losses = {"slow": [[3.0, 2.0, 2.5], [3.0, 2.0]], "fast": [[2.0, 1.0], [1.5]]}
    metrics = {"slow": [0.1, 0.2], "fast": [0.2, 0.301]}
    faster, better = section.findings("slow", losses, metrics)
    assert "in epoch 1 (slow: 2), in epoch 1 (slow: 2)" in faster.text
    assert (faster.met, better.met) == (True, True)
    assert section.findings("slow", {**losses, "fast": [[2.0], [2.5]]}, metrics)[0].met is False
    assert section.findings("slow", {**losses, "fast": [[2.5, 2.0], [2.0]]}, metrics)[0].met is None


def test_a_row_without_epochs_has_no_losses(tmp_path: Path) -> None:
    write_toy(tmp_path / "toy")
    text = GROUPS.replace('rows = ["slow", "fast"]\nbest = "fast"', 'rows = ["mixture", "fast"]\nbest = "fast"')
    assert text != GROUPS
    (tmp_path / "tiny.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="mixture has no training loss by epoch"):
        reproduce(
            read_recipe(str(tmp_path / "tiny.toml")),
            RunOptions(tmp_path / "out", tmp_path, sections=("convergence",)),
        )


def test_the_data_is_what_counting_by_hand_finds(done: tuple[Reproduction, Path]) -> None:
    """Everybody took fourteen movies of one genre and up to four of the other, of two genres."""
    folder = done[1]
    data = dataset_of(read_recipe(str(folder / "tiny.toml")), folder / "toy", folder / "out").dataset
    counts = data.positives.counts
    rows = table(done[0], "data_distributions-interactions")
    assert rows["8 to 15"][0] == ((counts >= 8) & (counts < 16)).sum()
    assert rows["16 to 31"][0] == (counts >= 16).sum()
    chart = charts(done[0], "data_distributions-touched")
    genre = data.item_attributes.indices  # every film has one
    both = [user for user in range(48) if len(set(genre[data.positives.row(user)])) == 2]
    assert chart.lines[0].y == pytest.approx((100, 100 * len(both) / 48))
    heat = charts(done[0], "data_distributions-together")
    assert sorted(heat.labels) == ["Comedy", "Drama"]
    np.testing.assert_allclose(heat.values, [[50, 0], [0, 50]])  # one main genre each
    profiles = charts(done[0], "data_distributions-profiles")
    assert (len(profiles.labels), len(profiles.columns)) == (2, 6)
    np.testing.assert_allclose(np.sum(profiles.values, axis=0), 1)
    assert not table(done[0], "data_distributions-pairs")
    assert findings(done[0], f"{len(both)} of 48")


def test_findings_of_the_data_follow_from_the_counts() -> None:
    section = DataDistributions.model_validate({"title": "", "more_than": 2})
    nothing = float("nan")
    found = {
        "names": ["a", "b", "c"],
        "interactions": [90, *[1] * 9],
        "touched": [3, 3, 1, 1, 1, 1, 1, 1, 1, 1],
        "shuffled": [3] * 10,
        "together": [[5, 2, 0], [2, 4, 1], [0, 1, 2]],
        "lift": [[nothing, 1.0, 0.0], [1.0, nothing, 1.25], [0.0, 1.25, nothing]],
    }
    uneven, many, pair = section.findings(found)
    assert "took 1 items or fewer; the most active tenth took 90 of 99 (91 %)" in uneven.text
    assert "2 of 10 (20 %) users took items of more than 2" in many.text
    assert "10 of 10 (100 %) would" in many.text
    assert "b and c: of 1 user both are main, 1.25 times" in pair.text


def test_bands_double() -> None:
    labels, users = users_by_count(np.array([1, 2, 3, 4, 7, 8, 100]))
    assert labels == ("1", "2 to 3", "4 to 7", "8 to 15", "16 to 31", "32 to 63", "64 to 127")
    assert users == (1, 2, 2, 1, 0, 0, 1)


@pytest.mark.parametrize(
    ("kind", "parameters", "said"),
    [
        (PrunedDimensions, {"row": "a", "relative": [0.2], "at": 0.1}, "claim is of 0.1"),
        (PrunedDimensions, {"row": "a", "absolute": [0.2, 0.1]}, "ascend"),
        (PrunedDimensions, {"row": "a", "metric": "fame"}, "fame"),
        (MappedFactors, {"row": "a", "metric": "fame"}, "fame"),
        (Convergence, {"rows": ["a", "b"], "best": "c"}, "no method 'c'"),
        (
            ScoreFalls,
            {"row": "a", "own": "own", "methods": {"own": {"explainer": "own"}}, "oracle": {"method": "removal"}},
            "no method 'removal'",
        ),
        (ScoreFalls, {"row": "a", "own": "own", "methods": {"own": {}}, "measure": "points"}, "'sd' or 'log_p'"),
    ],
)
def test_parameters_that_make_no_sense_are_named(kind: Any, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises((ValidationError, UsageError), match=said):
        kind.model_validate({"title": "", **parameters})


def test_again_is_nothing_to_do(done: tuple[Reproduction, Path]) -> None:
    first, folder = done
    again = reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder))
    assert again.done == 0
    assert again.report.blocks == first.report.blocks
    assert not any(math.isnan(one.largest) for one in [charts(first, "data_distributions-together")])
