"""Texts about the schema that stand as files: ``docs/schema.md`` and ``cypher/schema``.

``python -m graphrec.schema.documents`` in the root of a checkout writes them anew; a test says when that is due.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.schema import ladybug, neo4j
from graphrec.schema.property_graph import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphrec.schema.elements import GraphSchema, Property, RelationshipType

_WRITTEN_BY = (
    "Written by `python -m graphrec.schema.documents` from `graphrec/schema/property_graph.py`: change that, not this."
)


def texts(schema: GraphSchema = SCHEMA) -> Mapping[str, str]:
    """Return every derived text by its path in the checkout."""
    return {
        "docs/schema.md": markdown(schema),
        "cypher/schema/neo4j.cypher": _script("Constraints and indexes of Neo4j", neo4j.ddl(schema).values()),
        "cypher/schema/ladybug.cypher": _script("Tables of the embedded engine", ladybug.ddl(schema)),
    }


def markdown(schema: GraphSchema) -> str:
    """Return the schema as a page: what a store holds, label by label and type by type."""
    lines = [
        "# What a store holds",
        "",
        _WRITTEN_BY,
        "",
        "Loaders write the data part; models write the run part back. A property in **bold** is never null.",
        "Every `id` is unique per label. Loaders may declare further properties.",
        "",
        "## Nodes",
    ]
    for label in schema.labels:
        lines += ["", f"### `{label.name}` ({label.part})", "", f"{_sentence(label.doc)}", ""]
        lines += _table(label.properties)
    lines += ["", "## Relationships"]
    for relationship in schema.relationships:
        lines += ["", f"### `{relationship.name}` ({relationship.part})", "", _sentence(relationship.doc), ""]
        lines += [f"- {line}" for line in _pattern_lines(relationship)]
        if relationship.properties:
            lines += ["", *_table(relationship.properties)]
    return "\n".join(lines) + "\n"


def write(root: Path) -> None:
    """Write every derived text below ``root``, the root of a checkout."""
    for name, text in texts().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _pattern_lines(relationship: RelationshipType) -> list[str]:
    end = "" if relationship.undirected else ">"
    lines = [f"`(:{source})-[:{relationship.name}]-{end}(:{target})`" for source, target in relationship.pairs]
    if relationship.undirected:
        lines.append("stored once, from the smaller id to the larger; match it without an arrow")
    if relationship.key:
        lines.append("one per pair of nodes and " + ", ".join(f"`{key}`" for key in relationship.key))
    return lines


def _table(properties: Sequence[Property]) -> list[str]:
    rows = ["| property | type | meaning |", "|---|---|---|"]
    for p in properties:
        name = f"**`{p.name}`**" if p.required else f"`{p.name}`"
        rows.append(f"| {name} | {p.type.value} | {p.doc} |")
    return rows


def _sentence(doc: str) -> str:
    return f"{doc[:1].upper()}{doc[1:]}."


def _script(title: str, statements: Iterable[str]) -> str:
    body = "".join(f"{statement};\n" for statement in statements)
    return f"// {title}\n// {_WRITTEN_BY}\n{body}"


if __name__ == "__main__":
    write(Path.cwd())
