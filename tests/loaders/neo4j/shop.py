"""A shop's graph as its owner has it in Neo4j, and a mapping of it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import neo4j

from graphrec.loading.registry import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.loading.contract import Loaded

SHOP = """
CREATE (ann:Customer {number: 1, name: 'Ann', country: 'NZ', age: 30}),
       (bob:Customer {number: 2, name: 'Bob', country: 'NZ', age: 41.0}),
       (cleo:Customer {number: 3, name: 'Cleo', country: '?'}),
       (lamp:Product {sku: 'lamp', title: 'A lamp', price: 9.5, colours: ['red', 'blue']}),
       (desk:Product {sku: 'desk', title: 'A desk', price: 120, colours: ['red']}),
       (pen:Product {sku: 'pen', title: 'A pen'}),
       (home:Category {name: 'Home'}), (work:Category {name: 'Work'}),
       (oak:Brand {number: 1, title: 'Oak'}), (nz:Country {number: 1, name: 'New Zealand'}),
       (lamp)-[:IN]->(home), (desk)-[:IN]->(home), (desk)-[:IN]->(work), (pen)-[:IN]->(work),
       (lamp)-[:MADE_BY]->(oak), (pen)<-[:MAKES]-(oak), (oak)-[:BASED_IN]->(nz),
       (lamp)-[:BOUGHT_WITH {times: 4}]->(desk), (desk)-[:SIMILAR_TO]->(pen),
       (first:Order {at: datetime('2024-01-01T00:00:00Z')}),
       (second:Order {at: datetime('2024-01-01T12:00:00.5+11:00')}),
       (third:Order {at: datetime('2024-01-03T00:00:00Z')}),
       (ann)-[:PLACED]->(first)-[:CONTAINS {quantity: 2}]->(lamp), (first)-[:CONTAINS {quantity: 1}]->(desk),
       (ann)-[:PLACED]->(second)-[:CONTAINS {quantity: 1}]->(lamp),
       (bob)-[:PLACED]->(third)-[:CONTAINS {quantity: 5}]->(pen),
       (ann)-[:RATED {stars: 4.5, on: 86400}]->(pen), (cleo)-[:RATED {stars: 2, on: 86401}]->(lamp)
"""

ORDERS = """
[dataset]
id = "shop"
name = "The shop"
verb = "bought"
missing = ["?"]

[users]
label = "Customer"
id = "number"
name = "name"
attributes = ["country"]
properties = { age = "integer" }

[items]
label = "Product"
id = "sku"
name = "title"
properties = { price = "float" }

[items.attributes]
colours = { kind = "colour" }
category = { path = "(:Product)-[:IN]->(:Category)", value = "name" }

[interactions]
path = "(:Customer)-[:PLACED]->(o:Order)-[c:CONTAINS]->(:Product)"
weight = "c.quantity"
timestamp = "o.at"
"""

RATINGS = (
    ORDERS.partition("[interactions]")[0]
    + """
[interactions]
path = "(:Customer)-[:RATED]->(:Product)"
rating = "stars"
timestamp = "on"
"""
)

KNOWLEDGE = """
[[entities]]
label = "Brand"
id = "number"
name = "title"
kind = "brand"
prefix = "brand "

[[entities]]
label = "Country"
id = "number"
name = "name"

[[triples]]
path = "(:Product)-[:MADE_BY]->(:Brand)"
relation = "made by"

[[triples]]
path = "(:Brand)-[:MAKES]->(:Product)"

[[triples]]
path = "(:Brand)-[:BASED_IN]->(:Country)"

[[triples]]
path = "(:Product)-[:SIMILAR_TO]->(:Product)"

[[co_purchases]]
path = "(:Product)-[:BOUGHT_WITH]-(:Product)"
count = "times"
"""


@contextmanager
def owner(uri: str) -> Iterator[neo4j.Session]:
    """A session of the owner, who may write."""
    auth = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    with (
        neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session() as own,
    ):
        yield own


def load_by(uri: str, text: str, folder: Path, **options: object) -> Loaded:
    """Load a graph by the text of a mapping."""
    mapping = folder / "mapping.toml"
    mapping.write_text(text, encoding="utf-8")
    return read("neo4j", uri, {"mapping": str(mapping), **options})
