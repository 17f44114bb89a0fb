"""A job's key changes with the code that makes its result, and with no other code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import graphrec
from graphrec.reproduce import code
from graphrec.reproduce.jobs.registry import KINDS, modules_of

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = """
import json
from graphrec.reproduce.job import Job
fits = {name: Job("fit", name, name, {"model": name}) for name in ("ease", "popularity")}
jobs = {
    **fits,
    "reasons of ease": Job("reasons", "", "", {"methods": {"a": {"explainer": "lime"}}}, (fits["ease"],)),
    "map of ease": Job("embedding", "", "", {}, (fits["ease"],)),
    "planted": Job("planted", "", "", {"methods": {"a": {"model": "ease", "explainer": "shapley"}}}),
}
print(json.dumps({name: job.key for name, job in jobs.items()}))
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    """Return which of some jobs get another key when a file of a copy of graphrec is changed."""
    copy = tmp_path_factory.mktemp("copy") / "graphrec"
    shutil.copytree(Path(graphrec.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))

    def keys() -> dict[str, str]:
        line = [sys.executable, "-c", KEYS]
        here = {"PYTHONPATH": str(copy.parent)}
        run = subprocess.run(line, cwd=copy.parent, capture_output=True, text=True, check=True, env=here)
        read: dict[str, str] = json.loads(run.stdout)
        return read

    before = keys()

    def change(name: str) -> set[str]:
        file = copy / name
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text}\nCHANGED = 1\n", encoding="utf-8")
        try:
            return {job for job, key in keys().items() if key != before[job]}
        finally:
            file.write_text(text, encoding="utf-8")

    return change


EASE = {"ease", "reasons of ease", "map of ease", "planted"}


@pytest.mark.parametrize(
    ("file", "jobs"),
    [
        ("models/ease.py", EASE),
        ("models/popularity.py", {"popularity"}),
        ("explainers/lime.py", {"reasons of ease"}),
        ("explainers/shapley.py", {"planted"}),
        ("reproduce/jobs/embedding.py", {"map of ease"}),
        ("rankings/metrics.py", EASE | {"popularity"}),
        ("dataset/incidence.py", EASE | {"popularity"}),
        ("answers/terminal.py", set()),
        ("report/html.py", set()),
        ("reproduce/sections/results_table.py", set()),
        ("models/kgcn/model.py", set()),
    ],
)
def test_a_change_of_code_changes_the_keys_of_what_runs_it(
    changed: Callable[[str], set[str]], file: str, jobs: set[str]
) -> None:
    assert changed(file) == jobs


def test_imports_are_followed_as_they_are_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative ones, those inside functions, and packages around a module; not those of a type checker."""
    package = tmp_path / "toypackage"
    files = {
        "__init__.py": "from toypackage import front",
        "front.py": "",
        "inner/__init__.py": "from . import shared",
        "inner/shared.py": "import toypackage.outer as outer",
        "inner/start.py": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from toypackage import types\nelse:\n    from toypackage import real\n"
        "def f():\n    from ..late import Something\n    import json",
        "outer.py": "",
        "late.py": "import toypackage.inner.start",
        "types.py": "",
        "real.py": "",
        "unrelated.py": "",
    }
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    reached = code.imported_modules(["toypackage.inner.start"])
    names = ("inner", "inner.start", "inner.shared", "outer", "late", "real")
    assert reached == {f"toypackage.{name}" for name in names}
    assert "toypackage" not in sys.modules  # read, not run


def test_the_modules_of_a_job_are_those_that_its_inputs_name() -> None:
    inputs = {"methods": {"a": {"explainer": "sep", "model": "ease"}}, "settings": {"model": "a word"}}
    assert modules_of("shift", inputs) == (
        "graphrec.explainers.sep.explainer",
        "graphrec.models.ease",
        "graphrec.reproduce.jobs.shift",
    )
    assert modules_of("mine.jobs:run", {}) == ("mine.jobs",)
    assert all(modules_of(kind, {}) == (function.partition(":")[0],) for kind, function in KINDS.items())
