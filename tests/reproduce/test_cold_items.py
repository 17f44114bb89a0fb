"""The section of cold items: what fitting and evaluating by hand finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.splitting import Split
from graphrec.errors import InputError
from graphrec.evaluation import evaluate_cold_items, evaluate_most_active, expect_random_users
from graphrec.evaluation.evaluation import interval_over_users
from graphrec.models.ease import EASE
from graphrec.report import Interval
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.cold_items import ColdItems
from tests.reproduce.tiny import TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

SECTION = """
[[sections]]
kind = "cold_items"
title = "Cold items"
rows = ["EASE", "popularity"]
test = 6
validation = 4
seeds = [0, 1, 2]
up_to = 20
shown = [5, 20, 99]
claimed = 10
best = "EASE"
at_least = 0.2
above = ["popularity", "most active users", "random users"]
settings = { EASE = { reg = 2.0 } }
trials = { EASE = [{ attribute_weight = 0.0 }, { attribute_weight = 5.0 }] }
"""


def tables(blocks: list[dict[str, Any]], name: str) -> dict[str, list[Any]]:
    (rows,) = [block["rows"] for block in blocks if block.get("table") == name]
    return {row[0]: row[1:] for row in rows}


def test_the_section_is_what_fitting_by_hand_finds(toy: Path, tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path, TINY + SECTION)))
    reproduction = reproduce(recipe, RunOptions(tmp_path / "out", toy, sections=("cold_items",)))
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    data = dataset_of(recipe, toy / "toy", tmp_path / "out").dataset
    files = sorted((tmp_path / "out" / "splits").glob("items-*.parquet"))
    assert len(files) == 3
    cuts = [Split.load(file).apply(data) for file in files]
    ks = [5, 10, 20]
    ease, active, chance = [], [], []
    for cut in cuts:
        models = [EASE(reg=2.0, attribute_weight=weight).fit(cut.train) for weight in (0.0, 5.0)]
        validation = [evaluate_cold_items(one, cut, [10], part="validation").recall.mean() for one in models]
        ease.append(evaluate_cold_items(models[int(np.argmax(validation))], cut, ks))
        active.append(evaluate_most_active(cut, ks))
        chance.append(expect_random_users(cut, ks))
    items = np.concatenate([one.items for one in ease])
    shown, differences = tables(blocks, "cold_items"), tables(blocks, "cold_items-differences")
    for name, of in (("EASE", ease), ("most active users", active), ("random users", chance)):
        for place, k in enumerate((5, 20)):
            values = np.concatenate([one.of(k) for one in of])
            expected = interval_over_users(values, items)
            cell = shown[name][place]
            assert (cell["value"], cell["low"], cell["high"]) == pytest.approx(expected)
            if name != "EASE":
                difference = interval_over_users(np.concatenate([one.of(k) for one in ease]) - values, items)
                cell = differences[f"EASE − {name}"][place]
                assert (cell["value"], cell["low"], cell["high"]) == pytest.approx(difference)
    assert shown["EASE"][1]["value"] > shown["random users"][1]["value"]  # genres name the halves
    told = [finding.text for finding in reproduction.report.findings]
    assert sum("Cold items: EASE reaches recall@10" in text for text in told) == 1
    assert sum("Cold items: EASE is above random users in recall@10" in text for text in told) == 1
    (about,) = [block["text"] for block in blocks if "held-out items (18 over 3 draws" in block.get("text", "")]
    assert "EASE chose among 2 by the validation items of each draw: attribute_weight=5.0" in about
    fits = list((tmp_path / "out" / "cache" / "cold_items").rglob("*.json"))
    assert len(fits) == 3 * 2 + 3
    again = reproduce(recipe, RunOptions(tmp_path / "out", toy, sections=("cold_items",)))
    assert again.done == 0


def test_findings_follow_from_intervals() -> None:
    section = ColdItems(title="", rows=("one", "two"), best="one", at_least=0.63, above=("two",), up_to=50)
    reached, clear = {"one": Interval(0.66, 0.64, 0.68)}, Interval(0.02, 0.01, 0.03)
    first, second = section.findings(reached, {"two": clear})
    assert (first.met, second.met) == (True, True)
    assert first.text == (
        "Cold items: one reaches recall@50 0.6600 (0.6400 to 0.6800) of the right users; "
        "more than 0.6300 was to be reached"
    )
    assert second.text == "Cold items: one is above two in recall@50, item by item: +0.0200 (+0.0100 to +0.0300)"
    first, second = section.findings({"one": Interval(0.64, 0.6, 0.68)}, {"two": Interval(0.0, -0.01, 0.01)})
    assert (first.met, second.met) == (None, None)
    assert "not distinguishable from two" in second.text
    assert section.findings(reached, {"two": Interval(-0.02, -0.03, -0.01)})[1].met is False
    free = ColdItems(title="", rows=("one",), best="one").findings(reached, {})
    assert [finding.met for finding in free] == [None]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("validation = 4", "validation = 0", "trials are chosen by validation items"),
        ("claimed = 10", "claimed = 21", "need an up_to that is as large"),
        ('best = "EASE"', 'best = "RecoNet"', "best names 'reconet'"),
        ('above = ["popularity"', 'above = ["RecoNet"', "is not among its rows"),
        ('rows = ["EASE", "popularity"]', 'rows = ["EASE", "popularity", "Nobody"]', "the recipe has no row 'Nobody'"),
    ],
)
def test_words_that_are_none(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SECTION
    with pytest.raises(InputError, match=said):
        read_recipe(str(write_recipe(tmp_path, TINY + SECTION.replace(old, new, 1))))
