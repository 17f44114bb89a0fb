"""The command, run as a user runs it, on small stores of both engines."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graphrec.commands import main
from graphrec.store.opening import open_store
from tests.store.content import copied_small, load_small, write_small_runs

COMMAND = [sys.executable, "-c", "from graphrec.commands.main import main; main()"]


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What --json printed; nothing else may be on standard output."""
        return json.loads(self.out)


class Command:
    """Runs the command in this process, with the output caught."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: object) -> Said:
        self._capture.readouterr()
        code = main.run([str(argument) for argument in arguments])
        said = self._capture.readouterr()
        return Said(code, said.out, said.err)

    def good(self, *arguments: object) -> Said:
        """Run a command that has to succeed."""
        said = self(*arguments)
        assert said.code == 0, said.err
        return said

    def bad(self, code: int, *arguments: object) -> str:
        """Run a command that has to fail with this exit code; return its one sentence."""
        said = self(*arguments)
        assert said.code == code, (said.code, said.out, said.err)
        assert "Traceback" not in said.err
        return said.err.strip()


def in_a_process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    line = [*COMMAND, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=300, **options)


@pytest.fixture
def graphrec(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command, in an empty folder and without a store in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHREC_STORE", raising=False)
    monkeypatch.delenv("GRAPHREC_TRACEBACK", raising=False)
    return Command(capsys)


@pytest.fixture(params=["ladybug", "neo4j"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URI of an empty store of each engine."""
    return str(tmp_path / "store") if request.param == "ladybug" else request.getfixturevalue("clean_neo4j_store")


@pytest.fixture
def small(empty: str) -> str:
    """The URI of a store with the small graph."""
    return filled(empty)


@pytest.fixture
def small_runs(empty: str) -> str:
    """The URI of a store with the small graph and its two runs."""
    return filled(empty, runs=True)


@pytest.fixture
def embedded(tmp_path: Path) -> str:
    """The URI of an embedded store with the small graph."""
    return filled(str(tmp_path / "embedded"))


def filled(uri: str, *, runs: bool = False) -> str:
    """Put the small graph, and its two runs if wanted, into an empty store."""
    if "://" not in uri:
        copied_small(Path(uri), runs=runs)
        return uri
    with open_store(uri) as store:
        load_small(store)
        if runs:
            write_small_runs(store)
    return uri
