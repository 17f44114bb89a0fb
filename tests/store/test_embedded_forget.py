"""Forgetting a person leaves no byte of them in the folder of an embedded store, and names what it cannot reach."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrec.schema import EdgeKind
from graphrec.store.opening import open_store
from graphrec.store.remains import remains_of
from graphrec.tables import GraphTables
from tests.cypher import small_graph
from tests.store.content import SMALL, by_user, load_small, write_small_runs

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.tables import Explanations, RunInfo


def words_of(path: Path) -> set[str]:
    """Return all texts that a Parquet file holds, those of its dictionaries that no row uses too."""
    table = pq.read_table(path, read_dictionary=pq.read_schema(path).names)
    words: set[str] = set()
    for column in table.columns:
        for chunk in column.chunks:
            values = chunk.dictionary if isinstance(chunk, pa.DictionaryArray) else chunk
            if pa.types.is_string(values.type):
                words |= set(pc.drop_null(values).to_pylist())
    return words


def test_no_file_holds_a_word_of_a_forgotten_person(tmp_path: Path) -> None:
    """A dictionary-encoded column keeps the words of removed rows, unless they are taken out of the dictionary too."""
    with open_store(tmp_path / "store") as store:
        load_small(store, small_graph.graph())
        write_small_runs(store)
        files = list((tmp_path / "store").rglob("*.parquet"))
        named = [path for path in files if any("ada" in word.split("|") for word in words_of(path))]
        assert len(named) >= 5  # users, interactions, and the recommendations and edges of runs
        store.forget("ada")
    after = list((tmp_path / "store").rglob("*.parquet"))
    assert len(after) >= 5
    assert [path.name for path in after if any("ada" in word.split("|") for word in words_of(path))] == []


MARKER = "zq-Märker 7/x"
WITHIN = f"the one called {MARKER}!"


def mentions(folder: Path) -> list[str]:
    """Return the files of a store that hold the marker, as bytes or in a compressed column."""
    found = []
    for path in folder.rglob("*"):
        held = path.is_file() and (
            any(MARKER in word for word in words_of(path))
            if path.suffix == ".parquet"
            else MARKER.encode() in path.read_bytes() or json.dumps(MARKER).encode()[1:-1] in path.read_bytes()
        )
        if held or MARKER in path.name:
            found.append(path.relative_to(folder).as_posix())
    return found


def with_marker() -> GraphTables:
    """Return the small graph with one more person: the marker stands in the id, the name and an attribute."""
    graph = small_graph.graph()
    interacted, has = EdgeKind("INTERACTED", "User", "Item"), EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
    person = {"id": MARKER, "name": WITHIN}
    trait = {"id": f"user.alias={WITHIN}", "name": WITHIN, "owner": "user", "kind": "alias", "value": WITHIN}
    more = {
        "User": pa.Table.from_pylist([person]),
        "Attribute": pa.Table.from_pylist([trait]),
        interacted: pa.Table.from_pylist([{"from": MARKER, "to": item, "weight": 1.0} for item in ("dune", "alien")]),
        has: pa.Table.from_pylist([{"from": MARKER, "to": trait["id"]}]),
    }
    join = {part: pa.concat_tables([rows, more[part]], promote_options="default") if part in more else rows
            for part, rows in {**graph.nodes, **graph.edges}.items()}  # fmt: skip
    return GraphTables({part: join[part] for part in graph.nodes}, {part: join[part] for part in graph.edges})


def run_of_marker(data: str) -> tuple[RunInfo, Explanations]:
    """Return a run that recommends to the person, and names them as a reason of somebody else's recommendation."""
    run, _ = small_graph.old_run(data)
    rows = [
        {"user": MARKER, "item": "fargo", "name": "Fargo", "score": 1.0, "rank": 1, "rest": 0.0, "n_reasons": 1},
        {"user": "ben", "item": "dune", "name": "Dune", "score": 1.0, "rank": 1, "rest": 0.5, "n_reasons": 1},
    ]
    reasons = [
        small_graph.reason(MARKER, "fargo", "Item", "dune", "history", 1.0, 1.0, 1, 1.0, "dune"),
        small_graph.reason("ben", "dune", "User", MARKER, "profile", 0.5, 0.5, 1, 0.4, via="profile"),
    ]
    return replace(run, id="marked"), small_graph.explanations(rows, reasons)


def test_no_byte_of_the_folder_holds_the_id_or_a_name_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        load_small(store, with_marker())
        run, explanations = run_of_marker(store.data_fingerprint())
        store.write_run(run, by_user(explanations))
        store.use_run("marked")
        assert {"graph.lbug"} < set(mentions(folder))
        assert len(mentions(folder)) >= 7
        (folder / "tables" / "data" / "nodes" / "User.g99.parquet").write_bytes(b"left by a kill: " + MARKER.encode())
        (folder / "graph.lbug.gen-99").write_bytes(MARKER.encode())
        (folder / "graph.lbug.gen-99.wal").write_bytes(MARKER.encode())
        (folder / "tables" / "manifest.new").write_bytes(MARKER.encode())
        summary = store.forget(MARKER)
        assert mentions(folder) == []
        assert store.check().sound
    assert not [each for each in summary.remains if MARKER in each.what]


def test_what_people_named_with_the_id_is_told(tmp_path: Path) -> None:
    """A loader may name a data set after a file; a number that is part of another is no mention."""
    with open_store(tmp_path / "store") as store:
        store.load(small_graph.graph(), replace(SMALL, name="films of ada, 2024"))
        run, explanations = small_graph.new_run(store.data_fingerprint())
        store.write_run(replace(run, notes="for ada"), by_user(explanations))
        told = [each.what for each in store.forget("ada").remains]
        assert told[:2] == [
            "the data set 'small' (films of ada, 2024) is named with the person's id",
            "the run 'new' has the person's id in: notes",
        ]
        assert not [what for what in (each.what for each in store.forget("ben").remains) if "person's id in" in what]


def test_what_lies_elsewhere_is_named_by_engine() -> None:
    words = [[each.what for each in remains_of("42", [], [], engine)] for engine in ("ladybug", "neo4j")]
    assert words[0] == words[1][:-1]
    assert "transaction logs" in words[1][-1]
    for part in ("models", "split files", "exports", "backups", "cache"):
        assert any(part in what for what in words[0])
    info = replace(SMALL, id="set-142", name="42nd street")
    assert [each.what for each in remains_of("42", [info], [], "ladybug")] == words[0]
