"""A recipe by eRAN's protocol: five leave-one-out splits, drawn negatives and their mean beside each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.splitting import Split
from graphrec.errors import InputError
from graphrec.evaluation import Expected, Full, Sampled, evaluate
from graphrec.evaluation.evaluation import interval_over_users
from graphrec.models.ease import EASE
from graphrec.models.popularity import Popularity
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from tests.reproduce.tiny import TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

PROTOCOL = """seeds = [0, 1, 2, 3, 4]
metric = "ndcg@5"
also = ["precision@5"]
candidates = "10-expected"
also_candidates = ["10-per-positive", "full"]
split = { kind = "leave-one-out", options = { by = "random" } }
"""
ROWS = """seeds = [0, 1]
metric = "recall@10"
also = ["ndcg@10"]
"""
SHOWN = """best = "RecoNet"
metrics = ["ndcg@5", "ndcg@5 (10-per-positive)", "ndcg@5 (full)", "precision@5"]
paper_as = { "ndcg@5 (10-per-positive)" = "ndcg@5" }"""

OVER_USERS = """
[[sections]]
kind = "paired_differences"
name = "over-users"
title = "Over users"
metric = "ndcg@5 (10-per-positive)"
over = "users"
pairs = [{ first = "EASE", second = "popularity", want = "above" }]
"""


def text(by: str = "random") -> str:
    return (
        TINY.replace(ROWS, PROTOCOL.replace('"random"', f'"{by}"'))
        .replace('best = "RecoNet"', SHOWN)
        .replace('paper = { "recall@10" = 0.01 }', 'paper = { "ndcg@5" = 0.3 }')
    )


def test_both_columns_come_of_the_same_fits(toy: Path, tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path, text() + OVER_USERS)))
    reproduction = reproduce(recipe, RunOptions(tmp_path / "out", toy))
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (rows,) = [block["rows"] for block in blocks if block.get("table") == "table"]
    (columns,) = [block["columns"] for block in blocks if block.get("table") == "table"]
    row: dict[str, Any] = dict(zip([column["name"] for column in columns][1:3], rows[0][1:3], strict=True))
    assert row["paper"] == 0.3

    data = dataset_of(recipe, toy / "toy", tmp_path / "out").dataset
    files = sorted((tmp_path / "out" / "splits").glob("leave-one-out-*.parquet"))
    cuts = [Split.load(file).apply(data) for file in files]
    assert len(cuts) == 5
    assert {(cut.validation.n_entries, cut.test.n_entries) for cut in cuts} == {(48, 48)}
    models = [{reg: EASE(reg=reg).fit(cut.train) for reg in (1.0, 100.0)} for cut in cuts]
    chosen = max(
        models[0],
        key=lambda reg: evaluate(models[0][reg], cuts[0], "ndcg@5", part="validation", candidates=Expected(10)).means[
            "ndcg@5"
        ],
    )
    for place, (metric, candidates) in enumerate(
        (
            ("ndcg@5", Expected(10)),
            ("ndcg@5", Sampled(10, "positive")),
            ("ndcg@5", Full()),
            ("precision@5", Expected(10)),
        )
    ):
        values = [
            evaluate(model[chosen], cut, metric, candidates=candidates).means[metric]
            for model, cut in zip(models, cuts, strict=True)
        ]
        spread = [cell for cell in rows[0] if isinstance(cell, dict)][place]
        assert spread == {"mean": pytest.approx(np.mean(values)), "sd": pytest.approx(np.std(values, ddof=1)), "n": 5}

    each = [
        [evaluate(one, cut, "ndcg@5", candidates=Sampled(10, "positive")) for one in (model[chosen], popular)]
        for model, cut in zip(models, cuts, strict=True)
        for popular in [Popularity().fit(cut.train)]
    ]
    users = np.concatenate([ease.users for ease, _ in each])
    expected = interval_over_users(np.concatenate([a.of("ndcg@5") - b.of("ndcg@5") for a, b in each]), users)
    (difference,) = [block["rows"] for block in blocks if block.get("table") == "over-users"]
    cell = difference[0][1]
    assert (cell["value"], cell["low"], cell["high"]) == pytest.approx(expected)
    (told,) = [one.text for one in reproduction.report.findings if one.text.startswith("EASE is")]
    assert "in ndcg@5 (10-per-positive) over 48 users of 5 splits: " in told

    fits = list((tmp_path / "out" / "cache" / "fit" / "ease").glob("*.json"))
    assert len(fits) == 2 + 4  # two trials on the first split, the chosen one on the others: nothing is fitted twice
    figures = {file.stem for file in (tmp_path / "out" / "figures").glob("*.svg")}
    assert {"table-ndcg-at-5", "table-ndcg-at-5-10-per-positive", "table-ndcg-at-5-full"} <= figures


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"ndcg@5 (full)"', '"ndcg@5 (99)"', r"shows ndcg@5 \(99\), which is not measured"),
        ('["10-per-positive", "full"]', '["10-per-positive", "a few"]', "'a few' does not say which candidates"),
        ('["10-per-positive", "full"]', '["10-per-positive", "10-expected"]', "the same candidates are named twice"),
    ],
)
def test_words_that_are_none(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in text()
    with pytest.raises(InputError, match=said):
        read_recipe(str(write_recipe(tmp_path, text().replace(old, new))))
