"""The embedded engine's tables are those of the schema."""

from __future__ import annotations

from graphrec.schema import SCHEMA, Property, PropertyType
from graphrec.schema.ladybug import ddl, literal, node_table, quote, relationship_table
from graphrec.store.embedded.engine import Engine


def test_statements() -> None:
    assert node_table(SCHEMA.label("Entity")) == (
        "CREATE NODE TABLE `Entity`(`id` STRING, `name` STRING, `kind` STRING, PRIMARY KEY(`id`))"
    )
    assert relationship_table(SCHEMA.relationship("RECEIVED")) == (
        "CREATE REL TABLE `RECEIVED`(FROM `User` TO `Recommendation`)"
    )
    assert relationship_table(SCHEMA.relationship("BELONGS_TO")) == (
        "CREATE REL TABLE `BELONGS_TO`(FROM `User` TO `Factor`, FROM `Item` TO `Factor`, FROM `Entity` TO `Factor`, "
        "FROM `Attribute` TO `Factor`, FROM `Factor` TO `Factor`, `weight` DOUBLE)"
    )


def test_names_and_texts_are_quoted() -> None:
    assert quote("a`b") == "`a``b`"
    with Engine("") as engine:
        for text in ("plain", "it's", 'a "b"', "back\\slash\\", "new\nline", "\\'"):
            assert engine.scalar(f"RETURN {literal(text)}") == text


def test_the_engine_makes_every_table_with_its_columns() -> None:
    schema = SCHEMA.with_declared({"Item": (Property("order", PropertyType.BOOLEAN),)})
    with Engine("") as engine:
        engine.create(schema)
        made = {row[1]: row[2] for row in engine.run("CALL show_tables() RETURN *").get_all()}
        assert {name for name, kind in made.items() if kind == "NODE"} == set(schema.label_names())
        assert {name for name, kind in made.items() if kind == "REL"} == {r.name for r in schema.relationships}
        for element in (*schema.labels, *schema.relationships):
            columns = [row[1] for row in engine.run(f"CALL table_info('{element.name}') RETURN *").get_all()]
            assert columns == [p.name for p in element.properties]
    assert sum(1 for _ in ddl(schema)) == len(schema.labels) + len(schema.relationships)
