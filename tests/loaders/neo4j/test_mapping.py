"""Mappings of a graph that contradict themselves are refused before any server is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loaders.neo4j.mapping import read_graph_mapping
from tests.loaders.neo4j.shop import KNOWLEDGE, ORDERS, RATINGS

if TYPE_CHECKING:
    from pathlib import Path


def test_the_mappings_of_these_tests(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(ORDERS + KNOWLEDGE, encoding="utf-8")
    mapping = read_graph_mapping(str(file))
    assert [title for title, _ in mapping.labels()] == ["[users]", "[items]", "[[entities]] 1", "[[entities]] 2"]
    assert [title for title, _ in mapping.paths()][-2:] == ["[[triples]] 4", "[co_purchases]"]
    assert mapping.missing(mapping.items[0]) == ("?",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "name"', 'nam = "name"', r"entry 'users\.nam': is not known.*Did you mean 'name'"),
        ("[interactions]", "[interaction]", "entry 'interactions': is missing|entry 'interaction': is not known"),
        (', value = "name"', "", r"items\.attributes\.category': has a path, and no value"),
        ('path = "(:Product)-[:IN]->(:Category)", ', "", r"items\.attributes\.category': has a value, which is"),
        ("(:Product)-[:IN]", "(:Customer)-[:IN]", r"'category' must begin at \(:Product\)"),
        ('"c.quantity"', '"quantity"', "'quantity' does not say whose property it is: .*write x.quantity"),
        ('"o.at"', '"c.quantity"', "gives the property 'c.quantity' two meanings"),
        ('timestamp = "o.at"', 'time_unit = "s"', "says time_unit, and no timestamp"),
        ("(:Customer)-[:PLACED]", "(:Client)-[:PLACED]", "begins at the label 'Client', which is none of the users"),
        ('->(:Product)"\nweight', '->(:Thing)"\nweight', r"ends at the label 'Thing'.*Sections of items: Product"),
        ('price = "float"', 'name = "string"', "cannot have a property called 'name'"),
        ('label = "Country"', 'label = "Product"', "are both of the label 'Product'"),
        ("(:Brand)-[:BASED_IN]", "(:Brnad)-[:BASED_IN]", "'Brnad', which is none of the items or entities"),
        ('"(:Brand)-[:MAKES]->', '"(:Brand)<-[:X]-()-[:MAKES]->', r"triples\[2\]'.*and no relation"),
        ('"(:Product)-[:BOUGHT_WITH]-', '"(:Product)-[:X|BOUGHT_WITH]-', r"co_purchases\[1\]'.*and no source"),
        (
            '"(:Product)-[:BOUGHT_WITH]-',
            '"(:Brand)-[:BOUGHT_WITH]-',
            "begins at the label 'Brand', which is none of the items",
        ),
        ('kind = "colour"', 'kind = "a\\nb"', "the kind .* holds a control character"),
    ],
)
def test_contradictions(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = ORDERS + KNOWLEDGE
    assert old in text
    file = tmp_path / "mapping.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message) as refused:
        read_graph_mapping(str(file))
    assert str(file) in refused.value.where


def test_entities_without_triples(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(RATINGS + KNOWLEDGE.partition("[[triples]]")[0], encoding="utf-8")
    with pytest.raises(InputError, match=r"has \[entities\], and no \[triples\]"):
        read_graph_mapping(str(file))
