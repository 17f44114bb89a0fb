"""Entities, items and attributes that are called by bare URIs: read well in stores, data sets and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from graphrec.answers import fetch_list
from graphrec.loading import registry
from graphrec.schema.elements import EdgeKind
from graphrec.store.opening import open_store
from graphrec.tables.graph_tables import GraphTables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.store import Store

AT = "http://dbpedia.org/resource/"
MAPPING = """
[dataset]
id = "films"
[interactions]
file = "r.csv"
user = "user"
item = "item"
[items]
file = "i.csv"
id = "item"
attributes.genre = ""
[triples]
file = "t.csv"
head = "head"
relation = "relation"
tail = "tail"
"""
BARE = {f"{AT}Steven_Spielberg", f"{AT}AC/DC", "http://www.wikidata.org/entity/Q42", f"{AT}Universal_Pictures"}
NAMES = {"Steven Spielberg", "AC/DC", "Q42", "Universal Pictures"}


@pytest.fixture(params=["ladybug", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    uri = str(tmp_path / "store") if request.param == "ladybug" else request.getfixturevalue("clean_neo4j_store")
    with open_store(uri) as opened:
        yield opened


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Six users, six films called by addresses, a director and a studio for each film."""
    films = [f"{AT}Film_{letter}" for letter in "ABCDEF"]
    takes = [f"u{user},{films[(user + step) % 6]}" for user in range(6) for step in range(3)]
    directors = [f"{AT}Steven_Spielberg", f"{AT}AC/DC", "http://www.wikidata.org/entity/Q42"]
    rows = {
        "r.csv": ["user,item", *takes],
        "i.csv": ["item,genre", *(f"{film},{AT}War_film" for film in films)],
        "t.csv": [
            "head,relation,tail",
            *(f"{film},director,{directors[n % 3]}" for n, film in enumerate(films)),
            *(f"{film},studio,{AT}Universal_Pictures" for film in films),
        ],
    }
    for name, lines in rows.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path / "m.toml"


def recommended(store: Store) -> str:
    data = gr.Dataset.from_store(store)
    assert set(data.entities.columns["name"].to_pylist()) == NAMES
    model = gr.models.Resolved(epochs=1, embedding_size=4, item_factors=1, entity_factors=1).fit(data)
    gr.recommend(model, data, k=2, reasons=20, against=20).write(store)
    return str(fetch_list(store, "u0"))


def test_loaders_name_by_the_last_part_and_keep_the_id(store: Store, films: Path) -> None:
    loaded = registry.read("table", films)
    store.load(loaded.tables, loaded.info)
    rows = store.query("MATCH (e:Entity) RETURN e.id AS id, e.name AS name")
    assert set(rows["id"]) == BARE
    assert set(rows["name"]) == NAMES
    named = store.query("MATCH (x:Attribute) RETURN x.id AS id, x.name AS name, x.value AS value")
    assert named.to_dict("records") == [
        {"id": f"item.genre={AT}War_film", "name": "War film", "value": f"{AT}War_film"}
    ]
    said = recommended(store)
    assert "Universal Pictures, as in “Film" in said
    assert "http" not in said


def test_stores_that_were_loaded_before_are_read_so(store: Store, films: Path) -> None:
    loaded = registry.read("table", films)
    nodes = {
        label: table.set_column(table.column_names.index("name"), "name", table["id"])
        for label, table in loaded.tables.nodes.items()
    }
    store.load(GraphTables(nodes, loaded.tables.edges), loaded.info)
    assert EdgeKind("HAS_ENTITY", "Item", "Entity") in loaded.tables.edges
    assert set(store.query("MATCH (e:Entity) RETURN e.name AS name")["name"]) == BARE
    assert "http" not in recommended(store)
