"""docs/data.md names every option of every loader and every entry of a mapping, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphrec.loading.mapped.sections import (
    DatasetSection,
    InteractionsSection,
    Mapping,
    MentionsSection,
    NodesSection,
    TriplesSection,
)
from graphrec.loading.registry import BUILT_IN, find_loader, loader_options

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
SHARED = {"file", "delimiter", "encoding", "missing"}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str, header: str) -> set[str]:
    table = text.split(f"| {header} | meaning |\n|---|---|\n")[1].split("\n\n", maxsplit=1)[0]
    return {word for row in table.splitlines() for word in re.findall(r"`([^`]+)`", row.split("|")[1])}


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_options_of_a_loader(name: str) -> None:
    assert first_cells(section(name), "option") == {option.name for option in loader_options(find_loader(name))}


def test_the_entries_of_a_mapping() -> None:
    sections = {
        "dataset": DatasetSection,
        "interactions": InteractionsSection,
        "items": NodesSection,
        "users": NodesSection,
        "triples": TriplesSection,
        "mentions": MentionsSection,
    }
    assert set(Mapping.model_fields) == set(sections)
    known = {f"{name}.{field}" for name, model in sections.items() for field in set(model.model_fields) - SHARED}
    assert first_cells(section("table"), "entry") == (known - {"users.entities"}) | SHARED
