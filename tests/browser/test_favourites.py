"""The bundle of favourites and the style, as files."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from graphrec import queries
from graphrec.browser.favourites import FOLDERS, PARAMETERS, style, write_favourites
from graphrec.errors import UsageError
from graphrec.schema import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path


def test_every_question_is_a_favourite(tmp_path: Path) -> None:
    file = tmp_path / "graphrec.zip"
    count = write_favourites(file)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        item = archive.read("graphrec: why/item.cypher").decode()
    assert count == len(names) == sum(len(queries.names(folder)) + 1 for folder in FOLDERS)
    assert item == queries.load("why/item", "neo4j").source
    assert item.startswith("// Why was this item recommended?")


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    write_favourites(one)
    write_favourites(other)
    assert one.read_bytes() == other.read_bytes()


def test_the_first_favourite_sets_every_parameter() -> None:
    wanted = {p for folder in FOLDERS for name in queries.names(folder) for p in queries.load(name, "neo4j").parameters}
    assert {p for p in wanted if f"{p}: " in PARAMETERS} == wanted


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must be a \.zip"):
        write_favourites(tmp_path / "favourites.txt")


def test_the_style_says_the_verb_of_a_data_set_on_interactions() -> None:
    plain, watched = json.loads(style()), json.loads(style("watched"))
    assert watched.pop("relationship.INTERACTED")["caption"] == "watched"
    assert watched == plain
    assert json.loads(style("<b>{id}\x1b \u201cate\u201d"))["relationship.INTERACTED"]["caption"] == "bid� “ate”"


def test_the_style_names_labels_and_types_of_the_schema() -> None:
    rules = json.loads(style())
    known = {f"node.{label}" for label in SCHEMA.label_names()} | {
        f"relationship.{r.name}" for r in SCHEMA.relationships
    }
    assert set(rules) - {"node", "relationship"} <= known
    assert {f"node.{label}" for label in SCHEMA.label_names()} <= set(rules)
    assert rules["relationship.EXPLAINS"]["caption"] == "{percent}"
    named = set(SCHEMA.label_names()) - {"Factor"}  # a factor says what it is: a cluster of users, a group of items
    assert all(rules[f"node.{label}"]["caption"] == "{name}" for label in named)
    assert rules["node.Factor"]["caption"] == "{kind}: {name}"
