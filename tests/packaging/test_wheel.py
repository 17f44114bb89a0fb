"""What is built carries everything: the wheel, made from the source distribution, does the main job elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.commands.test_main_job import write_movies
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    line = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(line, check=True, capture_output=True, text=True)
    return folder


@pytest.fixture(scope="module")
def elsewhere(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with the wheel; what it depends on is shared with this one, graphrec itself is not."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    # A path in a .pth file is searched last, and .pth files inside it are not read: an editable graphrec stays unseen.
    (packages,) = folder.glob("lib/python*/site-packages")
    shared = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (packages / "shared.pth").write_text("\n".join(shared) + "\n", encoding="utf-8")
    return folder


def run(folder: Path, *line: str, cwd: Path) -> str:
    """Run a program of the clean environment away from the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GRAPHREC", "NEO4J"))}
    program, *arguments = line
    said = subprocess.run(
        [str(folder / "bin" / program), *arguments], cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    return said.stdout


def shipped(suffixes: tuple[str, ...] = (".py", ".cypher", ".grass", ".toml")) -> set[str]:
    """Return what of ``cypher/``, ``loaders/`` and ``recipes/`` has to be in a wheel, by its path there."""
    return {
        f"graphrec/{file.relative_to(ROOT)}"
        for folder in ("cypher", "loaders", "recipes")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in suffixes
    }


def test_the_wheel_has_the_queries_and_loaders_once(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert len(names) == len(set(names))
    assert shipped() <= set(names)
    assert {
        "graphrec/py.typed",
        "graphrec/docker-compose.yml",
        "graphrec/loaders/__init__.py",
        "graphrec/answers/page.html",
        "graphrec/answers/whatif.html",
        "graphrec/report/page.html",
        "graphrec/server/files/neo4j-5.26/pom.xml",
        "graphrec/server/files/neo4j-5.26/jars.sha256",
    } <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/")) or "__pycache__" in name]


def test_the_source_distribution_has_what_tests_and_docs_need(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "Makefile", "tests/conftest.py", "docs/command.md"} <= names
    assert {name.removeprefix("graphrec/") for name in shipped()} <= names


def test_the_main_job_away_from_the_checkout(elsewhere: Path, tmp_path: Path) -> None:
    where = run(elsewhere, "python", "-c", "import graphrec; print(graphrec.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(elsewhere)
    write_movies(tmp_path / "ml")
    run(elsewhere, "graphrec", "load", "movielens", "ml", cwd=tmp_path)
    run(elsewhere, "graphrec", "train", "reconet", "--set", "epochs=2", cwd=tmp_path)
    written = run(elsewhere, "graphrec", "recommend", "graphrec-fit", cwd=tmp_path)
    assert "full, is current" in written
    said = run(elsewhere, "graphrec", "why", "1", "--html", "why.html", cwd=tmp_path)
    assert "which they watched" in said
    assert (tmp_path / "why.html").read_text(encoding="utf-8").count("<svg") > 0
    assert "no reason is untrue" in run(elsewhere, "graphrec", "verify", cwd=tmp_path)


def test_the_recipes_are_found_away_from_the_checkout(elsewhere: Path, tmp_path: Path) -> None:
    line = "from graphrec.reproduce import recipe_files as f; print(*map(f.read_recipe, f.known_recipes()))"
    assert "name='reconet'" in run(elsewhere, "python", "-c", line, cwd=tmp_path)


def test_the_compose_file_is_found_away_from_the_checkout(elsewhere: Path, tmp_path: Path) -> None:
    line = "from graphrec.server.docker import COMPOSE_FILE; print(COMPOSE_FILE.read_text(encoding='utf-8'))"
    assert "image: neo4j:5.26-community" in run(elsewhere, "python", "-c", line, cwd=tmp_path)
