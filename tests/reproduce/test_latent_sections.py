"""The sections on latent spaces, clusters and groups: their values are those of measuring by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError

from graphrec.dataset.splitting import Split
from graphrec.evaluation.clusters.quality import cluster_quality
from graphrec.evaluation.latents.altered_dimensions import AlteringSettings, altered_dimensions
from graphrec.evaluation.latents.disentanglement import disentanglement
from graphrec.evaluation.latents.independence import independence
from graphrec.models.nmf import NMF
from graphrec.models.registry import MODELS
from graphrec.report import Figure, Points
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.altered_dimensions import DimensionsAltered
from graphrec.reproduce.sections.cluster_quality import QualityOfClusters
from graphrec.reproduce.sections.cluster_stability import StabilityOfClusters
from graphrec.reproduce.sections.latent_spaces import LatentSpaces
from tests.evaluation.clusters.clustered import fitted
from tests.reproduce.tiny import write_toy
from tests.reproduce.tiny_latents import ENTRY, LATENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.dataset.splitting import SplitData
    from graphrec.reproduce.reproducing import Reproduction


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    """The model of clusters among the registered ones, for this file alone."""
    MODELS["clustered"] = ENTRY
    yield
    del MODELS["clustered"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, _registered: None) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("latents")
    write_toy(folder / "toy")
    (folder / "tiny.toml").write_text(LATENTS, encoding="utf-8")
    return reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder)), folder


@pytest.fixture(scope="module")
def split(done: tuple[Reproduction, Path]) -> SplitData:
    folder = done[1]
    recipe = read_recipe(str(folder / "tiny.toml"))
    data = dataset_of(recipe, folder / "toy", folder / "out").dataset
    (path,) = (folder / "out" / "splits").glob("*.parquet")
    return Split.load(path).apply(data)


def table(reproduction: Reproduction, name: str) -> dict[Any, list[Any]]:
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    return {row[0]: row[1:] for row in one["rows"]}


def findings(reproduction: Reproduction, words: str) -> list[Any]:
    return [one for one in reproduction.report.findings if words in one.text]


def nmf(split: SplitData) -> NMF:
    return NMF(embedding_size=4).fit(split.train)


def test_independence_is_what_measuring_by_hand_finds(done: tuple[Reproduction, Path], split: SplitData) -> None:
    rows = table(done[0], "latent_spaces-independence")
    assert list(rows) == ["NMF", "VGAE", "VGAE, untrained", "MF", "MF, untrained"]
    found = independence(nmf(split), split.seen)
    assert rows["NMF"][0] == pytest.approx(found.own.cosine)
    assert rows["NMF"][1] == 0.9056
    assert rows["NMF"][2] == pytest.approx(found.own.pearson)
    assert rows["NMF"][3]["mean"] == pytest.approx(np.mean([one.cosine for one in found.rotated]))
    assert rows["VGAE"][1] is None
    assert all(row[4] == pytest.approx(1, abs=1e-4) for row in rows.values())
    assert rows["VGAE"][0] != rows["VGAE, untrained"][0]
    (finding,) = findings(done[0], "NMF: independence of its own dimensions")
    turned = [one.cosine for one in found.rotated]
    assert finding.met is (
        True if found.own.cosine > max(turned) else False if found.own.cosine < min(turned) else None
    )


def test_votes_are_what_measuring_by_hand_finds(done: tuple[Reproduction, Path], split: SplitData) -> None:
    rows = table(done[0], "latent_spaces-disentanglement")
    assert list(rows) == ["NMF", "VGAE", "VGAE, untrained"]
    model = nmf(split)
    for place, coordinates in ((0, "own"), (2, "rotated"), (3, "principal")):
        votes = [
            disentanglement(model, split.seen, coordinates=coordinates, votes=3, vectors=8, seed=seed)  # type: ignore[arg-type]
            for seed in (3, 4, 5)
        ]
        assert rows["NMF"][place]["mean"] == pytest.approx(np.mean([one.accuracy for one in votes]))
    assert rows["NMF"][5] == pytest.approx(1 / 4)
    assert len(findings(done[0], "NMF: disentanglement by majority vote")) == 2
    assert len(findings(done[0], "VGAE: disentanglement by majority vote")) == 3


def test_findings_of_votes_follow_from_the_draws() -> None:
    section = LatentSpaces.model_validate({"title": "Latents", "rows": ["a"]})

    def votes(*accuracies: float) -> list[dict[str, float]]:
        return [{"accuracy": one, "chance": 0.1, "permuted": 0.1, "dimensions": 10} for one in accuracies]

    by_coordinates = {"own": votes(0.5, 0.52, 0.51), "rotated": votes(0.6, 0.61, 0.64), "principal": votes(1, 1, 1)}
    found = section.vote_findings("a", by_coordinates, {"own": votes(0.45, 0.6, 0.5)})
    assert [one.met for one in found] == [True, False, None]
    assert "is below the same space after random rotations, 0.6167" in found[1].text
    result = {"own": {"cosine": 0.9, "pearson": 0.8}, "rotated": [{"cosine": 0.5}, {"cosine": 0.95}]}
    between = section.independence_finding("a", {**result, "principal": {"cosine": 1.0}})
    assert between.met is None


def test_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValidationError, match="'b' is none of the rows"):
        LatentSpaces.model_validate({"title": "Latents", "rows": ["a"], "without_vote": ["b"]})


def test_quality_is_what_measuring_by_hand_finds(done: tuple[Reproduction, Path], split: SplitData) -> None:
    """Movies of even number are dramas, and people of one half take those of one half, mostly."""
    reproduction, _ = done
    found = cluster_quality(fitted(split.train), split.seen)
    users, items = found.users, found.items
    assert users is not None
    assert items is not None
    (explained,) = table(reproduction, "cluster_quality-users").values()
    assert explained[0] == 2
    assert explained[1:] == pytest.approx(
        [
            users.explained,
            users.by_k_means_of_latents,
            users.by_activity,
            users.by_chance,
            users.by_k_means,
            users.users,
        ]
    )
    shares = table(reproduction, "cluster_quality-1-shares")
    assert list(shares) == ["likes even", "likes odd", "nobody", "everybody"]
    assert sum(row[0] for name, row in shares.items() if name != "everybody") == users.users
    assert sum(shares["likes even"][1:]) == pytest.approx(1)
    assert shares["nobody"][1:] == [None, None]
    (explaining,) = findings(reproduction, "is explained by")
    assert explaining.met is (
        users.explained > max(users.by_k_means_of_latents or 0, users.by_activity, users.by_chance)
    )
    (pure,) = findings(reproduction, "a purity of 0.95 was to be reached")
    assert pure.met is (items.own.purity >= 0.95)
    largest = min(max(row) for row in users.shares[:2])
    (printed,) = findings(reproduction, "the paper's are above 0.7")
    assert printed.met is (largest > 0.7)
    (sizes,) = [
        block.chart
        for block in reproduction.report.blocks
        if isinstance(block, Figure) and block.name == "cluster_quality-1-sizes" and isinstance(block.chart, Points)
    ]
    assert sizes.values == tuple(map(float, items.sizes))


def test_clusters_that_follow_from_the_data_are_stable(done: tuple[Reproduction, Path]) -> None:
    blocks = json.loads(done[0].files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == "cluster_stability"]
    assert [row[1] for row in one["rows"]] == ["clusters of users", "groups of items"]
    for row in one["rows"]:
        assert row[2] == {"mean": pytest.approx(1), "sd": pytest.approx(0, abs=1e-9), "n": 3}
        assert abs(row[5]["mean"]) < 0.2
    assert [finding.met for finding in findings(done[0], "over 3 seeds the")] == [True, True]


def test_findings_of_clusters_follow_from_the_numbers() -> None:
    stability = StabilityOfClusters.model_validate({"title": "Stability", "rows": ["a"], "bar": 0.5})
    assert stability.finding("a", "clusters of users", {"between": [0.4, 0.5], "permuted": [0.0]}).met is False
    quality = QualityOfClusters.model_validate({"title": "Quality", "rows": ["a"]})
    users = {"sizes": [3, 0], "explained": 0.2, "by_k_means_of_latents": 0.3, "by_activity": 0.1, "by_chance": 0.0,
             "by_k_means": 0.6}  # fmt: skip
    finding = quality.explained_finding("a", users)
    assert finding.met is False
    assert "0.200 is explained by 1 user cluster, not above" in finding.text
    assert quality.explained_finding("a", {**users, "by_k_means_of_latents": None}).met is True


@pytest.mark.parametrize(("of", "name"), [("items", "altered_dimensions"), ("users", "users-altered")])
def test_altered_dimensions_are_those_of_measuring_by_hand(
    done: tuple[Reproduction, Path], split: SplitData, of: Any, name: str
) -> None:
    reproduction, _ = done
    model = nmf(split)
    found = altered_dimensions(model, split.seen, of=of, settings=AlteringSettings(starts=10, nearest=5))
    rows = table(reproduction, name)
    for directions, changes in (("own dimensions", found.own), ("random directions", found.random)):
        assert rows[directions][:2] == [len(found.dimensions), changes.named.sum()]
        assert rows[directions][3] == pytest.approx(np.median(changes.greatest))
    assert len(findings(reproduction, f"dimensions of its {of} have a nameable meaning")) == 1
    greatest = int(found.dimensions[found.own.greatest.argmax()]) + 1
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (example,) = [block for block in blocks if block.get("table") == f"{name}-dimension-{greatest}"]
    assert len(example["columns"]) == (3 if of == "items" else 5)
    names = {cell for row in example["rows"] for cell in row}
    assert names <= set(split.seen.items.columns["name"].to_pylist())


def test_findings_of_dimensions_follow_from_the_test() -> None:
    section = DimensionsAltered.model_validate({"title": "Altered", "row": "a"})
    part = {"named": 2, "greatest": [0.2, 0.4, 0.1]}
    outcomes = [
        section.finding({"own": part, "random": part, "p_above": above, "p_below": below})
        for above, below in ((0.01, 0.99), (0.99, 0.001), (0.4, 0.6))
    ]
    assert [one.met for one in outcomes] == [True, False, None]
    assert "not distinguishable from that by a random direction, 0.200 (Mann–Whitney, p 0.800)" in outcomes[2].text


def test_a_quick_look_has_the_same_sections(done: tuple[Reproduction, Path]) -> None:
    _, folder = done
    recipe = read_recipe(str(folder / "tiny.toml")).quickened()
    report = reproduce(
        recipe, RunOptions(folder / "quick", folder, sections=("latent_spaces", "cluster_stability"))
    ).report
    assert [one for one in report.findings if "independence" in one.text]
