"""Recipes are read, checked to the last word, and fair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError, UsageError
from graphrec.models.registry import find_model
from graphrec.models.resolved.config import AS_PRINTED
from graphrec.reproduce.recipe_files import known_recipes, read_recipe
from graphrec.reproduce.sections import read_sections
from tests.reproduce.tiny import QUICK, REASONS, TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path


def test_a_row_tries_every_combination_of_its_grid_with_what_is_fixed(tmp_path: Path) -> None:
    text = TINY.replace(
        "grid = { reg = [1.0, 100.0] }", "fixed = { seed = 3 }\ngrid = { reg = [1.0, 2.0], attribute_weight = [0.0] }"
    )
    recipe = read_recipe(str(write_recipe(tmp_path, text)))
    assert recipe.row("EASE").tried == (
        {"seed": 3, "reg": 1.0, "attribute_weight": 0.0},
        {"seed": 3, "reg": 2.0, "attribute_weight": 0.0},
    )
    assert recipe.row("RecoNet").tried[1]["item_attributes"] is True
    assert recipe.row("popularity").tried == ({},)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reg = [1.0, 100.0]", "reg = [1.0]", "row 'EASE' tries 1 settings where the budget is 2"),
        ('unequal = "it has no settings"', "", "row 'popularity' tries 1 settings where the budget is 2"),
        ('name = "RecoNet"', 'name = "EASE"', "two rows have the same name"),
        ("grid = { reg = [1.0, 100.0] }", "grid = { reg = [1.0] }\ntrials = [{}]", "give trials or a grid, not both"),
        ("reg = [1.0, 100.0]", "lambda = [1.0, 100.0]", "the setting 'lambda'"),
        ("reg = [1.0, 100.0]", "reg = [1.0, -1.0]", "the setting 'reg'"),
        ('model = "ease"', 'model = "ice"', "there is no model 'ice'"),
        ("trials = 2", "trials = 2\nbudget = 3", "protocol.budget"),
        ('kind = "settings"', 'kind = "poem"', "there is no kind of section 'poem'"),
        ('best = "RecoNet"', 'best = "Nobody"', "the recipe has no row 'Nobody'"),
        ('best = "RecoNet"', 'beast = "RecoNet"', "results_table: beast"),
        ('name = "table"', 'name = "settings"', "two sections are called 'settings'"),
        ("title =", "title", "the recipe is no TOML"),
        ('metric = "recall@10"', 'metric = "praise@10"', "protocol: there is no metric 'praise'"),
        ("seeds = [0, 1]", "seeds = [0, -1]", "protocol: -1 is no seed"),
        ("seeds = [0, 1]", 'seeds = [0, 1]\nsplit = { kind = "torn" }', "protocol: there is no split 'torn'"),
        ("seeds = [0, 1]", "seeds = [0, 1]\nsplit = { options = { size = 3 } }", "has no option 'size'"),
        ("seeds = [0, 1]", 'seeds = [0, 1]\ncandidates = "a few"', "does not say which candidates"),
        ('best = "RecoNet"', 'metrics = ["map@7"]', "shows map@7, which is not measured"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TINY
    with pytest.raises((InputError, UsageError)) as caught:
        read_recipe(str(write_recipe(tmp_path, TINY.replace(old, new, 1))))
    assert message in str(caught.value)


def test_reasons_of_a_row_that_is_not_there(tmp_path: Path) -> None:
    text = (TINY + REASONS).replace('row = "RecoNet"\nusers', 'row = "CML"\nusers')
    with pytest.raises(InputError, match="reasons are measured of 'CML', which is no row"):
        read_recipe(str(write_recipe(tmp_path, text)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"removal"', '"magic"', "there is no explainer 'magic'"),
        ('explainer = "removal"', 'explainer = "removal", depth = 3', "the setting 'depth'"),
        ('explainer = "removal"', "seed = 3", "names no explainer"),
    ],
)
def test_explainers_are_known_before_anything_is_fitted(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in REASONS
    with pytest.raises(InputError, match=message):
        read_recipe(str(write_recipe(tmp_path, TINY + REASONS.replace(old, new, 1))))


def test_a_quick_look_changes_what_is_there(tmp_path: Path) -> None:
    for old, new in (("settings", "poem"), ("reconet", "cml")):
        text = TINY + REASONS + QUICK.replace(f"{old} =", f"{new} =")
        with pytest.raises(InputError, match=f"quick changes '{new}'"):
            read_recipe(str(write_recipe(tmp_path, text)))


def test_unknown_names_and_files() -> None:
    with pytest.raises(UsageError, match=r"Known recipes: .*reconet"):
        read_recipe("nothing")
    with pytest.raises(InputError, match="cannot be read"):
        read_recipe("nothing.toml")


def test_a_quick_look_is_smaller_in_everything_it_says(tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path, TINY + REASONS + QUICK))).quickened()
    assert recipe.sample == (30, 25)
    assert recipe.protocol.seeds == (0,)
    assert [len(row.tried) for row in recipe.rows] == [1, 1, 1]
    assert recipe.row("RecoNet").tried[0]["epochs"] == 1
    assert recipe.row("RecoNet").tried[0]["embedding_size"] == 16
    assert recipe.reasons[0].users == 5
    assert read_sections(recipe)[1].title == "Settings of a quick look"
    with pytest.raises(ValueError, match="nothing of a quick look"):
        recipe.model_copy(update={"quick": None}).quickened()


@pytest.mark.parametrize("name", known_recipes())
def test_the_recipes_that_come_along_can_be_run_whole_and_quick(name: str) -> None:
    recipe = read_recipe(name)
    assert recipe.name == name
    for one in (recipe, recipe.quickened()):
        assert read_sections(one)
        for row in one.rows:
            assert all(find_model(row.model).Config.read(trial) for trial in row.tried)


def test_reconet_has_the_papers_table_and_figures() -> None:
    recipe = read_recipe("reconet")
    printed = {row.name: row.paper["recall@50"] for row in recipe.rows if row.paper}
    paper = {
        "FM": 0.3130, "FM with attributes": 0.3177, "OCuLaR": 0.3763, "OCuLaR with attributes": 0.3771,
        "item-item": 0.2960, "user-user": 0.2657, "CML": 0.3281, "CML with attributes": 0.3060, "RecoNet": 0.3294,
        "RecoNet with attributes": 0.3508, "RecoNet + Layer": 0.3248, "RecoNet + Layer with attributes": 0.3186,
    }  # fmt: skip
    assert printed == paper
    assert {section["kind"] for section in recipe.sections} >= {
        "results_table", "paired_differences", "cold_start_curves", "removal_curves", "top1_distributions",
        "agreement_by_position", "explanation_cost", "stability", "planted_truth", "stated_tastes",
        "sankey", "settings",
    }  # fmt: skip
    assert len(recipe.protocol.seeds) >= 5


def test_resolving_has_the_papers_tables_and_figures() -> None:
    recipe = read_recipe("resolving")
    printed = {row.name: tuple(row.paper.values()) for row in recipe.rows if row.paper}
    assert printed == {
        "NMF": (0.118, 0.247, 0.428, 0.520, 0.1983),
        "FM": (0.120, 0.250, 0.436, 0.532, 0.2383),
        "CKE": (0.121, 0.243, 0.443, 0.548, 0.2392),
        "RippleNet": (0.080, 0.248, 0.458, 0.569, 0.2321),
        "KGCN": (0.110, 0.242, 0.462, 0.588, 0.2493),
        "VGAE": (0.112, 0.262, 0.473, 0.585, 0.2535),
        "Splitter": (0.093, 0.238, 0.462, 0.550, 0.2331),
        "resolved, as printed": (0.128, 0.281, 0.514, 0.615, 0.2656),
    }
    assert {tuple(row.paper) for row in recipe.rows if row.paper} == {
        ("recall@2", "recall@10", "recall@50", "recall@100", "ndcg@100")
    }
    assert recipe.row("resolved, as printed").tried == ({**AS_PRINTED, "epochs": 100},)
    assert {section["kind"] for section in recipe.sections} >= {
        "results_table", "paired_differences", "departures", "sensitivity", "shift_curves", "explanation_graphs",
        "embedding_map", "settings",
    }  # fmt: skip
    assert len(recipe.protocol.seeds) >= 5
    assert recipe.then == ("resolving-movielens",)
