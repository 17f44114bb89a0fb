"""The sections that a model of attribute networks needs: their values are those of the results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.models.registry import MODELS
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.network_masking import MaskedNetworks
from tests.reproduce.tiny_networks import NETWORKS, write_films
from tests.toy_networks import ENTRY, NAME

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
