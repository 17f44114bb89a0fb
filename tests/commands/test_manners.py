"""What other libraries offer too: whitelists, what was taken, unknown users, item to item, help for settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from graphrec.loading.shipped import SHIPPED
from graphrec.models.registry import MODELS, find_model
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

RATINGS = "user,item,rating\nada,a,5\nada,b,4\nben,a,4\nben,c,5\ncleo,b,5\ncleo,c,4\ndan,a,5\n"
MAPPING = """[dataset]
id = "shop"
verb = "bought"
[interactions]
file = "r.csv"
user = "user"
item = "item"
rating = "rating"
"""


@pytest.fixture
def shop(graphrec: Command, empty: str, tmp_path: Path) -> str:
    """A store with four users, and EASE fitted on it in graphrec-fit."""
    (tmp_path / "r.csv").write_text(RATINGS, encoding="utf-8")
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    graphrec.good("load", "table", tmp_path, "--option", f"mapping={tmp_path / 'm.toml'}", "--store", empty)
    graphrec.good("train", "ease", "--set", "reg=1", "--store", empty)
    return empty


def recommended(folder: Path) -> dict[str, list[str]]:
    """Return the items of each user in a folder of Parquet files."""
    rows = pq.read_table(folder / "recommendations.parquet").to_pandas().sort_values("rank")
    return {user: group["item"].tolist() for user, group in rows.groupby("user", observed=True)}


def test_what_was_taken_may_come_again(graphrec: Command, shop: str, tmp_path: Path) -> None:
    written = graphrec.good("recommend", "graphrec-fit", "--keep-taken", "--store", shop, "--json").json
    assert written["audit"]["sound"]
    assert written["current"]
    with open_store(shop, read_only=True) as store:
        query = "MATCH (u:User {id: 'ada'})-[:RECEIVED]->(r)-[:SUGGESTS]->(i:Item) RETURN i.id AS item ORDER BY item"
        assert store.query(query)["item"].tolist() == ["a", "b", "c"]
    graphrec.good("recommend", "graphrec-fit", "--out", tmp_path / "run", "--store", shop)
    assert sorted(recommended(tmp_path / "run")["ada"]) == ["c"]


def test_unknown_users(graphrec: Command, shop: str, tmp_path: Path) -> None:
    (tmp_path / "users.txt").write_text("ada\nzoe\n", encoding="utf-8")
    line = ("recommend", "graphrec-fit", "--users", tmp_path / "users.txt", "--store", shop)
    assert "no User with id 'zoe'" in graphrec.bad(3, *line)
    assert "no policy 'perhaps'" in graphrec.bad(2, *line, "--unknown-users", "perhaps")
    graphrec.good(*line, "--unknown-users", "warn", "--out", tmp_path / "warned")
    assert recommended(tmp_path / "warned") == {"ada": ["c"]}
    graphrec.good(*line, "--unknown-users", "popularity", "--out", tmp_path / "popular")
    assert recommended(tmp_path / "popular") == {"ada": ["c"], "zoe": ["a", "b", "c"]}  # taken by 3, 2 and 2
    assert "1 user in this run" in graphrec.bad(2, *line, "--unknown-users", "popularity")


def test_item_to_item(graphrec: Command, shop: str, tmp_path: Path) -> None:
    rows = graphrec.good("similar", "graphrec-fit", "a", "b", "--k", "1", "--store", shop, "--json").json
    assert [(row["item"], row["similar"], row["rank"]) for row in rows] == [("a", "b", 1), ("b", "c", 1)]
    (tmp_path / "some.txt").write_text("c\n", encoding="utf-8")
    text = graphrec.good("similar", "graphrec-fit", "a", "--items", tmp_path / "some.txt", "--store", shop).out
    assert text.splitlines()[1].split()[:4] == ["a", "1", "c", "c"]
    assert "no Item with id 'z'" in graphrec.bad(3, "similar", "graphrec-fit", "z", "--store", shop)


@pytest.mark.parametrize("name", ["ease", "reconet", "item-item"])
def test_help_lists_every_setting_with_its_default_and_meaning(graphrec: Command, name: str) -> None:
    text = " ".join(graphrec.good("train", name, "--help").out.split())
    assert f"Settings of {name} (--set NAME=VALUE)" in text
    for setting, field in find_model(name).Config.model_fields.items():
        default = "" if field.default is None else field.default  # left out, something else decides
        assert f"{setting}={default} {' '.join(field.description.split())}" in text


def test_every_setting_has_a_meaning() -> None:
    for name in MODELS:
        for setting, field in find_model(name).Config.model_fields.items():
            assert field.description, (name, setting)


def test_an_unknown_setting_is_answered_with_the_nearest_names(graphrec: Command) -> None:
    message = graphrec.bad(2, "train", "reconet", "--set", "embeding_size=3")
    assert "the setting 'embeding_size': there is no such setting. Did you mean embedding_size?" in message
    assert "Settings of this model: seed, epochs" in message
    help_text = graphrec.good("recommend", "--explainer", "shapley", "--help").out
    assert "Settings of shapley" in help_text
    assert "permutations=100" in help_text
    assert "Settings of" not in graphrec.good("recommend", "--help").out


def test_the_help_of_load_lists_every_loader_and_the_options_of_one(graphrec: Command) -> None:
    lines = [line.split(maxsplit=1) for line in graphrec.good("load", "--help").out.splitlines()]
    for name, entry in SHIPPED.items():
        assert [name, entry.summary] in lines
    for name in ("movielens", "graphrec.loaders.movielens:load"):
        help_text = graphrec.good("load", name, "--help").out
        assert f"Options of {name}" in help_text
        assert "min_tag_uses=5" in help_text
        assert "Loaders:" not in help_text
