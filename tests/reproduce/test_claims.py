"""Claims of a report: a tick only where the whole interval is on the right side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from graphrec.evaluation.explanations.shift import Shift
from graphrec.report import Band, Interval, Spread
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.sections import read_sections
from graphrec.reproduce.sections.claims import (
    all_decided,
    decided,
    interval_of,
    interval_text,
    ratio_of_means,
    relation,
)
from graphrec.reproduce.sections.cold_start_curves import ColdStartCurves
from graphrec.reproduce.sections.departures import Departures
from graphrec.reproduce.sections.paired_differences import Pair, PairedDifferences
from graphrec.reproduce.sections.planted_truth import PlantedTruth
from graphrec.reproduce.sections.removal_curves import RemovalCurves
from graphrec.reproduce.sections.results_table import paper_findings
from graphrec.reproduce.sections.score_falls import ScoreFalls
from graphrec.reproduce.sections.settings import budget_text
from graphrec.reproduce.sections.shift_curves import ShiftCurves, share_of
from graphrec.reproduce.sections.stability import StabilityOverSeeds
from graphrec.reproduce.sections.stated_tastes import StatedTastes

NAN = float("nan")
UNKNOWN = Interval(0.9, NAN, NAN)


@pytest.mark.parametrize(
    ("interval", "bound", "above", "words"),
    [
        (Interval(0.2, 0.1, 0.3), 0.0, True, "above"),
        (Interval(0.2, 0.1, 0.3), 0.1, None, "not distinguishable from"),  # the bound itself is no more than reached
        (Interval(0.2, 0.1, 0.3), 0.25, None, "not distinguishable from"),
        (Interval(0.2, 0.1, 0.3), 0.35, False, "below"),
        (UNKNOWN, 0.1, None, "not distinguishable from"),
    ],
)
def test_an_interval_decides(interval: Interval, bound: float, above: bool | None, words: str) -> None:
    assert decided(interval, bound) is above
    assert relation(above) == words


def test_the_interval_of_a_mean_is_students() -> None:
    """Of 1, 2, 3: standard error 1 / √3, and t(0.975, 2) = 4.3027."""
    interval = interval_of(Spread.of([1.0, 2.0, 3.0]))
    assert (interval.low, interval.high) == (pytest.approx(2 - 4.302653 / 3**0.5), pytest.approx(2 + 4.302653 / 3**0.5))
    assert interval_text(interval, 2) == "2.00 (−0.48 to 4.48)"
    alone = interval_of(Spread.of([2.0]))
    assert math.isnan(alone.low)
    assert interval_text(alone, 1) == "2.0 (no interval)"


def test_a_ratio_of_means_has_the_interval_of_its_linear_part() -> None:
    """Means 2 and 1: what each case adds is 1, −1, 0 of a ratio of 2, over the sum 3; t(0.975, 2) = 4.3027."""
    ratio = ratio_of_means(np.array([3.0, 1.0, 2.0, NAN]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert ratio.value == 2
    assert ratio.high - 2 == pytest.approx(4.302653 * (2 * 3 / 2) ** 0.5 / 3)
    assert math.isnan(ratio_of_means(np.array([1.0, 2.0]), np.array([1.0, -1.0])).value)


def test_several_claims_hold_together_only_where_none_is_open() -> None:
    assert [all_decided(claims) for claims in ([True, True], [True, None], [None, False], [])] == [
        True, None, False, True,
    ]  # fmt: skip


def test_a_fall_is_to_be_twice_that_of_random_reasons_at_every_n() -> None:
    section = ScoreFalls.model_validate(
        {
            "title": "Falls",
            "row": "eRAN",
            "methods": {name: {"explainer": "own"} for name in ("own", "nearest", "LIME")},
            "own": "own",
            "above": ["nearest"],
            "not_above": ["LIME"],
            "removed": [1, 3],
        }
    )
    clear, open_, below = Interval(0.1, 0.05, 0.15), Interval(0.1, -0.05, 0.25), Interval(-0.1, -0.15, -0.05)
    twice, less = Interval(3.0, 2.5, 3.5), Interval(1.8, 1.7, 1.9)

    def met(ratios: list[Interval], nearest: list[Interval], lime: list[Interval]) -> list[bool | None]:
        return [one.met for one in section.findings(ratios, {"nearest": nearest, "LIME": lime})]

    assert met([twice, twice], [clear, clear], [clear, open_]) == [True, True, True]
    assert met([twice, less], [clear, open_], [open_, below]) == [False, None, False]
    assert met([twice, UNKNOWN], [below, open_], [open_, open_]) == [None, False, True]
    text = section.findings([twice, less], {"nearest": [clear, clear], "LIME": [clear, clear]})[0].text
    assert "3.00 (2.50 to 3.50) at n = 1, 1.80 (1.70 to 1.90) at n = 3; more than 2.0 was to be reached" in text


def test_a_value_beside_the_papers_has_a_tick_only_where_it_is_clearly_above() -> None:
    recipe = read_recipe("resolving")
    printed = {"KGCN": 0.11, "resolved, as printed": 0.128, "VGAE": 0.112}
    values = {
        "KGCN": Interval(0.09, 0.08, 0.10),
        "VGAE": Interval(0.113, 0.10, 0.126),
        "resolved, as printed": Interval(0.006, 0.004, 0.008),
        "resolved": Interval(0.127, 0.12, 0.134),
    }
    best, rows = paper_findings(recipe, "recall@2", values, printed, "resolved")
    assert best.met is None
    assert best.text == (
        "resolved reaches recall@2 0.1270 (0.1200 to 0.1340), not distinguishable from the best row of the paper's "
        "table (the paper's Proposed, 0.1280)"
    )
    assert rows.met is False
    assert rows.text == (
        "0 of 3 rows that the paper prints are above its recall@2, by their 95 % intervals; not distinguishable from "
        "it: VGAE (0.1130 against 0.1120); below it: KGCN (0.0900 against 0.1100), resolved, as printed, the paper's "
        "Proposed (0.0060 against 0.1280)"
    )
    (untold,) = paper_findings(recipe, "recall@2", values, {"VGAE": 0.112})
    assert untold.met is None
    (above,) = paper_findings(recipe, "recall@2", values, {"VGAE": 0.05})
    assert above.met is True


def test_every_difference_to_a_named_row_is_a_finding() -> None:
    pairs = (
        Pair(first="a", second="EASE"),
        Pair(first="EASE", second="b"),
        Pair(first="a", second="b"),
        Pair(first="b", second="c", want="above", by=0.01),
    )
    section = PairedDifferences(title="", pairs=pairs, against=("EASE",))
    differences = (
        Interval(0.01, -0.01, 0.03),
        Interval(0.02, 0.01, 0.03),
        Interval(-1, -2, -0.5),
        Interval(0.0123, 0.0048, 0.0199),
    )
    findings = section.findings(differences, "ndcg@10", "5 splits")
    assert [(one.text.split(" in ")[0], one.met) for one in findings] == [
        ("a is not distinguishable from EASE", None),
        ("EASE is above b", True),
        ("b is above c", None),  # above it, but not clearly by 0.01
    ]


@pytest.mark.parametrize("name", ["reconet", "resolving", "resolving-movielens"])
def test_every_difference_to_ease_in_a_recipe_is_a_finding(name: str) -> None:
    recipe = read_recipe(name)
    sections = [section for section in read_sections(recipe) if isinstance(section, PairedDifferences)]
    ease = {row.name for row in recipe.rows if row.model == "ease"}
    assert ease
    assert all(ease <= set(section.against) for section in sections)


def test_cold_users_are_compared_with_intervals() -> None:
    section = ColdStartCurves(title="", rows=("RecoNet", "FM"), best="RecoNet", above=("FM", "CML"), up_to=2)
    wide, narrow, below = (Interval(0.01, low, high) for low, high in ((-0.01, 0.03), (0.005, 0.015), (-0.03, -0.01)))
    two, one = section.findings({"FM": [narrow, wide], "CML": [narrow, narrow]})
    assert (two.met, one.met) == (None, True)
    assert "is above FM at 1 of 2 values of k" in two.text
    assert "recall@2 +0.0100 (−0.0100 to +0.0300)" in two.text
    assert section.findings({"FM": [narrow, below]})[0].met is False


def test_a_row_that_merely_reports_has_no_tick() -> None:
    section = Departures(title="", printed="as printed", rows=("ours",))
    reached = {"as printed": Spread(0.03, 0.001, 5), "ours": Spread(0.27, 0.02, 5)}
    printed, fewest = section.findings(reached, {"as printed": 0, "ours": 1}, 0.2656, "ndcg@100")
    assert (printed.met, fewest.met) == (False, None)
    assert "as printed reaches ndcg@100 0.0300 (0.0288 to 0.0312), below what the paper prints" in printed.text
    assert "ours has the fewest departures, 1 departure: 0.2700" in fewest.text


def test_equal_areas_and_touching_bands_are_not_distinguishable() -> None:
    section = RemovalCurves(title="", of=("linear",), rival="LIME")
    assert section.area_finding("RecoNet", 1.71, 1.71, Interval(0.0, 0.0, 0.0), 50).met is None
    assert section.area_finding("RecoNet", 1.40, 1.41, Interval(-0.01, -0.02, 0.01), 50).met is None
    assert section.area_finding("RecoNet", 1.40, 1.45, Interval(-0.05, -0.07, -0.03), 50).met is False
    chance = Band("Random", (1.0, 2.0, 3.0), (0.0, 0.0, 0.0), (-0.1, -0.1, -0.1), (0.1, 0.1, 0.1))
    own = Band("LRP", (1.0, 2.0), (-1.0, -2.0), (-1.1, -2.1), (-0.9, -1.9))
    assert section.curve_finding("RecoNet", own, chance).met is True
    touching = Band("LRP", (1.0, 2.0), (-1.0, -2.0), (-1.1, -2.1), (-0.05, -1.9))
    finding = section.curve_finding("RecoNet", touching, chance)
    assert finding.met is None
    assert "at 1 of 2 values of k from 1 to 2" in finding.text
    above = Band("LRP", (1.0, 2.0), (1.0, -2.0), (0.9, -2.1), (1.1, -1.9))
    assert section.curve_finding("RecoNet", above, chance).met is False


def test_the_share_of_an_oracles_shift_has_an_interval() -> None:
    """Of four users, own loses 1, 1, 0, 2 and the oracle 1, 2, 1, 2: the ratio is 4 / 6.

    Residuals own − 2/3 · oracle are 1/3, −1/3, −2/3, 2/3: their squares sum to 10/9, the standard error is
    √(10/9 · 4/3) / 6, and t(0.975, 3) = 3.18245. A fifth user was not measured.
    """
    before = np.array([2.0, 2.0, 2.0, 2.0, NAN])
    own, oracle = (
        Shift((1,), before, before[:, None] - np.array([[*lost, NAN]]).T) for lost in ((1, 1, 0, 2), (1, 2, 1, 2))
    )
    (share,) = share_of(own, oracle)
    half = 3.182446 * (10 / 9 * 4 / 3) ** 0.5 / 6
    assert share.value == pytest.approx(2 / 3)
    assert (share.low, share.high) == (pytest.approx(2 / 3 - half, abs=1e-6), pytest.approx(2 / 3 + half, abs=1e-6))
    nothing = Shift((1,), before, before[:, None])
    assert math.isnan(share_of(own, nothing)[0].value)


def test_shift_is_above_where_intervals_are_apart() -> None:
    section = ShiftCurves(title="", row="r", methods={"own": {}, "SEP": {}, "all": {}}, own="own", rivals=("SEP",),
                          oracle="all", removed=(1, 2))  # fmt: skip
    high, low, middle = (Interval(v, v - 0.1, v + 0.1) for v in (0.9, 0.1, 0.75))
    curves = {"own": [high, high], "SEP": [low, middle], "random": [low, low]}
    sep, chance, share = section.findings(curves, [Interval(0.85, 0.75, 0.95), Interval(0.9, 0.85, 0.95)])
    assert (sep.met, chance.met, share.met) == (None, True, None)
    assert "at 1 of 2 values of n" in sep.text
    assert "0.85 (0.75 to 0.95) of the shift of all at n = 1" in share.text
    assert section.findings({**curves, "own": [low, low], "SEP": [high, high]}, [])[0].met is False


def test_bars_of_stability_and_planted_truth_are_decided_by_intervals() -> None:
    stable = StabilityOverSeeds(title="", rows=("r",))
    chance = Interval(0.17, 0.15, 0.19)
    bars = [Interval(0.71, 0.69, 0.73), Interval(0.63, 0.62, 0.65), Interval(0.8, 0.75, 0.85)]
    assert [stable.finding("r", bar, chance).met for bar in bars] == [None, False, True]
    planted = PlantedTruth(title="")
    assert planted.finding({"RecoNet": Spread(0.96, 0.02, 3), "EASE": Spread(0.97, 0.01, 3)}).met is None
    assert planted.finding({"RecoNet": Spread(0.97, 0.001, 3)}).met is True
    assert planted.finding({"RecoNet": Spread(0.99, None, 1)}).met is None  # a single planting has no interval


def test_the_bar_of_stated_tastes_is_decided_over_plantings() -> None:
    section = StatedTastes(title="")

    def planting(over: float, further: float, personal: float) -> dict[str, Any]:
        means = {"over_control": 0.2, "personal_over_count": personal}
        estimates = {name: {"mean": mean, "error": 0.01} for name, mean in means.items()}
        return {**estimates, "over": {"count": {"mean": over, "error": 0.01}, "other": {"mean": further, "error": 0.1}}}

    above = [planting(*means) for means in ((0.05, -0.02, -0.01), (0.07, -0.03, 0.01), (0.06, -0.02, 0.0))]
    bar, beside = section.findings({section.own: above})
    assert bar.met is True
    assert "is above the plain count" in bar.text
    assert "+0.060 (+0.035 to +0.085) over 3 plantings" in bar.text  # .06 ± 4.303 · .01 / √3
    assert beside.met is None
    assert "below “other”" in beside.text
    assert "its personal part is not distinguishable from the personal part of the count" in beside.text
    assert section.findings({section.own: [planting(-x, 0, 0) for x in (0.05, 0.06, 0.07)]})[0].met is False
    assert section.findings({section.own: above[:1]})[0].met is None  # a single planting has no interval
    assert section.findings({})[0].met is None


def test_budgets_are_called_equal_only_where_they_were() -> None:
    recipe = read_recipe("resolving-movielens")
    text = budget_text(recipe)
    assert "7 of 9 rows tried 2 settings" in text
    assert "VGAE tried 1: one setting, its defaults" in text
    assert "9 settings of resolved (factors, learning rate" in text
    assert "13 settings of EASE and EASE with the graph" in text
    assert text.endswith("So budgets were not equal.")
    equal = [row for row in recipe.rows if len(row.tried) == 2]
    alike = recipe.model_copy(update={"rows": tuple(equal)})
    assert budget_text(alike).endswith("So budgets were not equal.")  # there were looks beyond the trials
    without = recipe.protocol.model_copy(update={"looks": ()})
    assert budget_text(alike.model_copy(update={"protocol": without})).endswith("So all rows had the same budget.")
    assert "settings that were not counted of rows that were not noted" in budget_text(read_recipe("resolving"))
