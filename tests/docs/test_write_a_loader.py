"""Follows docs/write-a-loader.md to the letter: writes its files, runs its commands, compares what they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "write-a-loader.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A code block of the page."""

    language: str
    file: str
    content: str


BLOCKS = [Block(language, file, content) for language, file, content in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file of the page."""
    folder = tmp_path_factory.mktemp("library")
    for block in BLOCKS:
        if block.file:
            (folder / block.file).write_text(block.content, encoding="utf-8")
    return folder


def test_the_page_holds_what_it_speaks_of() -> None:
    files = ["loans.csv", "books.csv", "mapping.toml", "library.py", "headerless.py"]
    assert [block.file for block in BLOCKS if block.file] == files
    assert [block.language for block in BLOCKS if not block.file] == ["sh", "text", "sh", "text"]


def test_the_page_reads_a_file_without_a_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own assertions are the test."""
    monkeypatch.chdir(tmp_path)
    exec(next(block.content for block in BLOCKS if block.file == "headerless.py"), {})
    assert (tmp_path / "ratings.dat").is_file()


def test_the_loader_has_under_40_lines_of_code() -> None:
    code = next(block.content for block in BLOCKS if block.file == "library.py")
    assert len([line for line in code.splitlines() if line.strip()]) < 40


@pytest.mark.parametrize(("command", "expected"), [(a, b) for a, b in pairwise(BLOCKS) if a.language == "sh"])
def test_commands_print_what_the_page_shows(folder: Path, command: Block, expected: Block) -> None:
    done = run(folder, command.content)
    assert done.stdout == expected.content
    again = run(folder, command.content)
    assert "was loaded before; nothing changed." in again.stdout


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(command)
    assert program == "graphrec"
    start = [sys.executable, "-c", "import sys; from graphrec.commands.main import main; sys.exit(main())"]
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(
        [*start, *arguments], cwd=folder, capture_output=True, text=True, check=False, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done


def test_both_ways_load_the_same_people_books_and_loans(folder: Path) -> None:
    from graphrec.schema.elements import EdgeKind
    from graphrec.store.opening import open_store

    loans = []
    for command in (block.content for block in BLOCKS if block.language == "sh"):
        run(folder, command)
        with open_store(folder / shlex.split(command)[-1]) as store:
            rows = [
                row for batch in store.read_edges(EdgeKind("INTERACTED", "User", "Item")) for row in batch.to_pylist()
            ]
            names = {row["id"]: row["name"] for batch in store.read_nodes("Item") for row in batch.to_pylist()}
        assert names == {"b1": "The Sea", "b2": "Stars, Near and Far", "b3": "Icebergs"}
        loans.append({(row["from"], row["to"], row["rating"], row["weight"]) for row in rows})
    assert (
        loans[0]
        == loans[1]
        == {
            ("ann", "b1", 4.0, 2.0),
            ("ann", "b2", 3.0, 1.0),
            ("bob", "b1", 4.0, 1.0),
            ("bob", "b3", None, 1.0),
            ("cid", "b3", 2.0, 1.0),
        }
    )
