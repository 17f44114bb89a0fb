"""docs/data.md names every option of every loader and every entry of a mapping, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphrec.loading.interactions import INTERACTED
from graphrec.loading.mapped.sections import (
    DatasetSection,
    EntitiesSection,
    File,
    InteractionsSection,
    LinksSection,
    LookupSection,
    Mapping,
    MentionsSection,
    NodesSection,
    TriplesSection,
)
from graphrec.loading.registry import BUILT_IN, find_loader, loader_options, read
from graphrec.models.model import Model
from graphrec.models.registry import MODELS, registered_model
from graphrec.schema import EdgeKind
from tests.loaders.checks import edge_set

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
SHARED = set(File.model_fields)


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str, header: str) -> set[str]:
    table = text.split(f"| {header} | meaning |\n|---|---|\n")[1].split("\n\n", maxsplit=1)[0]
    return {word for row in table.splitlines() for word in re.findall(r"`([^`]+)`", row.split("|")[1])}


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_options_of_a_loader(name: str) -> None:
    assert first_cells(section(name), "option") == {option.name for option in loader_options(find_loader(name))}


def test_the_models_that_learn_from_entities() -> None:
    """Beside those that are made for a graph, two that can use one: resolved, and EASE with a weight."""
    rows = PAGE.split("| model | learns from | reasons show |\n|---|---|---|\n")[1].split("\n\n")[0].splitlines()
    named = [set(re.findall(r"`([a-z]+)`", row.split("|")[1])) for row in rows]
    made_for_graphs = {name for name in MODELS if registered_model(name).learns_from_entities}
    assert named == [{"resolved"}, {"ease"}, made_for_graphs]
    says_why = [{issubclass(registered_model(name), Model) for name in names} for names in named]
    assert says_why == [{True}, {True}, {False}]


def test_the_entries_of_a_mapping() -> None:
    sections = {
        "dataset": DatasetSection,
        "interactions": InteractionsSection,
        "items": NodesSection,
        "users": NodesSection,
        "triples": TriplesSection,
        "links": LinksSection,
        "entities": EntitiesSection,
        "mentions": MentionsSection,
    }
    assert set(Mapping.model_fields) == {*sections, "lookups"}
    sections["lookups.NAME"] = LookupSection
    known = {f"{name}.{field}" for name, model in sections.items() for field in set(model.model_fields) - SHARED}
    assert first_cells(section("table"), "entry") == (known - {"users.entities"}) | SHARED


def test_the_mappings_of_the_page(tmp_path: Path) -> None:
    """Each line of data that the page shows beside a mapping, read by it; the first is a whole one."""
    _, *mappings = re.findall(r"```toml\n(.*?)```", section("table"), re.DOTALL)
    (tmp_path / "mapping.toml").write_text('[dataset]\nid = "d"\n' + "".join(mappings))
    (tmp_path / "ratings.dat").write_text("ann::12:30 to Rome::4::31/01/2024 18:05\nbob::m1::3::\n")
    (tmp_path / "films.csv").write_text('id,genres\nm1,"[18, 10752]"\n')
    (tmp_path / "facts.tsv").write_text("Q1\tdirector\tQ2\nQ1\ttype\tQ9\n")
    (tmp_path / "links.csv").write_text("item,entity\nm1,Q1\n")
    (tmp_path / "people.csv").write_text("id,name\nQ2,Roberto Rossellini\n")
    (tmp_path / "shop.csv").write_text("id,price,year,plot\nm1,12.5,1945,A priest and an engineer resist\n")
    (tmp_path / "facts.csv").write_text("film,key,value\nm1,country,Italy\n")
    (tmp_path / "genres.txt").write_text("18|Drama\n10752|War\n")
    tables = read("table", tmp_path, {}).tables
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp") == {
        ("ann", "12:30 to Rome", 4.0, 1_706_724_300), ("bob", "m1", 3.0, None),
    }  # fmt: skip
    assert edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]) == {
        ("m1", "item.genre=Drama"), ("m1", "item.genre=War"), ("m1", "item.country=Italy"),
        ("m1", "item.price=10 to under 25"), ("m1", "item.year=1940 to under 1950"), ("m1", "item.plot=engineer"),
        ("m1", "item.plot=priest"), ("m1", "item.plot=resist"),
    }  # fmt: skip
    assert edge_set(tables.edges[EdgeKind("HAS_ENTITY", "Item", "Entity")], "relation") == {("m1", "Q2", "director")}
    assert tables.nodes["Entity"].select(["id", "name", "kind"]).to_pylist() == [
        {"id": "Q2", "name": "Roberto Rossellini", "kind": "person"}
    ]
