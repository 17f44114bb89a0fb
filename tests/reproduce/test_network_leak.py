"""The leak is measured in its section alone: nothing else makes networks of what training may not see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.splitting import Split
from graphrec.errors import InputError, ModelError
from graphrec.evaluation import evaluate
from graphrec.models.eran import task
from graphrec.models.eran.model import ERAN
from graphrec.models.eran.task import ERANTask
from graphrec.models.recommender import FitContext
from graphrec.report import Interval
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.jobs.network_leak import LeakingTask
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.network_leak import NetworkLeak
from graphrec.sampling.attribute_networks import attribute_networks
from tests.reproduce.tiny_networks import NETWORKS, write_films

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import SplitData
    from graphrec.reproduce.reproducing import Reproduction

SETTINGS: dict[str, Any] = {"attributes": "director,actor", "embedding_size": 8, "epochs": 5}
RECIPE = (
    NETWORKS[: NETWORKS.index("[[rows]]")]
    + """
[[rows]]
name = "eRAN"
model = "eran"
fixed = { attributes = "director,actor", embedding_size = 8, epochs = 5 }

[[rows]]
name = "EASE"
model = "ease"
fixed = { reg = 5.0 }

[[sections]]
kind = "network_leak"
title = "A leak"
row = "eRAN"
"""
)


def run(folder: Path, text: str = RECIPE) -> Reproduction:
    (folder / "tiny.toml").write_text(text, encoding="utf-8")
    return reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("leak")
    write_films(folder / "films")
    return run(folder), folder


@pytest.fixture(scope="module")
def everything(done: tuple[Reproduction, Path]) -> Dataset:
    folder = done[1]
    return dataset_of(read_recipe(str(folder / "tiny.toml")), folder / "films", folder / "out").dataset


@pytest.fixture(scope="module")
def cuts(done: tuple[Reproduction, Path], everything: Dataset) -> list[SplitData]:
    files = sorted((done[1] / "out" / "splits").glob("random-*.parquet"))
    return [Split.load(file).apply(everything) for file in files]


def rows(reproduction: Reproduction, name: str) -> list[list[Any]]:
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    table: list[list[Any]] = one["rows"]
    return table


def test_both_rows_are_what_fitting_by_hand_finds(
    done: tuple[Reproduction, Path],
    everything: Dataset,
    cuts: Sequence[SplitData],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reproduction, _ = done
    values: dict[str, list[float]] = {}
    for cut in cuts:
        honest = ERAN(**SETTINGS).fit(cut.train, validation=cut.validation)
        with monkeypatch.context() as patched:
            patched.setattr(task, "attribute_networks", lambda _, *rest, **named: attribute_networks(
                everything, *rest, **named))  # fmt: skip
            leaking = ERAN(**SETTINGS).fit(cut.train, validation=cut.validation)
        for part in ("validation", "test"):
            for name, model in (("honest", honest), ("leak", leaking)):
                mean = evaluate(model, cut, ["ndcg@5"], part=part).means["ndcg@5"]
                values.setdefault(f"{part} {name}", []).append(mean)
    expected = [np.mean(values[name]) for name in ("validation honest", "validation leak", "test honest", "test leak")]
    table = rows(reproduction, "network_leak")
    names = ("the training part alone", "all interactions: a leak")
    assert [row[:2] for row in table] == [[name, part] for part in ("validation", "test") for name in names]
    assert [row[2]["mean"] for row in table] == pytest.approx(expected)
    gained = np.array(values["test leak"]) - np.array(values["test honest"])
    validation, test = rows(reproduction, "network_leak-differences")
    assert test[1]["value"] == pytest.approx(gained.mean())
    assert validation[1]["value"] == pytest.approx(expected[1] - expected[0])
    assert gained.mean() > 0.05
    (finding,) = [one for one in reproduction.report.findings if "leak" in one.text]
    assert finding.met is None
    assert finding.text.startswith("A leak, no result: with attribute networks made of the test part too, eRAN would")


def test_a_finding_says_how_much_and_claims_nothing() -> None:
    section = NetworkLeak.model_validate({"title": "A leak", "row": "eRAN"})
    (finding,) = section.findings({"ndcg@5": Interval(0.1, 0.05, 0.15)}, "2 splits")
    assert "in ndcg@5 by +0.1000 (+0.0500 to +0.1500) over 2 splits" in finding.text
    assert finding.met is None


def test_the_product_never_does_that(everything: Dataset, cuts: Sequence[SplitData]) -> None:
    """Its networks are those of the training part, counted with dense matrices; those of everything are others."""
    kinds = np.array(everything.attributes.columns["kind"].to_pylist())
    carried = everything.item_attributes.csr().toarray() > 0
    for cut in cuts:
        fitted = ERANTask(cut.train, ERAN(**SETTINGS).config, FitContext(validation=cut.validation))
        taken = np.zeros((len(everything.users), len(everything.items)))
        taken[cut.train.positives.row_of_entry, cut.train.positives.indices] = 1
        held_out = cut.test.csr().toarray() + cut.validation.csr().toarray()
        assert held_out.sum() > 0
        assert not (taken * held_out).any()
        for network in fitted.networks:
            values = carried[:, kinds == network.kind].astype(float)
            counted, leaked = ((of.T @ of) * (values @ values.T) for of in (taken, taken + held_out))
            for matrix in (counted, leaked):
                np.fill_diagonal(matrix, 0)
            found = network.product(np.eye(network.n_items))
            assert found.tolist() == counted.tolist()
            assert (leaked > found).any()


def test_the_leak_is_in_the_rows_of_the_autoencoder_too(everything: Dataset, cuts: Sequence[SplitData]) -> None:
    """Its vectors at the start, made by the same weights of the rows alone, are those of a task of everything."""
    config = ERAN(**SETTINGS, tower="autoencoder", hidden_sizes=(8,)).config
    leaking = LeakingTask(cuts[0].train, config, FitContext(), everything)
    whole, honest = (ERANTask(data, config, FitContext()) for data in (everything, cuts[0].train))
    items = np.flatnonzero(np.bincount(cuts[0].train.positives.indices, minlength=len(everything.items)))
    vectors, of_all, of_training = (of.network.each_tower[0].of(items) for of in (leaking, whole, honest))
    assert vectors.equal(of_all)
    assert not vectors.equal(of_training)


def test_a_fit_is_the_same_whatever_the_held_out_parts_hold(everything: Dataset) -> None:
    """Two splits with the same training part, and held-out items that go to validation in one and to test in other."""
    ways = [Split.of(everything, everything.positives, part, {}) for part in parts_of(everything)]
    models = [ERAN(**SETTINGS).fit(split.apply(everything).train) for split in ways]
    first, second = (model.arrays() for model in models)
    assert set(first) == set(second)
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])


def parts_of(data: Dataset) -> list[Any]:
    """Return two divisions whose training part is the same; the second throws half of what is held out away."""
    held_out = np.random.default_rng(0).random(data.positives.n_entries) < 0.25
    one = np.where(held_out, 2, 0).astype(np.int8)
    other = one.copy()
    other[np.flatnonzero(held_out)[::2]] = -1
    return [one, other]


def test_a_row_without_networks_and_a_metric_that_is_not_measured_are_named(tmp_path: Path) -> None:
    write_films(tmp_path / "films")
    with pytest.raises(ModelError, match="ease makes no attribute networks in its fit"):
        run(tmp_path, RECIPE.replace('row = "eRAN"', 'row = "EASE"'))
    with pytest.raises(InputError, match="recall@7"):
        run(tmp_path, RECIPE + 'metrics = ["recall@7"]\n')
