"""What a mapping names and the graph does not have, ids that are none, and names that would be a query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError, StoreUnavailableError, UsageError
from graphrec.loading.registry import read
from tests.loaders.neo4j.shop import KNOWLEDGE, ORDERS, RATINGS, load_by, owner
from tests.store.neo4j.foreign_graphs import graph

if TYPE_CHECKING:
    from pathlib import Path

PATH = "(:Customer)-[:RATED]->(:Product)"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"Product"\nid', '"Produkt"\nid', None),
        (":Product", ":Produkt", None),
        ("RATED", "rated", "no relationship is of the type 'rated' .*Did you mean 'RATED'"),
        ("RATED", "Reviewed", "no relationship is of the type 'Reviewed' .*There are: .*IN, .*RATED"),
        (
            PATH,
            "(:Customer)<-[:RATED]-(:Product)",
            r"nothing follows .*There is: \(:Customer\)-\[:RATED\]->\(:Product\)",
        ),
        ('"stars"', '"star"', r"no relationship -\[:RATED\]-> of .* has the property 'star' .*Did you mean 'stars'"),
        ('id = "sku"', 'id = "SKU"', r"no node \(:Product\) has the property 'SKU' .*Did you mean 'sku'"),
        (
            "colours =",
            "colors =",
            r"the property 'colors' .*Did you mean 'colours'. There are: colours, price, sku, title",
        ),
        ('value = "name"', 'value = "nom"', r"node \(:Category\) of .*'nom' .*There are: name"),
        (":Category", ":Categorie", "no node has the label 'Categorie' .*Did you mean 'Category'"),
    ],
)
def test_the_error_says_what_there_is(shop: str, tmp_path: Path, old: str, new: str, message: str | None) -> None:
    if message is None:
        text, message = (
            RATINGS.replace("Product", "Produkt"),
            "no node has the label 'Produkt' .*Did you mean 'Product'",
        )
    else:
        text = RATINGS.replace(old, new)
    with pytest.raises(InputError, match=message) as refused:
        load_by(shop, text, tmp_path)
    assert refused.value.where.startswith(("neo4j://", "bolt://"))


def test_the_step_at_which_a_longer_path_ends(shop: str, tmp_path: Path) -> None:
    text = ORDERS.replace("-[c:CONTAINS]->", "<-[c:CONTAINS]-")
    with pytest.raises(InputError) as refused:
        load_by(shop, text, tmp_path)
    assert "nothing follows (:Order)<-[:CONTAINS]-(:Product), where" in refused.value.what
    assert refused.value.remedy == "There is: (:Order)-[:CONTAINS]->(:Product). Write the path so"


def test_nodes_without_an_id_are_counted_and_found(shop: str, tmp_path: Path) -> None:
    with owner(shop) as own:
        own.run("CREATE (:Product {title: 'No id'}), (:Product {sku: true}), (:Product {sku: 1.5})").consume()
        own.run(
            "MATCH (a:Customer {number: 1}), (b:Product {title: 'No id'}) CREATE (a)-[:RATED {stars: 1}]->(b)"
        ).consume()
    report = load_by(shop, RATINGS, tmp_path).report
    products, _, rated = report.files
    assert (products.read, products.kept) == (6, 3)
    assert products.skipped == {
        "sku is empty": 1, "sku is no whole number, text, date or time, which ids are": 2,
    }  # fmt: skip
    assert rated.skipped == {"item is empty": 1}
    (found,) = (remark for remark in report.remarks if "without a usable sku" in remark)
    query = found.partition("left out: ")[2]
    with owner(shop) as own:
        assert [row["n"]["title"] for row in own.run(query)] == ["No id"]


def test_ids_that_nodes_share(shop: str, tmp_path: Path) -> None:
    with owner(shop) as own:
        own.run("UNWIND range(1, 5) AS k CREATE (:Product {sku: 'p' + k, title: 'Same'})").consume()
        own.run("CREATE (:Product {sku: 'pen', title: 'Another'})").consume()
    report = load_by(shop, RATINGS, tmp_path).report
    (shared,) = (remark for remark in report.remarks if "share their sku" in remark)
    assert shared.startswith(
        "2 of 9 (22 %) nodes (:Product) share their sku with another, such as 'pen', and become one"
    )
    with owner(shop) as own:
        assert [row.data() for row in own.run(shared.partition("one: ")[2])] == [{"id": "pen", "nodes": 2}]
    with pytest.raises(InputError, match=r"share their title with another, such as 'Same'.*Name as id a property"):
        load_by(shop, RATINGS.replace('id = "sku"\nname = "title"', 'id = "title"'), tmp_path)


def test_entities_with_one_id_need_a_prefix(shop: str, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="1 id of entities is that of another node too, such as '1', of a Brand and of a"
    ):
        load_by(shop, ORDERS + KNOWLEDGE.replace('prefix = "brand "', ""), tmp_path)


def test_names_with_marks_are_names(shop: str, tmp_path: Path) -> None:
    with owner(shop) as own:
        own.run(
            "MATCH (c:Customer {number: 2}), (p:Product {sku: 'pen'}) "
            "SET p:`odd``) DETACH DELETE n //`, p.`a``b.c` = 'x', p.price = 1, p.colours = 'red' "
            "CREATE (c)-[:`has``]->() //` {stars: 3, on: 5}]->(p)"
        ).consume()
        before = graph(own)
        text = RATINGS.replace('"Product"', '"odd`) DETACH DELETE n //"').replace('id = "sku"', 'id = "a`b.c"')
        text = text.replace(":RATED", ":`has``]->() //`").replace(":Product", ":`odd``) DETACH DELETE n //`")
        loaded = load_by(shop, text, tmp_path)
        assert graph(own) == before
    assert loaded.tables.nodes["Item"].column("id").to_pylist() == ["x"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (PATH, f"{PATH} DETACH DELETE n0 //", "a relationship is expected at 'DETACH DELETE n0 //'"),
        (PATH, "(:Customer)-[:RATED {stars: 5}]->(:Product)", "a relationship is expected at"),
        (PATH, "(:Customer)-[:RATED*1..3]->(:Product)", "a relationship is expected at"),
        (PATH, "(:Customer)<-[:RATED]->(:Product)", "a relationship is expected at"),
        ('"stars"', r'"a\\u0060"', r"the name .* holds a backslash"),
        ('"sku"', r'"a\\u0060) //"', r"the name .* holds a backslash"),
    ],
)
def test_a_mapping_that_would_be_a_query(shop: str, tmp_path: Path, old: str, new: str, message: str) -> None:
    with owner(shop) as own:
        before = graph(own)
        with pytest.raises(InputError, match=message):
            load_by(shop, RATINGS.replace(old, new), tmp_path)
        assert graph(own) == before


def test_who_cannot_come_in(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreUnavailableError, match=r"no database 'nowhere'.*It has: neo4j"):
        load_by(f"{shop}/nowhere", RATINGS, tmp_path)
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong-secret")
    with pytest.raises(StoreUnavailableError, match="refuses the user name or the password") as refused:
        load_by(shop, RATINGS, tmp_path)
    assert "wrong-secret" not in str(refused.value)


def test_an_address_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a user, a password or a parameter stands in") as refused:
        load_by("neo4j://me:secret@host", RATINGS, tmp_path)
    assert "secret" not in str(refused.value)
    for name in ("movielens", "table"):
        with pytest.raises(UsageError, match=r"reads files.*graphrec load neo4j ADDRESS") as refused:
            read(name, "neo4j://me:secret@host")
        assert "secret" not in str(refused.value)
    with pytest.raises(InputError, match=re.escape(f"this is no address of a Neo4j server ({tmp_path})")):
        read("neo4j", tmp_path, {"mapping": "m.toml"})
    with pytest.raises(UsageError, match="nothing says which labels"):
        read("neo4j", "neo4j://127.0.0.1:1")
