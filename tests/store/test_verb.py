"""The verb of a data set in a store; and stores that an older version wrote, which know of none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.answers import fetch_list
from graphrec.dataset.dataset import Dataset
from graphrec.schema.property_graph import DATASET
from graphrec.store.copying import copy_store
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.engine import Engine
from graphrec.store.embedded.kept import hash_of
from graphrec.store.embedded.regular_files import checksum_of
from graphrec.store.export import export_store
from graphrec.tables.graph_tables import arrow_schema
from tests.cypher import small_graph
from tests.store.content import SMALL, by_user, everything, nodes, write_small_runs

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.store import Store

WATCHED = replace(SMALL, verb="watched")


def fill(store: Store) -> None:
    store.load(small_graph.graph(), WATCHED)
    write_small_runs(store)


def make_old(store: Store) -> None:
    """Turn a store into what a version wrote whose schema had no verb: the property is in no place."""
    if isinstance(store, EmbeddedStore):
        root = store.path
        store.close()
        with Engine(root / "graph.lbug") as engine:
            engine.run(f"ALTER TABLE {DATASET.name} DROP verb").close()
            engine.checkpoint()
        manifest = root / "tables" / "manifest.json"
        content = json.loads(manifest.read_text(encoding="utf-8"))
        for row in content["datasets"]:
            row.pop("verb")
        columns = tuple(p for p in DATASET.properties if p.name != "verb")
        table = pa.Table.from_pylist(content["datasets"], schema=arrow_schema(columns, edge=False))
        database = root / "graph.lbug"
        content["database"].update(size=database.stat().st_size, checksum=checksum_of(database))
        content["database"].pop("tables")
        content["database"]["parts"][DATASET.name] = list(hash_of(DATASET.name, table))
        del content["checksum"]
        manifest.write_text(json.dumps(content), encoding="utf-8")
        (root / "tables" / "manifest.copy.json").unlink()
    else:
        store._connection.write("MATCH (d:Dataset) REMOVE d.verb")  # type: ignore[attr-defined]


@pytest.fixture
def old(store: Store) -> Store:
    """A store of each engine as an older version left it."""
    fill(store)
    make_old(store)
    return store


def test_a_store_keeps_the_verb_and_a_copy_has_it(store: Store, tmp_path: Path) -> None:
    fill(store)
    assert [info.verb for info in store.datasets()] == ["watched"]
    assert [dict(row)["verb"] for row in nodes(store, "Dataset")] == ["watched"]
    assert Dataset.from_store(store).verbs.of_user("ada") == "watched"
    assert store.check().sound
    with EmbeddedStore(tmp_path / "copy") as target:
        copy_store(store, target)
        assert [info.verb for info in target.datasets()] == ["watched"]


def test_a_changed_verb_is_loaded_and_changes_no_data(store: Store) -> None:
    before = store.load(small_graph.graph(), SMALL).dataset.fingerprint
    assert store.load(small_graph.graph(), WATCHED).dataset.fingerprint == before
    assert [info.verb for info in store.datasets()] == ["watched"]


def test_an_older_store_is_read_with_the_default(old: Store) -> None:
    assert [info.verb for info in old.datasets()] == [""]
    # The embedded database was built anew from the record, a server's node has no such property.
    assert [dict(row).get("verb") for row in nodes(old, "Dataset")] == ["" if old.engine == "ladybug" else None]
    assert Dataset.from_store(old).verbs.of_user("ada") == "interacted with"
    whys = fetch_list(old, "ada")
    assert whys[0].verb == "interacted with"
    assert "which they interacted with" in str(whys)
    assert not whys[0].stale


def test_an_older_store_is_sound_and_is_written_rebuilt_exported_and_copied(old: Store, tmp_path: Path) -> None:
    assert old.check().findings == ()
    run, explanations = small_graph.new_run(old.data_fingerprint())
    old.write_run(replace(run, id="third"), by_user(explanations))
    assert old.check().findings == ()
    held = everything(old)
    assert export_store(old, tmp_path / "csv").rows["Dataset"] == 1
    with EmbeddedStore(tmp_path / "copy") as target:
        copy_store(old, target)
        assert {part: rows for part, rows in everything(target).items() if part != "Run"} == {
            part: rows for part, rows in held.items() if part != "Run"
        }
        assert target.check().sound
    if isinstance(old, EmbeddedStore):  # a server has nothing to be rebuilt from
        old.rebuild()
        assert everything(old) == held
        assert old.check().findings == ()
    old.load(small_graph.graph(), WATCHED)
    assert fetch_list(old, "ada", "third")[0].verb == "watched"
