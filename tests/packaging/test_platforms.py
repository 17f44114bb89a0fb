"""What keeps a checkout and the package usable on macOS and Windows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphrec import resources, server
from graphrec.errors import StoreUnavailableError
from graphrec.loading.registry import BUILT_IN, find_loader
from graphrec.store import opening
from tests.conftest import ROOT

KEPT = ("graphrec", "cypher", "loaders", "recipes", "docs", "tests", "benchmarks", ".ci")

WITHOUT_POSIX = """
import sys
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
import graphrec.commands.main, graphrec.server.java, graphrec.store.neo4j.neo4j_store, graphrec.store.neo4j.address
from graphrec.models.registry import find_model
find_model("ease"), find_model("reconet")
"""


def test_no_file_is_a_symbolic_link() -> None:
    files = [path for folder in KEPT for path in (ROOT / folder).rglob("*")] + list(ROOT.glob("*.*"))
    assert len(files) > 700
    assert not [path for path in files if path.is_symlink()]


def test_a_checkout_finds_its_resources_at_the_top() -> None:
    assert Path(resources.RESOURCES) == ROOT


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_loader_is_found(name: str) -> None:
    assert find_loader(name).__module__.startswith("graphrec.loaders.")


def test_the_command_models_and_neo4j_need_no_module_that_windows_lacks() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_POSIX], check=True, cwd=ROOT)


def test_windows_users_are_told_what_does_not_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(StoreUnavailableError, match=r"does not work on Windows.*Subsystem for Linux"):
        opening.open_store(tmp_path / "store")
    with pytest.raises(StoreUnavailableError, match=r"no server is started on Windows.*NEO4J_URI"):
        server.start(tmp_path / "home")
