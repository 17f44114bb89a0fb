"""What a mapping means, worked out with pandas and plain Python, to compare the ``table`` loader with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

Section = dict[str, Any]


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file as pandas reads them: texts, lists of texts, and nothing as the empty text."""
    if path.suffix == ".csv":
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame = frame.rename(columns=lambda name: "" if name.startswith("Unnamed") else name)
    elif path.suffix == ".parquet":
        frame = pd.read_parquet(path)
    else:
        frame = pd.read_json(path, lines=True, dtype=False)
    return [{str(name): _value(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _value(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    return list(value) if isinstance(value, list) else "" if value is None else str(value)


def missing_of(mapping: Section, section: Section) -> set[str]:
    return {text.strip() for text in section.get("missing", mapping["dataset"].get("missing", []))} | {""}


def pairs(mapping: Section, folder: Path) -> set[tuple[str, str]]:
    """Return users and items that interacted, where no row is skipped for another reason than an absent id."""
    section = mapping["interactions"]
    nothing = missing_of(mapping, section)
    rows = rows_of(folder / section["file"])
    return {
        (row[section["user"]], row[section["item"]])
        for row in rows
        if row[section["user"]].strip() not in nothing and row[section["item"]].strip() not in nothing
    }


def described(mapping: Section, section: Section, folder: Path) -> list[dict[str, Any]]:
    """Return the rows of items or users that have an id."""
    nothing = missing_of(mapping, section)
    return [row for row in rows_of(folder / section["file"]) if row[section["id"]].strip() not in nothing]


def single_values(value: Any, separator: str, nothing: set[str]) -> set[str]:
    texts = value if isinstance(value, list) else [value]
    parts = [part for text in texts for part in (str(text or "").split(separator) if separator else [str(text or "")])]
    return {part.strip() for part in parts} - nothing


def attributes(mapping: Section, name: str, folder: Path) -> set[tuple[str, str]]:
    """Return owners with the ids of their attributes."""
    section, owner = mapping[name], name.removesuffix("s")
    nothing, columns = missing_of(mapping, section), section.get("attributes", {})
    columns = dict.fromkeys(columns, "") if isinstance(columns, list) else columns
    found = set()
    for column, said in columns.items():
        separator, kind = (said, column) if isinstance(said, str) else (said.get("separator", ""), said.get("kind", ""))
        for row in described(mapping, section, folder):
            for value in single_values(row[column], separator, nothing):
                found.add((row[section["id"]], f"{owner}.{kind or column}={value}"))
    return found


def entities(mapping: Section, folder: Path) -> set[tuple[str, str, str]]:
    """Return items with their entities and relations, from columns of the items."""
    section = mapping["items"]
    nothing = missing_of(mapping, section)
    return {
        (row[section["id"]], value, said.get("relation") or column)
        for column, said in section.get("entities", {}).items()
        for row in described(mapping, section, folder)
        for value in single_values(row[column], said.get("separator", ""), nothing)
    }


def triples(mapping: Section, folder: Path) -> set[tuple[str, str, str]]:
    """Return head, tail and relation of the facts."""
    section = mapping["triples"]
    nothing = missing_of(mapping, section)
    sides = [section[side] for side in ("head", "tail", "relation")]
    kept = [[row[side] for side in sides] for row in rows_of(folder / section["file"])]
    return {(a, b, c) for a, b, c in kept if not nothing & {a.strip(), b.strip(), c.strip()}}
