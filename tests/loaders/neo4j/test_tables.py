"""What of the owner's graph becomes which table, worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.schema.elements import EdgeKind
from tests.loaders.neo4j.shop import KNOWLEDGE, ORDERS, RATINGS, load_by, owner

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    import pytest

    from graphrec.loading.contract import Loaded

INTERACTED = EdgeKind("INTERACTED", "User", "Item")


def rows(table: pa.Table, *columns: str) -> list[tuple[object, ...]]:
    return sorted((tuple(row[name] for name in columns) for row in table.to_pylist()), key=repr)


def edges(loaded: Loaded, kind: tuple[str, str, str], *columns: str) -> list[tuple[object, ...]]:
    return rows(loaded.tables.edges[EdgeKind(*kind)], *columns)


def test_a_path_of_two_relationships(shop: str, tmp_path: Path) -> None:
    loaded = load_by(shop, ORDERS, tmp_path)
    assert (loaded.info.id, loaded.info.name, loaded.info.verb, loaded.info.loader) == (
        "shop", "The shop", "bought", "neo4j",
    )  # fmt: skip
    new_year = 1704067200
    # Ann's lamps of two orders add up, and the later one counts: 12:00 in UTC+11 is 01:00 in UTC.
    assert rows(loaded.tables.edges[INTERACTED], "from", "to", "weight", "timestamp", "microsecond") == [
        ("1", "desk", 1.0, new_year, 0),
        ("1", "lamp", 3.0, new_year + 3600, 500_000),
        ("2", "pen", 5.0, new_year + 2 * 86_400, 0),
    ]
    assert rows(loaded.tables.nodes["User"], "id", "name", "age") == [
        ("1", "Ann", 30), ("2", "Bob", 41), ("3", "Cleo", None),
    ]  # fmt: skip
    assert rows(loaded.tables.nodes["Item"], "id", "name", "price") == [
        ("desk", "A desk", 120.0), ("lamp", "A lamp", 9.5), ("pen", "A pen", None),
    ]  # fmt: skip


def test_attributes_of_properties_lists_and_paths(shop: str, tmp_path: Path) -> None:
    loaded = load_by(shop, ORDERS, tmp_path)
    assert edges(loaded, ("HAS_ATTRIBUTE", "Item", "Attribute"), "from", "to") == [
        ("desk", "item.category=Home"), ("desk", "item.category=Work"), ("desk", "item.colour=red"),
        ("lamp", "item.category=Home"), ("lamp", "item.colour=blue"), ("lamp", "item.colour=red"),
        ("pen", "item.category=Work"),
    ]  # fmt: skip
    # Cleo's country is "?", which the mapping declares as missing.
    assert edges(loaded, ("HAS_ATTRIBUTE", "User", "Attribute"), "from", "to") == [
        ("1", "user.country=NZ"), ("2", "user.country=NZ"),
    ]  # fmt: skip


def test_a_relationship_with_a_rating(shop: str, tmp_path: Path) -> None:
    loaded = load_by(shop, RATINGS, tmp_path)
    assert rows(loaded.tables.edges[INTERACTED], "from", "to", "rating", "weight", "timestamp") == [
        ("1", "pen", 4.5, 1.0, 86_400), ("3", "lamp", 2.0, 1.0, 86_401),
    ]  # fmt: skip
    assert [(file.path, file.read, file.kept) for file in loaded.report.files] == [
        ("(:Product)", 3, 3), ("(:Customer)", 3, 3), ("(:Customer)-[:RATED]->(:Product)", 2, 2),
    ]  # fmt: skip


def test_several_paths_bound_and_properties(shop: str, tmp_path: Path) -> None:
    text = RATINGS.replace("[interactions]", "[[interactions]]\nlowest_rating = 3")
    text += '[[interactions]]\npath = "(:Customer)-[:PLACED]->()-[c:CONTAINS]->(:Product)"\n'
    text += 'properties = { "c.quantity" = "integer" }\n'
    loaded = load_by(shop, text, tmp_path)
    # Ann's lamps of two orders have no time: the larger quantity counts, whatever the server gives first.
    assert rows(loaded.tables.edges[INTERACTED], "from", "to", "rating", "quantity") == [
        ("1", "desk", None, 1), ("1", "lamp", None, 2), ("1", "pen", 4.5, None), ("2", "pen", None, 5),
    ]  # fmt: skip
    assert loaded.info.declared["INTERACTED"][0].name == "quantity"
    (rated,) = (file for file in loaded.report.files if "RATED" in file.path)
    assert (rated.kept, rated.skipped) == (1, {"stars is below 3": 1})


def test_knowledge_and_pairs(shop: str, tmp_path: Path) -> None:
    loaded = load_by(shop, ORDERS + KNOWLEDGE, tmp_path)
    assert edges(loaded, ("HAS_ENTITY", "Item", "Entity"), "from", "relation", "to") == [("lamp", "made by", "brand 1")]
    assert edges(loaded, ("RELATED_TO", "Entity", "Item"), "from", "relation", "to") == [("brand 1", "MAKES", "pen")]
    assert edges(loaded, ("RELATED_TO", "Entity", "Entity"), "from", "relation", "to") == [("brand 1", "BASED_IN", "1")]
    assert edges(loaded, ("RELATED_TO", "Item", "Item"), "from", "relation", "to") == [("desk", "SIMILAR_TO", "pen")]
    assert rows(loaded.tables.nodes["Entity"], "id", "name", "kind") == [
        ("1", "New Zealand", "Country"), ("brand 1", "Oak", "brand"),
    ]  # fmt: skip
    # Written without an arrow, the path is found from both ends; the pair stands once, from the smaller id.
    assert edges(loaded, ("CO_PURCHASED", "Item", "Item"), "from", "to", "count", "source") == [
        ("desk", "lamp", 4, "BOUGHT_WITH")
    ]


def test_a_node_of_two_labels_is_of_the_first_section_that_has_one(shop: str, tmp_path: Path) -> None:
    with owner(shop) as own:
        own.run("MATCH (p:Product {sku: 'desk'}) SET p:Brand, p.number = 'desk'").consume()
        own.run("MATCH (a:Brand {number: 'desk'}), (b:Country) SET b.number = 2 CREATE (a)-[:BASED_IN]->(b)").consume()
    loaded = load_by(shop, ORDERS + KNOWLEDGE.replace('prefix = "brand "', ""), tmp_path)
    assert edges(loaded, ("HAS_ENTITY", "Item", "Entity"), "from", "relation", "to") == [
        ("desk", "BASED_IN", "2"), ("lamp", "made by", "1"),
    ]  # fmt: skip
    assert rows(loaded.tables.nodes["Entity"], "id") == [("1",), ("2",)]


def test_a_prefix_and_counted_pairs(shop: str, tmp_path: Path) -> None:
    loaded = load_by(shop, ORDERS, tmp_path, id_prefix="s:", co_purchases=1)
    assert edges(loaded, ("CO_PURCHASED", "Item", "Item"), "from", "to", "count", "source") == [
        ("s:desk", "s:lamp", 1, "counted")
    ]


def test_paths_are_read_in_pieces(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load_by(shop, ORDERS + KNOWLEDGE, tmp_path)
    monkeypatch.setattr("graphrec.loaders.neo4j.rows.CHUNK_ROWS", 1)
    pieces = load_by(shop, ORDERS + KNOWLEDGE, tmp_path)
    for kind, table in whole.tables.edges.items():
        names = table.column_names
        assert rows(pieces.tables.edges[kind], *names) == rows(table, *names)
    assert str(pieces.report) == str(whole.report)
