"""A recipe with somebody's parts, given profiles and last fits on training and validation together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import graphrec as gr
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import file_split
from graphrec.errors import InputError
from graphrec.evaluation import Sampled
from graphrec.loading import registry
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from tests.reproduce.test_reproducing import results, table
from tests.reproduce.tiny import TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.reproducing import Reproduction

RECIPE = """
name = "features"
title = "Features"
paper = "Nobody: Nothing, 2026."

[data]
name = "Features"
loader = "amazon"
folder = "features/toy"
files = ["positives.csv", "user_feature.csv"]
keep = [{ pairs = "features/toy/positives.csv" }]
source = "https://example.org/features"

[protocol]
seeds = [3, 4]
metric = "hit_rate@3"
also = ["mrr@3"]
candidates = "5"
trials = 1
profiles = "given"
item_profiles = "takers"
refit = true

[protocol.split]
kind = "file"
paths = { path = "features/toy/positives.csv" }

[[rows]]
name = "RecoNet"
model = "reconet"
trials = [{ epochs = 60, patience = 2, embedding_size = 8, learning_rate = 0.05, metric = "ndcg@3" }]

[[rows]]
name = "popularity"
model = "popularity"

[[sections]]
kind = "results_table"
title = "Results"
metrics = ["hit_rate@3", "mrr@3"]

[[sections]]
kind = "stability"
title = "Stability"
rows = ["RecoNet"]
seeds = [3, 9]
together = 1
users = 10

[quick]
users = 12
items = 9
seeds = [3]
"""
USERS, ITEMS = 30, 14


def write_features(folder: Path, seed: int = 0) -> Path:
    """Write what users took at random, seven items each, two of them for test, and what they say of anything."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["user,item,split"]
    for user in range(USERS):
        own = rng.permutation(ITEMS)[:7]
        lines += [f"u{user},i{item},{'test' if place > 4 else 'train'}" for place, item in enumerate(own)]
    (folder / "positives.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = [f"u{user},{'sound' if user % 2 else 'neck'},0.5,{1 + user % 3}" for user in range(USERS)]
    (folder / "user_feature.csv").write_text(
        "\n".join(["user,feature,mean_sentiment,mentions", *said]) + "\n", encoding="utf-8"
    )
    return folder


def fits_of(out: Path) -> list[dict[str, Any]]:
    """Return what is kept of every fit, its inputs and its result."""
    return [kept for kept in results(out).values() if "inputs" in kept]  # and not the metadata of models


def read(folder: Path, text: str = RECIPE) -> Recipe:
    return read_recipe(str(write_recipe(folder, text)))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("features")
    write_features(folder / "data" / "features" / "toy")
    return reproduce(read(folder), RunOptions(folder / "out", folder / "data")), folder


def test_what_is_measured_are_last_fits_of_each_seed(done: tuple[Reproduction, Path]) -> None:
    """Chosen on the first seed's validation part; then as many epochs as kept, on all but the test part."""
    reproduction, folder = done
    path = folder / "data" / "features" / "toy"
    loaded = registry.read("amazon", path)
    data = Dataset.from_tables(loaded.tables, loaded.info)
    fits = [fit for fit in fits_of(folder / "out") if fit["inputs"]["model"] == "reconet"]
    (trial,) = [fit for fit in fits if "validation" in fit["result"]]
    split = file_split(data, path / "positives.csv", seed=3)
    assert trial["inputs"]["split"] == split.fingerprint
    assert "seed" not in trial["inputs"]
    assert "seed" not in trial["inputs"]["settings"]
    epochs = trial["result"]["best_epoch"]
    assert 0 < epochs < 60, "stopped early, or this shows nothing"

    cut = split.refitting.apply(data)
    means = {"hit_rate@3": [], "mrr@3": []}  # type: dict[str, list[float]]
    for seed in (3, 4):
        settings = {"embedding_size": 8, "learning_rate": 0.05, "metric": "ndcg@3", "patience": 2}
        model = gr.models.RecoNet(epochs=epochs, seed=seed, **settings).fit(cut.train)
        found = gr.evaluate(model, cut, list(means), candidates=Sampled(5, seed=seed)).means
        for metric, mean in found.items():
            means[metric].append(mean)
    rows = table(reproduction, "results_table")
    assert rows[0][0] == "RecoNet"
    for place, metric in enumerate(means, start=1):
        assert rows[0][place]["mean"] == pytest.approx(np.mean(means[metric]))
        assert rows[0][place]["n"] == 2
    last = [fit for fit in fits if "validation" not in fit["result"] and fit["inputs"]["seed"] == 3]
    assert {fit["inputs"]["split"] for fit in last} == {split.refitting.fingerprint}
    assert sorted(fit["inputs"]["settings"]["seed"] for fit in last) == [3, 9], "the fit of seed 3 serves twice"
    assert {fit["result"]["epochs"] for fit in last} == {epochs}


def test_a_report_on_given_profiles_says_so_in_every_part(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    headings = [block["heading"] for block in blocks if "heading" in block]
    assert headings == ["Data and protocol", "Results (leaking)", "Stability (leaking)"]
    captions = {block["table"]: block["caption"] for block in blocks if "table" in block}
    assert captions["results_table"].startswith("(leaking) Test part, mean ± standard deviation over 2 seeds")
    assert all(caption.startswith("(leaking)") for name, caption in captions.items() if name != "data-kept")
    text = reproduction.files["markdown"].read_text(encoding="utf-8")
    assert "given profiles over all reviews, those of items the sums of their takers' in training" in text
    assert "a test of remembering" in text
    assert "training and the validation part together" in text
    assert "users and items of positives.csv" in text
    assert str(folder) not in text
    visible = {"profiles": "given", "item_profiles": "takers"}
    assert {json.dumps(fit["inputs"]["visible"]) for fit in fits_of(folder / "out")} == {json.dumps(visible)}


def test_another_file_is_another_split_and_the_same_is_kept(done: tuple[Reproduction, Path], tmp_path: Path) -> None:
    _, before = done
    write_features(tmp_path / "data" / "features" / "toy")
    options = RunOptions(tmp_path / "out", tmp_path / "data", sections=("results_table",))
    recipe = read(tmp_path)
    reproduce(recipe, options)
    names = {path.name for path in (tmp_path / "out" / "splits").iterdir()}
    assert names == {path.name for path in (before / "out" / "splits").iterdir()}
    assert reproduce(recipe, options).done == 0
    path = tmp_path / "data" / "features" / "toy" / "positives.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1], lines[7] = lines[1].replace("train", "test "), lines[7].replace("test", "train")
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")
    assert reproduce(recipe, options).done > 0
    assert len({path.name for path in (tmp_path / "out" / "splits").iterdir()} - names) == 2


def test_a_quick_look_skips_pairs_that_the_sample_lacks(done: tuple[Reproduction, Path], tmp_path: Path) -> None:
    _, folder = done
    quick = read(folder).quickened()
    assert quick.protocol.split.options == {"unknown": "skip"}
    reproduction = reproduce(quick, RunOptions(tmp_path / "out", folder / "data", sections=("results_table",)))
    assert reproduction.files["markdown"].is_file()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('path = "features/toy/positives.csv" }', 'path = "../positives.csv" }', "protocol.split: .*below the folder"),
        ('pairs = "features', 'pairs = "/etc', "below the folder of data"),
        ('paths = { path = "features/toy/positives.csv" }', "", "names its file under paths"),
        ('paths = { path = "features/toy/positives.csv" }', 'options = { path = "a" }', "names its file under paths"),
        ("{ path =", '{ unit = "a", path =', "has no option 'unit'"),
        ('profiles = "given"', 'profiles = "all"', "protocol.profiles: .*'reviews' or 'given'"),
        ('profiles = "given"\nitem', "item", "those are dropped"),
        ('pairs = "features/toy/positives.csv"', "pairs = 3", "the filter pairs cannot be 3"),
    ],
)
def test_words_that_are_none(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in RECIPE
    with pytest.raises(InputError, match=said):
        read(tmp_path, RECIPE.replace(old, new, 1))


def test_a_file_of_parts_has_to_be_there(tmp_path: Path) -> None:
    write_features(tmp_path / "data" / "features" / "toy")
    recipe = read(tmp_path, RECIPE.replace('{ path = "features/toy/pos', '{ path = "features/other/pos', 1))
    with pytest.raises(InputError, match=r"lacks features/other/positives\.csv"):
        reproduce(recipe, RunOptions(tmp_path / "out", tmp_path / "data"))
    assert not (tmp_path / "out").exists()


def test_a_recipe_that_says_nothing_of_it_is_as_before(toy: Path, tmp_path: Path) -> None:
    """The inputs of jobs, which decide their keys, and the report have nothing new."""
    recipe = read_recipe(str(write_recipe(tmp_path, TINY)))
    reproduction = reproduce(recipe, RunOptions(tmp_path / "out", toy))
    inputs: list[dict[str, Any]] = [fit["inputs"] for fit in fits_of(tmp_path / "out")]
    usual = {"data", "positive_if", "split", "model", "settings", "metrics", "candidates"}
    assert {frozenset(one) for one in inputs} == {frozenset(usual)}
    assert all("seed" not in one["settings"] for one in inputs)
    text = reproduction.files["markdown"].read_text(encoding="utf-8")
    assert "leaking" not in text
    assert "validation part together" not in text
    assert "over 2 shared splits" in text
