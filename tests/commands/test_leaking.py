"""Profiles over all reviews, through the commands: whatever is made of them says that it leaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphrec.loading import registry
from graphrec.models.saving import load_model
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

GIVEN = ("--profiles", "given")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The URI of a store with twelve users of five products each, and profiles over all their reviews."""
    folder = tmp_path / "features"
    folder.mkdir()
    rows = [f"u{u},i{(u + n) % 12},{'test' if n == 4 else 'train'}" for u in range(12) for n in range(5)]
    (folder / "positives.csv").write_text("\n".join(["user,item,split", *rows]) + "\n", encoding="utf-8")
    said = [f"u{u},{feature},0.5,{1 + u % 3}" for u in range(12) for feature in ("sound", "neck")]
    (folder / "user_feature.csv").write_text(
        "\n".join(["user,feature,mean_sentiment,mentions", *said]) + "\n", encoding="utf-8"
    )
    loaded = registry.read("amazon", folder)
    uri = str(tmp_path / "store")
    with open_store(uri) as opened:
        opened.load(loaded.tables, loaded.info)
    return uri


@pytest.fixture
def trained(graphrec: Command, store: str, tmp_path: Path) -> dict[str, Any]:
    """What train says of a model that was fitted on given profiles."""
    path = tmp_path / "features" / "positives.csv"
    graphrec.good("split", "file", path, "--out", "s.parquet", "--store", store)
    named = ("--split", "s.parquet", "--store", store, "--out", "fit", "--json")
    told: dict[str, Any] = graphrec.good("train", "ease", *GIVEN, "--item-profiles", "takers", *named).json
    return told


def test_train_and_evaluate_say_so(graphrec: Command, store: str, trained: dict[str, Any], tmp_path: Path) -> None:
    assert trained["metrics"]["leaking"] == 1
    assert trained["warnings"][0].startswith("leaking: ")
    assert trained["visible"] == {"profiles": "given", "item_profiles": "takers"}
    loaded = load_model(tmp_path / "fit")
    assert loaded.record.visible.stated == trained["visible"]
    assert loaded.record.warnings[0].full == trained["warnings"][0]
    asked = ("evaluate", "fit", "--split", "s.parquet", "--store", store, "--metrics", "recall@3")
    assert graphrec.good(*asked, "--json").json["leaking"] is True
    assert "leaking: the model saw profiles of features over all reviews" in graphrec.good(*asked).out


def test_a_run_and_its_answers_carry_it(graphrec: Command, store: str, trained: dict[str, Any]) -> None:
    assert trained["fit"]
    asked = ("recommend", "fit", "--split", "s.parquet", "--store", store)
    written = graphrec.good(*asked, "--json").json
    assert written["notes"].startswith("leaking: ")
    assert "leaking: " in graphrec.good(*asked).out
    with open_store(store, read_only=True) as opened:
        run = opened.run(written["run"])
    assert run.notes.startswith("leaking: ")
    assert run.params["visible"] == {"profiles": "given", "item_profiles": "takers"}
    item = graphrec.good("why", "u0", "--store", store, "--json").json[0]["item"]["id"]
    why = graphrec.good("why", "u0", item, "--store", store, "--json").json
    assert why["warnings"][0].startswith("This model is leaking")
    assert "This model is leaking" in graphrec.good("why", "u0", item, "--store", store).out
    assert "This model is leaking" in graphrec.good("why", "u0", "--store", store).out
    graphrec.good("verify", "--model", "fit", "--split", "s.parquet", "--store", store)


def test_without_given_profiles_nothing_says_so(graphrec: Command, store: str, trained: dict[str, Any]) -> None:
    named = ("--split", "s.parquet", "--store", store, "--out", "honest")
    honest = graphrec.good("train", "ease", *named, "--json").json
    assert "leaking" not in honest["metrics"]
    assert honest["visible"] == {}
    assert honest["fit"] == trained["fit"], "the fit itself is the same: EASE looks at no features"
    asked = ("evaluate", "honest", "--split", "s.parquet", "--store", store, "--metrics", "recall@3")
    assert graphrec.good(*asked, "--json").json["leaking"] is False
    assert "leaking" not in graphrec.good(*asked).out
    assert "leaking" not in graphrec.good("recommend", "honest", "--split", "s.parquet", "--store", store).out


def test_a_choice_of_reviews_needs_a_split(graphrec: Command, store: str) -> None:
    assert "Name a split" in graphrec.bad(2, "train", "ease", "--store", store, *GIVEN)
    assert "reviews cannot be 'all'" in graphrec.bad(2, "train", "ease", "--store", store, "--reviews", "all")
