"""Nothing is imported from the folder that the command is run in, but for what its owner names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graphrec.errors import UsageError
from graphrec.user_modules import import_from_here, import_installed

TRAPS = (
    "json", "typing", "pathlib", "dataclasses", "logging", "random", "pickle", "multiprocessing", "socket", "typer",
    "rich", "numpy", "pandas", "pyarrow", "torch", "dgl", "neo4j", "ladybug", "pydantic", "scipy", "safetensors",
    "graphrec_loaders", "graphrec_something", "sitecustomize",
)  # fmt: skip
REPO = Path(__file__).parents[1]


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    for name in TRAPS:
        (tmp_path / f"{name}.py").write_text(
            f"open({str(tmp_path / 'IMPORTED')!r}, 'a').write({name!r})\nraise SystemExit('imported {name}')\n"
        )
    return tmp_path


def run(folder: Path, *line: str, **options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPO), **options}
    environment.pop("PYTHONSAFEPATH", None)
    return subprocess.run(
        [sys.executable, "-m", "graphrec", *line],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300, env=environment,
    )  # fmt: skip


def test_modules_in_the_current_folder_are_left_alone(trapped: Path) -> None:
    ratings = "user,item\n" + "".join(f"u{u},i{i}\n" for u in range(6) for i in range(u % 3, u % 3 + 3))
    (trapped / "r.csv").write_text(ratings)
    (trapped / "m.toml").write_text(
        '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "user"\nitem = "item"\n'
    )
    for line in (
        ("load", "table", "m.toml"),
        ("train", "ease", "--out", "fit"),
        ("recommend", "fit"),
        ("why", "u1", "--html", "why.html"),
        ("check",),
        ("--version",),
    ):
        done = run(trapped, *line, GRAPHREC_STORE="store")
        assert done.returncode == 0, done.stderr
    assert not (trapped / "IMPORTED").exists()


def test_what_a_person_names_never_takes_the_place_of_an_installed_module(trapped: Path) -> None:
    refusals = {
        "json": "'json' is a module of Python itself",
        "numpy": "two modules are called 'numpy', one in the current folder and one of",
        "torch": "two modules are called 'torch', one in the current folder and one of",
    }
    for name, refusal in refusals.items():
        done = run(trapped, "load", f"{name}:load", ".", "--store", "store")
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert refusal in done.stderr
    assert not (trapped / "IMPORTED").exists()
    assert "imported graphrec_something" in run(trapped, "load", "graphrec_something:load", ".").stderr


def test_a_model_of_ones_own_finds_what_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_module_beside.py").write_text("from own_helper_beside import answer\nimport json\n")
    (tmp_path / "own_helper_beside.py").write_text("answer = 42")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    module = import_from_here("own_module_beside")
    assert (module.answer, module.json) == (42, sys.modules["json"])
    assert sys.path == before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "no_such_module_here",
            "there is no module 'no_such_module_here'. Install it, or run the command in the folder",
        ),
        ("no_such_package_here.part", "there is no module 'no_such_package_here.part'"),
        ("broken_module_here", r"'broken_module_here' cannot be imported: SyntaxError: .*Mend it"),
        ("failing_module_here", "'failing_module_here' cannot be imported: ZeroDivisionError: division by zero"),
        ("needing_module_here", "the module 'needing_module_here' needs 'absent_package_x', which is not there"),
        ("a b", "'a b' is not the name of a module"),
        ("a..b", "'a..b' is not the name of a module"),
        ("../up", "'../up' is not the name of a module"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    (tmp_path / "broken_module_here.py").write_text("def")
    (tmp_path / "failing_module_here.py").write_text("1 / 0")
    (tmp_path / "needing_module_here.py").write_text("import absent_package_x")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=words):
        import_from_here(name)


def test_a_recipe_names_installed_packages_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "only_here_for_a_test.py").write_text("raise SystemExit('this was run')")
    (tmp_path / "pandas.py").write_text("raise SystemExit('this was run')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    for name in ("only_here_for_a_test", "pandas", "os", "subprocess", "no_such_package"):
        with pytest.raises(UsageError, match="that pip has installed, not of Python itself or of the current folder"):
            import_installed(name)
    assert import_installed("pyarrow.compute") is sys.modules["pyarrow.compute"]
