"""Copying a store of either engine to the other, and to another of its own kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import InputError, UnknownIdError, UsageError
from graphrec.schema import Property, PropertyType
from graphrec.store.copying import copy_store
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.tables import DatasetInfo, GraphTables
from tests.store.content import SMALL, current, everything, load_small, nodes, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.store.store import Store

YEARS = DatasetInfo(
    "years", "Years", "tests", base="small", declared={"Item": (Property("year", PropertyType.INTEGER),)}
)


def fill(store: Store) -> None:
    load_small(store)
    years = pa.table({"id": ["alien", "dune"], "name": ["Alien", "Dune"], "year": [1979, 2021]})
    store.load(GraphTables({"Item": years}), YEARS)
    write_small_runs(store)
    store.use_run("old")


@pytest.mark.parametrize("way", [("ladybug", "neo4j"), ("neo4j", "ladybug")])
def test_a_copy_holds_the_same(opened: Callable[[str], Store], way: tuple[str, str]) -> None:
    source, target = (opened(engine) for engine in way)
    fill(source)
    summary = copy_store(source, target)
    assert everything(target) == everything(source)
    assert target.runs() == source.runs()
    assert current(target) == ["old"]
    assert [replace(d, loaded="", fingerprint="", generation=0) for d in target.datasets()] == [SMALL, YEARS]
    assert summary.fingerprint == target.data_fingerprint() == target.fingerprint() == source.fingerprint()
    assert summary.runs == ("old", "new")


def test_no_store_lies_inside_a_store(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "outer") as outer:
        load_small(outer)
        (tmp_path / "link").symlink_to(tmp_path / "outer")
        for place in ("outer/new", "outer/tables/new", "link/new"):
            with pytest.raises(InputError, match="inside the store"):
                EmbeddedStore(tmp_path / place)
        assert outer.check().sound
    assert not (tmp_path / "outer" / "new").exists()


def test_copying_again_changes_nothing(opened: Callable[[str], Store], tmp_path: Path) -> None:
    source = opened("ladybug")
    fill(source)
    with EmbeddedStore(tmp_path / "copy") as target:
        copy_store(source, target)
        held = everything(target)
        assert held == everything(source)
        source.use_run("new")
        copy_store(source, target)
        assert current(target) == ["new"]
        assert {p: rows for p, rows in everything(target).items() if p != "Run"} == {
            part: rows for part, rows in held.items() if part != "Run"
        }
        assert target.check().sound


def test_a_target_with_another_data_set_is_refused(opened: Callable[[str], Store], tmp_path: Path) -> None:
    source = opened("ladybug")
    fill(source)
    with EmbeddedStore(tmp_path / "copy") as target:
        user = GraphTables({"User": pa.table({"id": ["x"], "name": ["X"]})})
        target.load(user, DatasetInfo("other", "Other", "tests"))
        with pytest.raises(InputError, match="'other'"):
            copy_store(source, target)
        assert [dict(row)["id"] for row in nodes(target, "User")] == ["x"]


def test_an_empty_source_and_a_copy_onto_itself_are_refused(opened: Callable[[str], Store], tmp_path: Path) -> None:
    source = opened("ladybug")
    with EmbeddedStore(tmp_path / "copy") as target:
        with pytest.raises(UnknownIdError, match="holds no data"):
            copy_store(source, target)
        with pytest.raises(UsageError, match="itself"):
            copy_store(source, source)


def test_a_store_reached_by_a_detour_is_the_same_store(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        (tmp_path / "link").symlink_to(tmp_path / "store")
        for detour in (tmp_path / "link", tmp_path / "other" / ".." / "store"):
            with EmbeddedStore(detour) as other, pytest.raises(UsageError, match="onto itself"):
                copy_store(store, other)
