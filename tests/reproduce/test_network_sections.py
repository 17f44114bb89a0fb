"""The sections that a model of attribute networks needs: their values are those of the results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch
from pydantic import ValidationError
from scipy import stats

from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.splitting import Split
from graphrec.errors import ModelError, UsageError
from graphrec.evaluation import evaluate
from graphrec.evaluation.explanations.attribute_networks import attention_of_users
from graphrec.models.registry import MODELS
from graphrec.report import Cloud, Figure
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.attention_groups import AttentionGroups
from graphrec.reproduce.sections.embedding_map import EmbeddingMap
from graphrec.reproduce.sections.network_masking import MaskedNetworks
from tests.reproduce.tiny_networks import NETWORKS, write_films
from tests.toy_networks import ENTRY, NAME, ToyNetworks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.reproduce.reproducing import Reproduction


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    """The toy model among the registered ones, for this file alone."""
    MODELS[NAME] = ENTRY
    yield
    del MODELS[NAME]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, _registered: None) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("networks")
    write_films(folder / "films")
    (folder / "tiny.toml").write_text(NETWORKS, encoding="utf-8")
    return reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder)), folder


def table(reproduction: Reproduction, name: str) -> dict[str, list[Any]]:
    """Return the rows of a table by their first cell."""
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    return {row[0]: row[1:] for row in one["rows"]}


def results(folder: Path, kind: str) -> list[dict[str, Any]]:
    paths = sorted((folder / "out" / "cache" / kind).rglob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.parent.suffix != ".model"]


def findings(reproduction: Reproduction, words: str) -> list[Any]:
    return [one for one in reproduction.report.findings if words in one.text]


def test_masking_puts_the_users_of_all_splits_together(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    whole = [one["result"] for one in results(folder, "network_masking")]
    assert [one["networks"] for one in whole] == 2 * [["actor", "director", "genre"]]
    falls = {name: np.concatenate([one["falls"][name] for one in whole]) for name in whole[0]["falls"]}
    rows = table(reproduction, "network_masking")
    assert rows["by attention"][0]["value"] == pytest.approx(falls["attention"].mean())
    assert rows["by attention"][1]["value"] == pytest.approx(falls["attention"].sum() / falls["oracle"].sum())
    assert rows["by oracle"][1]["value"] == 1
    always = [rows[f"always {kind}"][0]["value"] for kind in ("actor", "director", "genre")]
    assert rows["Random"][0]["value"] == pytest.approx(np.mean(always))
    (reached,) = findings(reproduction, "of the oracle's fall")
    assert reached.met is True  # the toy's terms are its weights: an interval of no width at 1
    (times,) = findings(reproduction, "that is attended to most")
    ratio = falls["contribution"].sum() / falls["attention"].sum()
    assert f"{ratio:.2f} (" in times.text


def test_findings_of_masking_follow_from_the_falls() -> None:
    section = MaskedNetworks.model_validate({"title": "Masked", "row": "eRAN", "share": 0.9, "times": 1.5})
    oracle = np.array([2.0, 4.0, 3.0, 5.0, 2.5])
    falls = {"oracle": oracle, "contribution": oracle, "attention": oracle / 2, "random": oracle / 3}
    assert [one.met for one in section.findings(falls)] == [True, True, True]
    falls["contribution"] = oracle / 2
    assert [one.met for one in section.findings(falls)] == [False, False, True]
    falls["random"] = oracle
    assert [one.met for one in section.findings(falls)] == [False, False, False]


def test_drops_are_those_of_fitting_and_evaluating_by_hand(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    recipe = read_recipe(str(folder / "tiny.toml"))
    data = dataset_of(recipe, folder / "films", folder / "out").dataset
    parts = []
    for path in sorted((folder / "out" / "splits").glob("random-*.parquet")):
        split = Split.load(path).apply(data)
        whole, without = (ToyNetworks(attributes=kinds).fit(split.train) for kinds in ("", "director,genre"))
        values = [evaluate(model, split, "ndcg@5") for model in (whole, without)]
        users = values[0].users
        profiles = profiles_of(*whole.align(split.seen), users)
        attention = []
        for row in range(len(users)):
            taken = torch.from_numpy(profiles.items.row(row).astype(np.int64))[None]
            attention.append(float(whole.attention(profiles.rows(np.array([row])), taken)[0, :, 0].mean()))
        parts.append(pd.DataFrame({"user": users, "attention": attention, "whole": values[0].of("ndcg@5"),
                                   "without": values[1].of("ndcg@5")}))  # fmt: skip
    frame = pd.concat(parts).groupby("user").mean()
    frame["drop"] = frame.whole - frame.without
    ordered = frame.sort_values("attention", ascending=False)
    rows = table(reproduction, "attention_groups-ndcg-5")
    assert list(rows) == ["Max", "Random", "Min", "all"]
    for name, part in (("Max", ordered[:12]), ("Min", ordered[-12:]), ("all", frame)):
        assert rows[name][0] == pytest.approx(part.attention.mean())
        for place, column in enumerate(("whole", "without", "drop"), start=1):
            assert rows[name][place]["value"] == pytest.approx(part[column].mean())
    half = stats.t.ppf(0.975, 11) * ordered[:12]["drop"].sem()
    assert rows["Max"][3]["high"] - rows["Max"][3]["value"] == pytest.approx(half)
    rho = frame.attention.corr(frame["drop"], method="spearman")
    (finding,) = findings(reproduction, "ndcg@5: the more a user attends to it the more is lost")
    assert f"all {len(frame)} users {rho:+.3f}".replace("-", "−") in finding.text
    assert len(findings(reproduction, "precision@5: levels without it")) == 1
    fitted = [one["inputs"]["settings"] for one in results(folder, "fit") if one["inputs"]["model"] == NAME]
    assert sorted(map(str, fitted)) == sorted([*2 * ["{}"], *2 * ["{'attributes': 'director,genre'}"]])


def test_findings_of_groups_follow_from_the_values() -> None:
    section = AttentionGroups.model_validate(
        {"title": "Groups", "row": "eRAN", "network": "actor", "without": {"attributes": "genre"}, "size": 2}
    )
    attention = np.linspace(1, 0, 9)
    groups = {"Max": np.array([0, 1]), "Random": np.array([3, 4]), "Min": np.array([7, 8])}
    values = {"attention": attention, "whole": np.full(9, 0.5), "without": 0.5 - attention / 4}
    most, rho, levels = section.findings("ndcg@5", groups, values)
    assert (most.met, rho.met, levels.met) == (True, True, None)
    assert "levels without it Min 0.4844 > Random 0.3594 > Max 0.2656; with all networks" in levels.text
    values["without"] = 0.5 + attention / 4
    assert [one.met for one in section.findings("ndcg@5", groups, values)][:2] == [False, False]


def test_a_fit_that_still_has_the_network_and_a_network_that_is_not_there_are_refused(tmp_path: Path) -> None:
    write_films(tmp_path / "films")
    for old, new, said in (
        ('"director,genre"', '"actor,genre"', "'actor' has it still"),
        ('network = "actor"', 'network = "colour"', "no network of 'colour'.*Its networks: actor, director, genre"),
    ):
        assert old in NETWORKS
        (tmp_path / "tiny.toml").write_text(NETWORKS.replace(old, new), encoding="utf-8")
        with pytest.raises(ModelError, match=said):
            reproduce(
                read_recipe(str(tmp_path / "tiny.toml")),
                RunOptions(tmp_path / "out", tmp_path, sections=("attention_groups",)),
            )


@pytest.mark.parametrize(("changes", "said"), [({"metrics": ["fame"]}, "'fame'"), ({"candidates": "few"}, "few")])
def test_a_metric_and_candidates_that_are_none_are_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        AttentionGroups.model_validate(
            {"title": "", "row": "a", "network": "b", "without": {"attributes": ""}, **changes}
        )


def clouds(reproduction: Reproduction) -> dict[str, Cloud]:
    figures = [block for block in reproduction.report.blocks if isinstance(block, Figure)]
    return {figure.name: figure.chart for figure in figures if isinstance(figure.chart, Cloud)}


def test_users_are_coloured_by_the_network_that_they_attend_to_most(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    model, profiles = fitted(folder)
    drawn = np.sort(np.random.default_rng(0).permutation(48)[:30])
    attention = attention_of_users(model, profiles)[drawn]
    cloud = clouds(reproduction)["embedding_map-1"]
    assert [name for name, _, _ in cloud.groups] == ["actor", "director", "genre"]
    assert [len(x) for _, x, _ in cloud.groups] == np.bincount(attention.argmax(axis=1), minlength=3).tolist()
    without = clouds(reproduction)["embedding_map-2"]
    assert [name for name, _, _ in without.groups] == ["director", "genre"]
    vectors = model.user_vectors(profiles.rows(drawn)).double().numpy()
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    apart = np.linalg.norm(directions[:, None] - directions, axis=2) + np.diag(np.full(30, np.inf))
    colour = attention.argmax(axis=1)
    chance = ((np.bincount(colour) / 30) ** 2).sum()
    (finding,) = findings(reproduction, "networks, all: a user and the one nearest to it are of one network")
    assert f"{(colour[apart.argmin(axis=1)] == colour).mean() / chance:.2f} times" in finding.text


def test_groups_of_users_are_the_most_and_the_least_attentive(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    assert [(name, len(x)) for name, x, _ in clouds(reproduction)["map-of-groups-1"].groups] == [
        ("Max", 12),
        ("Min", 12),
    ]
    model, profiles = fitted(folder)
    of_actor = np.sort(attention_of_users(model, profiles)[:, 0])
    assert of_actor[-12] > of_actor[11]
    assert findings(reproduction, "are of one group")


def fitted(folder: Path) -> tuple[ToyNetworks, Any]:
    """Return the toy model on the first split, and the profiles of all users."""
    data = dataset_of(read_recipe(str(folder / "tiny.toml")), folder / "films", folder / "out").dataset
    first = results(folder, "user_map")[0]["inputs"]["split"]
    splits = [Split.load(path) for path in (folder / "out" / "splits").glob("random-*.parquet")]
    split = next(one for one in splits if one.fingerprint == first).apply(data)
    model = ToyNetworks().fit(split.train)
    return model, profiles_of(*model.align(split.seen), np.arange(48))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "needs the name of an array"),
        ({"of": "users", "colour": "group"}, "needs the name of a network"),
        ({"of": "friends"}, "'items' or 'users'"),
    ],
)
def test_a_map_says_what_it_lacks(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        EmbeddingMap.model_validate({"title": "Map", "row": "eRAN", **changes})


def test_a_model_without_vectors_of_users_is_named(tmp_path: Path) -> None:
    write_films(tmp_path / "films")
    text = NETWORKS.replace('row = "networks"\nof = "users"\nusers', 'row = "EASE"\nof = "users"\nusers')
    text = text.replace(', { name = "without actors", settings = { attributes = "director,genre" } }', "")
    (tmp_path / "tiny.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="ease has no vectors of users"):
        reproduce(
            read_recipe(str(tmp_path / "tiny.toml")),
            RunOptions(tmp_path / "out", tmp_path, sections=("embedding_map",)),
        )
