"""The sections that a model of factors needs: their values are those of the results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.splitting import Split
from graphrec.errors import InputError
from graphrec.evaluation import evaluate
from graphrec.models.resolved.model import Resolved
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections import read_sections
from tests.reproduce.tiny_graph import GRAPH, write_artists

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.reproduce.reproducing import Reproduction


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("factors")
    write_artists(folder / "artists")
    (folder / "tiny.toml").write_text(GRAPH, encoding="utf-8")
    return reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder)), folder


def blocks(reproduction: Reproduction) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    return content


def table(reproduction: Reproduction, name: str) -> dict[str, Any]:
    (one,) = [block for block in blocks(reproduction) if block.get("table") == name]
    return one


def findings(reproduction: Reproduction, words: str) -> list[Any]:
    return [one for one in reproduction.report.findings if words in one.text]


def results(folder: Path, kind: str) -> list[dict[str, Any]]:
    paths = (folder / "out" / "cache" / kind).rglob("*.json")
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.parent.suffix != ".model"]


def test_a_brief_table_has_every_metric_beside_the_papers(done: tuple[Reproduction, Path]) -> None:
    reproduction, _ = done
    brief = table(reproduction, "table")
    assert [column["name"] for column in brief["columns"]] == ["row", "recall@2", "paper", "ndcg@20", "paper"]
    rows = {row[0]: row for row in brief["rows"]}
    assert (rows["EASE"][2], rows["EASE"][4]) == (0.9, 0.001)
    assert (rows["as printed"][2], rows["as printed"][4]) == (None, 0.999)


def test_a_difference_is_to_reach_what_the_recipe_says(done: tuple[Reproduction, Path]) -> None:
    (finding,) = findings(done[0], "+0.9000 was to be reached")
    (row,) = table(done[0], "paired_differences")["rows"]
    assert finding.met is (None if row[1]["high"] > 0.9 else False)


def test_departures_are_the_settings_that_differ(done: tuple[Reproduction, Path]) -> None:
    reproduction, _ = done
    rows = {row[0]: row for row in table(reproduction, "departures")["rows"]}
    assert rows["as printed"][1:4] == [0, "none", "none"]
    assert rows["resolved"][1] == 3
    assert set(rows["resolved"][2].split(", ")) == {"`embedding_size=8`", "`activation=linear`", "`decoder=cosine`"}
    assert set(rows["resolved"][3].split(", ")) == {"`epochs=8`", "`learning_rate=0.02`"}
    (printed,) = findings(reproduction, "what the paper prints for it, 0.9990")
    assert printed.met is False
    (reaching,) = findings(reproduction, "No row here has a mean ndcg@20 as high as the paper's 0.9990")
    assert reaching.met is None


def test_sensitivity_is_what_fitting_by_hand_finds(done: tuple[Reproduction, Path]) -> None:
    """With C × D fixed at 16, three factors have 5 dimensions each; C = 2, D = 8 is the chosen fit itself."""
    reproduction, folder = done
    rows = {row[0]: row for row in table(reproduction, "sensitivity")["rows"]}
    assert [row[2] for row in rows.values()] == [0.1, 0.2, 0.3]
    assert rows[2][1] == rows[2][3]
    recipe = read_recipe(str(folder / "tiny.toml"))
    data = dataset_of(recipe, folder / "artists", folder / "out").dataset
    values = []
    for path in sorted((folder / "out" / "splits").glob("users-*.parquet")):
        split = Split.load(path).apply(data)
        model = Resolved(epochs=8, embedding_size=5, item_factors=3, entity_factors=3, learning_rate=0.02).fit(
            split.train, validation=split.validation, fold_in=split.fold_in
        )
        values.append(evaluate(model, split, ["ndcg@20"], part="test").means["ndcg@20"])
    assert rows[3][3]["mean"] == pytest.approx(np.mean(values))
    settings = [one["inputs"]["settings"] for one in results(folder, "fit")]
    assert len([s for s in settings if s.get("item_factors") == 1 and s["embedding_size"] == 16]) == 2
    assert len(findings(reproduction, "ndcg@20 is best at")) == 2


def test_shift_puts_the_users_of_all_splits_together(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    whole = [one for one in results(folder, "shift") if not one["inputs"]["label"]]
    assert len(whole) == 2
    for name, shown in (("own", "own"), ("SEP", "SEP"), ("removal", "removal"), ("random", "Random")):
        before, after = (np.concatenate([one["result"][name][part] for one in whole]) for part in ("before", "after"))
        expected = 1 - after.sum(axis=0) / before.sum()
        (row,) = [row for row in table(reproduction, "shift")["rows"] if row[0] == shown]
        np.testing.assert_allclose([cell["value"] for cell in row[1:]], expected)
    (finding,) = findings(reproduction, "resolved: shift@n of own is above that of Random")
    rows = {row[0]: row[1:] for row in table(reproduction, "shift")["rows"]}
    apart = [a["low"] > b["high"] for a, b in zip(rows["own"], rows["Random"], strict=True)]
    below = [a["high"] < b["low"] for a, b in zip(rows["own"], rows["Random"], strict=True)]
    assert finding.met is (True if all(apart) else False if any(below) else None)
    (share,) = findings(reproduction, "of the shift of removal")
    least = min(a["value"] / b["value"] for a, b in zip(rows["own"], rows["removal"], strict=True))
    assert f"own reaches {least:.2f} (" in share.text


def test_entities_alone_are_removed_where_that_is_asked(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    (entities,) = [one for one in results(folder, "shift") if one["inputs"]["label"]]
    assert entities["inputs"]["label"] == "Entity"
    assert findings(reproduction, "resolved, Entity evidence: shift@n of own is above that of Random")
    whole = next(one for one in results(folder, "shift") if one["inputs"]["split"] == entities["inputs"]["split"])
    assert entities["result"]["own"]["before"] == whole["result"]["own"]["before"]


def test_graphs_of_several_users(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    recommendations = [one["result"] for one in results(folder, "recommendation")]
    assert len({one["user"] for one in recommendations}) == 2
    drawn = [block for block in blocks(reproduction) if str(block.get("drawing", "")).startswith("explanation_graphs")]
    assert {one["data"]["user"] for one in drawn} == {one["user"] for one in recommendations}
    for name in ("explanation_graphs-1", "explanation_graphs-2"):
        assert "<svg" in (folder / "out" / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        assert len(table(reproduction, name)["rows"]) > 1
    assert any(row[1] != "–" for row in table(reproduction, "explanation_graphs-1")["rows"])  # through a factor


def test_the_map_has_every_item_in_the_colour_of_its_factor(done: tuple[Reproduction, Path]) -> None:
    reproduction, folder = done
    maps = {len(one["result"]["names"]): one["result"] for one in results(folder, "embedding")}
    assert set(maps) == {2, 3}
    clouds = [
        block["chart"] for block in blocks(reproduction) if str(block.get("figure", "")).startswith("embedding_map")
    ]
    assert [len(one["groups"]) for one in clouds] == [2, 3]
    for cloud in clouds:
        result = maps[len(cloud["groups"])]
        for number, (name, x, y) in enumerate(cloud["groups"]):
            assert name == result["names"][number]
            own = [place for place, factor in enumerate(result["factor"]) if factor == number]
            assert (x, y) == ([result["x"][place] for place in own], [result["y"][place] for place in own])
        assert sum(len(x) for _, x, _ in cloud["groups"]) == 30
    assert len(findings(reproduction, "times as often as by chance")) == 2


def test_a_row_like_another_has_its_chosen_settings(done: tuple[Reproduction, Path]) -> None:
    reproduction, _ = done
    tried = {row[0]: row[1].strip("`").split(", ") for row in table(reproduction, "settings")["rows"]}
    assert tried["two of it"] == [*tried["resolved"], "members=2"]


def test_again_is_nothing_to_do(done: tuple[Reproduction, Path]) -> None:
    first, folder = done
    again = reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder))
    assert again.done == 0
    assert again.report.blocks == first.report.blocks


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("paper = [0.1, 0.2, 0.3]", "paper = [0.1]", r"(?i)'D fixed' has 1 values of the paper"),
        ('like = "resolved"', 'like = "EASE"', "which is another model"),
        ('like = "resolved"', 'like = "nobody"', "which is no row with settings of its own"),
        ('name = "tiny-graph"', 'name = "tiny-graph"\nthen = ["poem"]', "'poem' is to be done after it"),
        ('printed = "as printed"', 'printed = "nobody"', "no row 'nobody'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GRAPH
    (tmp_path / "tiny.toml").write_text(GRAPH.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_recipe(str(tmp_path / "tiny.toml"))


def test_a_quick_look_has_no_paper_beside_it(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(GRAPH, encoding="utf-8")
    assert read_sections(read_recipe(str(tmp_path / "tiny.toml")).quickened())
