"""The section on what leaks: its rows are those of fitting by hand, with and without the reviews of the test part."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.splitting import Split
from graphrec.evaluation import evaluate
from graphrec.loading.registry import BUILT_IN
from graphrec.models.registry import MODELS
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from tests.reproduce.tiny_reviews import REVIEWS
from tests.toy_reviews import ENTRY, LOADER, NAME, ToyReviews, write_reviews

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.reproduce.reproducing import Reproduction

RECIPE = (
    REVIEWS[: REVIEWS.index("[[sections]]")]
    + """
[[sections]]
kind = "review_leak"
title = "What leaks"
rows = ["toy", "EASE"]
"""
)


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    """The toy model and loader among the registered ones, for this file alone."""
    MODELS[NAME], BUILT_IN[NAME] = ENTRY, LOADER  # type: ignore[index]
    yield
    del MODELS[NAME], BUILT_IN[NAME]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, _registered: None) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("leak")
    write_reviews(folder / "reviews")
    (folder / "tiny.toml").write_text(RECIPE, encoding="utf-8")
    return reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder)), folder


def rows(reproduction: Reproduction, name: str) -> dict[str, list[Any]]:
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    return {row[0]: row[1:] for row in one["rows"]}


def test_both_fits_are_what_fitting_by_hand_finds(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    whole = dataset_of(read_recipe(str(folder / "tiny.toml")), folder / "reviews", folder / "out").dataset
    files = sorted((folder / "out" / "splits").glob("random-*.parquet"))
    values: dict[str, list[float]] = {"honest": [], "leak": []}
    for file in files:
        cut = Split.load(file).apply(whole)
        assert len(cut.train.mentions) < len(whole.mentions)
        told = replace(cut, train=replace(cut.train, mentions=whole.mentions))
        for name, data in (("honest", cut), ("leak", told)):
            model = ToyReviews().fit(data.train)
            values[name].append(evaluate(model, data, ["ndcg@5"]).means["ndcg@5"])
    honest, leak = rows(reproduction, "review_leak")["toy"]
    assert honest["mean"] == pytest.approx(np.mean(values["honest"]))
    assert leak["mean"] == pytest.approx(np.mean(values["leak"]))
    (gained,) = rows(reproduction, "review_leak-differences")["toy"]
    assert gained["value"] == pytest.approx(leak["mean"] - honest["mean"])
    assert gained["value"] != 0


def test_a_model_that_reads_no_reviews_gains_nothing(done: tuple[Reproduction, Path]) -> None:
    (gained,) = rows(done[0], "review_leak-differences")["EASE"]
    assert gained["value"] == pytest.approx(0, abs=1e-12)


def test_findings_call_it_a_leak(done: tuple[Reproduction, Path]) -> None:
    texts = [one.text for one in done[0].report.findings if "leak" in one.text]
    assert len(texts) == 2
    assert all(
        text.startswith("A leak, no result: with the reviews of the test part in the profiles, ") for text in texts
    )
