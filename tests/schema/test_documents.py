"""The texts about the schema are as the schema says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphrec.schema import SCHEMA, Property, PropertyType
from graphrec.schema.documents import markdown, texts, write

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(texts()))
def test_the_file_is_up_to_date(name: str) -> None:
    remedy = "run: python -m graphrec.schema.documents"
    assert (ROOT / name).read_text(encoding="utf-8") == texts()[name], remedy


def test_the_page_names_everything() -> None:
    page = markdown(SCHEMA)
    for label in SCHEMA.labels:
        assert f"### `{label.name}` ({label.part})" in page
    assert "- `(:Item)-[:CO_PURCHASED]-(:Item)`" in page
    assert "- `(:User)-[:INTERACTED]->(:Item)`" in page
    assert "- one per pair of nodes and `method`, `via`, `set`" in page
    assert "| **`weight`** | float | of the row: what is claimed of the node" in page


def test_a_declared_property_reaches_the_page() -> None:
    declared: Mapping[str, tuple[Property, ...]] = {"Item": (Property("year", PropertyType.INTEGER, "of release"),)}
    assert "| `year` | integer | of release |" in markdown(SCHEMA.with_declared(declared))


def test_constraints_are_one_per_label() -> None:
    statements = texts()["cypher/schema/neo4j.cypher"].split(";\n")
    for label in SCHEMA.labels:
        assert sum(f"(n:`{label.name}`) REQUIRE n.`id` IS UNIQUE" in statement for statement in statements) == 1


def test_write_writes_what_texts_says(tmp_path: Path) -> None:
    write(tmp_path)
    assert (tmp_path / "docs" / "schema.md").read_text(encoding="utf-8") == texts()["docs/schema.md"]
