"""Export to CSV, and import by Neo4j's own importer."""

from __future__ import annotations

import errno
import os
import subprocess
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec import server
from graphrec.errors import InputError
from graphrec.server.jars import jars_of
from graphrec.server.java import find_java
from graphrec.server.process import java_options
from graphrec.store import export
from graphrec.store.export import export_store
from graphrec.store.opening import open_store
from graphrec.tables import GraphTables
from tests.conftest import QUICK_START, need_java_and_maven
from tests.store.content import everything, load_small, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.store.store import Store

NASTY = [
    "two\nlines\r\nand\ttabs",
    "comma, \"quote\" and 'apostrophe'",
    "back\\slash\\",
    " spaces ",
    "漢字 🎬",
    "NULL",
    "a;b|c",
]


def fill(store: Store) -> None:
    load_small(store)
    names = pa.table({"id": NASTY, "name": [*NASTY[:-1], ""]})
    store.load(GraphTables({"Item": names}), store.base_dataset())
    write_small_runs(store)


@pytest.fixture
def imported(tmp_path: Path) -> Callable[[Path], str]:
    """Import a folder by its own script, and start a server on the result."""
    need_java_and_maven(server.LTS)
    java = find_java(server.LTS)
    home = tmp_path / "home"
    home.mkdir()
    admin = tmp_path / "neo4j-admin"
    options = " ".join(java_options("256m"))
    admin.write_text(
        f'#!/bin/sh\nexec "{java}" {options} -cp "{jars_of(server.LTS, java)}/*" org.neo4j.cli.AdminTool "$@"\n'
    )
    admin.chmod(0o755)

    def start(folder: Path) -> str:
        settings = {"NEO4J_ADMIN": str(admin), "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
        said = subprocess.run(
            ["sh", str(folder / "import.sh")],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stdout + said.stderr
        info = server.start(home, bolt_port=0, http_port=0, heap="256m", page_cache="64m", with_docker=False)
        return info.bolt_uri

    yield start
    server.stop(home, discard=True)


def test_the_real_importer_makes_the_same_graph(
    opened: Callable[[str], Store], imported: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened("neo4j")
    fill(store)
    held = everything(store)
    summary = export_store(store, tmp_path / "csv")
    assert summary.rows == {part: len(rows) for part, rows in held.items()} | {"Dataset": 1}
    assert summary.command in (tmp_path / "csv" / "README.md").read_text()
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", QUICK_START)
    with open_store(imported(tmp_path / "csv")) as copy:
        assert copy.fingerprint() == store.fingerprint() == copy.data_fingerprint()
        assert copy.datasets() == store.datasets()
        assert copy.runs() == store.runs()
        assert everything(copy) == held


def test_both_engines_export_the_same_files(opened: Callable[[str], Store], tmp_path: Path) -> None:
    for engine in ("ladybug", "neo4j"):
        store = opened(engine)
        fill(store)
        export_store(store, tmp_path / engine)
    one, other = tmp_path / "ladybug", tmp_path / "neo4j"
    assert sorted(path.name for path in one.iterdir()) == sorted(path.name for path in other.iterdir())
    for path in one.glob("*.csv"):
        if path.name != "nodes-Dataset.csv":  # it holds the moment of loading
            assert sorted(path.read_bytes().split(b"\n")) == sorted((other / path.name).read_bytes().split(b"\n")), (
                path.name
            )


@pytest.mark.parametrize("name", ["mine.txt", "import.sh", ".graphrec-mine"])
def test_a_folder_that_holds_something_is_left_alone(opened: Callable[[str], Store], tmp_path: Path, name: str) -> None:
    store = opened("ladybug")
    load_small(store)
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / name).write_text("mine")
    with pytest.raises(InputError, match=r"no part of an export|no export"):
        export_store(store, tmp_path / "csv")
    assert [path.read_text() for path in (tmp_path / "csv").iterdir()] == ["mine"]


def test_an_earlier_export_is_replaced_and_one_with_something_else_beside_it_is_not(
    opened: Callable[[str], Store], tmp_path: Path
) -> None:
    store = opened("ladybug")
    load_small(store)
    write_small_runs(store)
    export_store(store, tmp_path / "csv")
    with_runs = {path.name for path in (tmp_path / "csv").iterdir()}
    store.delete_runs(["old", "new"])
    export_store(store, tmp_path / "csv")
    assert {"nodes-Run.csv"} < with_runs - {path.name for path in (tmp_path / "csv").iterdir()}
    (tmp_path / "csv" / "thesis.tex").write_text("years of work")
    held = {path.name: path.read_bytes() for path in (tmp_path / "csv").iterdir()}
    with pytest.raises(InputError, match=r"the folder holds 'thesis\.tex', which is no part of it"):
        export_store(store, tmp_path / "csv")
    assert {path.name: path.read_bytes() for path in (tmp_path / "csv").iterdir()} == held


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_an_export_that_fails_leaves_the_one_before(
    opened: Callable[[str], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    store = opened("ladybug")
    load_small(store)
    export_store(store, tmp_path / "csv")
    held = {path.name: path.read_bytes() for path in tmp_path.rglob("csv*/*")}
    write_small_runs(store)

    def failing(*_: object) -> None:
        raise fault

    monkeypatch.setattr(export.ImporterFiles, "add", failing)
    with pytest.raises(type(fault)):
        export_store(store, tmp_path / "csv")
    assert {path.name: path.read_bytes() for path in tmp_path.rglob("csv*/*")} == held


def test_headers_say_types_and_id_spaces(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store = opened("ladybug")
    load_small(store)
    export_store(store, tmp_path / "csv")
    header = (tmp_path / "csv" / "edges-User-INTERACTED-Item.csv").read_text().splitlines()[0]
    assert (
        header
        == '":START_ID(User)",":END_ID(Item)","rating:double","weight:double","timestamp:long","microsecond:long"'
    )
    assert (tmp_path / "csv" / "nodes-User.csv").read_text().splitlines()[0] == '"id:ID(User)","name:string"'
