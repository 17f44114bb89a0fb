"""What ``import graphrec`` offers: the same to Python, to editors and to the pages, and light to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import graphrec
from graphrec import explainers, models
from tests.conftest import ROOT

if TYPE_CHECKING:
    from types import ModuleType

HEAVY = ("torch", "pandas", "numpy", "pyarrow", "neo4j", "ladybug", "dgl", "networkx", "pydantic", "scipy", "typer")


def stubbed(package: ModuleType) -> dict[str, str]:
    """Return the names that a package's stub offers, with the modules that they come from."""
    tree = ast.parse(Path(str(package.__file__)).with_suffix(".pyi").read_text(encoding="utf-8"))
    names = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname == alias.name, f"{alias.name} is not exported: import it as itself"
                whole = f"{node.module}.{alias.name}"
                names[alias.name] = whole if node.module == "graphrec" else str(node.module)
    return names


@pytest.mark.parametrize("package", [graphrec, models, explainers], ids=lambda package: package.__name__)
def test_editors_and_python_see_the_same_names(package: ModuleType) -> None:
    assert stubbed(package) == package._HOMES
    assert set(package._HOMES) <= set(dir(package))


@pytest.mark.parametrize("package", [graphrec, models, explainers], ids=lambda package: package.__name__)
def test_every_name_is_there_and_is_what_its_module_defines(package: ModuleType) -> None:
    for name, home in package._HOMES.items():
        offered = getattr(package, name)
        assert offered is (sys.modules[home] if home == f"{package.__name__}.{name}" else vars(sys.modules[home])[name])
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def test_verbs_stay_verbs_whatever_else_is_imported() -> None:
    """A room that was called like a verb would take the verb's place as soon as it is imported."""
    rooms = {path.name for path in Path(str(graphrec.__file__)).parent.iterdir()}
    rooms |= {name.removesuffix(".py") for name in rooms}
    assert rooms & set(graphrec._HOMES) == {"models", "explainers"}


def test_importing_is_light() -> None:
    script = (
        f"import sys, graphrec, graphrec.models, graphrec.explainers; print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_page_names_everything_that_is_stable() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in graphrec._HOMES if f"gr.{name}" not in page] == []
