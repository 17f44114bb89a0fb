"""py2neo came to the end of its life: where it cannot be had, everything but ``graphrec.ogm`` works."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.commands.test_main_job import write_movies
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MAIN_JOB = """
import sys
sys.modules["py2neo"] = None  # an import of it fails
from graphrec.commands.main import run
job = "load movielens ml, train ease --set reg=1, recommend graphrec-fit, why 1, verify, status, doctor, check"
for words in job.split(", "):
    code = run(words.split())
    assert code == 0, (words, code)
"""


def python(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{text}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_main_job_needs_no_py2neo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAPHREC_STORE", raising=False)
    write_movies(tmp_path / "ml")
    done = python(MAIN_JOB, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "– py2neo" in done.stdout  # what doctor says of it


def test_its_classes_say_what_is_missing(tmp_path: Path) -> None:
    line = "sys.modules['py2neo'] = None\nimport graphrec.ogm"
    done = python(line, tmp_path)
    assert "graphrec.ogm needs the package 'py2neo', which is not installed. Run: pip install py2neo" in done.stderr


def test_the_page_says_how_to_install_without_it(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "py2neo.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^    (python -c .*)$", page, flags=re.MULTILINE)
    (code,) = re.findall(r'python -c "(.*)" > needed.txt', line)
    listed = python(code, tmp_path).stdout.splitlines()
    names = {re.match(r"[A-Za-z0-9-]+", one)[0] for one in listed}  # type: ignore[index]
    assert {"neo4j", "ladybug", "torch", "numpy"} <= names
    assert "py2neo" not in names
    assert not [one for one in listed if "extra ==" in one]
    plain = [one for one in importlib.metadata.requires("graphrec") or () if "extra ==" not in one]
    assert len(listed) == len(plain) - 1
