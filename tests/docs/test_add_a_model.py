"""docs/add-a-model.md works as written, in a folder outside the repository: test, training, loading."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from graphrec.commands import main
from tests.documentation import DOCS
from tests.store.content import copied_small

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (DOCS / "add-a-model.md").read_text(encoding="utf-8")
BLOCKS = {name: text for _, name, text in re.findall(r"^```(\w+) (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)}
MODEL, TEST = "item_similarity.py", "test_item_similarity.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with every Python file of the page, and nothing else."""
    for name, text in BLOCKS.items():
        if name.endswith(".py"):
            (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_holds_what_it_speaks_of() -> None:
    assert list(BLOCKS) == [MODEL, TEST, "test", "train", "load.py"]
    assert len([line for line in BLOCKS[TEST].splitlines() if line.strip()]) == 5
    assert 'name = "item-similarity"' in BLOCKS[MODEL]
    assert PAGE.endswith('\n    "item-similarity": "graphrec.models.item_similarity:ItemSimilarity",\n')


def test_its_model_passes_and_a_broken_one_fails_where_it_is_broken(folder: Path) -> None:
    """The broken model states effects of the wrong sign; what fails shows both values."""
    assert BLOCKS["test"] == "python -m pytest\n"
    broken = BLOCKS[MODEL].replace("return chosen.weights", "return -chosen.weights")
    assert broken != BLOCKS[MODEL]
    (folder / "broken.py").write_text(broken, encoding="utf-8")
    (folder / "test_broken.py").write_text(
        BLOCKS[TEST].replace("from item_similarity", "from broken"), encoding="utf-8"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(DOCS.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    outcome = re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED) (\w+\.py)::\w+::(\w+)", ran.stdout, re.MULTILINE)
    wrong = {test for result, file, test in outcome if result != "PASSED" and file == "test_broken.py"}
    assert wrong == {"test_effects_are_what_scoring_again_measures"}, ran.stdout[-3000:]
    assert {result for result, file, _ in outcome if file == TEST} == {"PASSED"}, ran.stdout[-3000:]
    assert len([file for _, file, _ in outcome if file == TEST]) >= 30
    assert re.search(r"^E +assert -?\d\.\d+ == -?\d\.\d+ ± 2\.0e-05$", ran.stdout, re.MULTILINE), ran.stdout[-3000:]


def test_its_commands_train_and_recommend(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.delitem(sys.modules, "item_similarity", raising=False)
    copied_small(folder / "graphrec-store")
    for line in BLOCKS["train"].splitlines():
        program, *words = line.split()
        assert (program, main.run([*words, "--store", "graphrec-store"])) == ("graphrec", 0), capsys.readouterr().err
    printed = capsys.readouterr().out
    assert "Next: graphrec recommend fit --kind item_similarity:ItemSimilarity\n" in printed
    assert re.search(r"^Run item-similarity-\w+ written: full, is current\.$", printed, re.MULTILINE), printed
    assert main.run(["train", "item_similarity:ItemSimilarity", "--help"]) == 0
    assert re.search(r"shrinkage=1\.0 +added to the norms of items", capsys.readouterr().out)
    assert main.run(["recommend", "fit", "--store", "graphrec-store"]) == 2
    assert "'item-similarity' is not one of graphrec's own (fit)" in capsys.readouterr().err
    monkeypatch.syspath_prepend(folder)
    exec(compile(BLOCKS["load.py"], "load.py", "exec"), {})
    assert capsys.readouterr().out == "2.0\n"
