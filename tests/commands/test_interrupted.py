"""Killed with -9 at random moments, the same command again ends where an undisturbed one does."""

from __future__ import annotations

import random
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from graphrec.store.opening import open_store
from tests.commands.conftest import COMMAND
from tests.commands.test_main_job import write_movies
from tests.store.content import everything

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


def killed(line: list[str], seconds: float) -> bool:
    """Run a command and kill it after a while; return whether it was still running."""
    process = subprocess.Popen([*COMMAND, *line], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def test_training_goes_on_from_its_checkpoint_to_the_very_same_fit(
    graphrec: Command, embedded: str, tmp_path: Path
) -> None:
    line = ["train", "reconet", "--set", "epochs=300", "--store", embedded]
    whole = graphrec.good(*line, "--out", tmp_path / "whole", "--json").json
    checkpoint = tmp_path / "cut.checkpoint"
    process = subprocess.Popen([*COMMAND, *line, "--out", str(tmp_path / "cut")], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(checkpoint.glob("*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert not (tmp_path / "cut").exists()
    assert list(checkpoint.iterdir())
    again = graphrec.good(*line, "--out", tmp_path / "cut", "--json").json
    assert again["fit"] == whole["fit"]
    assert not checkpoint.exists()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_recommend_leaves_the_old_run_current_and_completes(
    graphrec: Command, empty: str, tmp_path: Path, seed: int
) -> None:
    graphrec.good("load", "movielens", write_movies(tmp_path / "ml"), "--store", empty)
    graphrec.good("train", "ease", "--set", "reg=1", "--store", empty)
    first = graphrec.good("recommend", "graphrec-fit", "--k", 1, "--store", empty, "--json").json
    line = ["recommend", "graphrec-fit", "--k", "5", "--store", empty]
    begun = time.monotonic()
    assert not killed([*line, "--out", str(tmp_path / "parquet")], 120)
    usual = time.monotonic() - begun
    chance, seen = random.Random(seed), set()
    for _ in range(3):
        if killed(line, usual * chance.uniform(0.5, 1.1)):
            status = graphrec.good("status", "--store", empty, "--json").json
            seen.add(status["current"]["run"])
            assert status["runs"] in (1, 2)
    final = graphrec.good(*line, "--json").json
    assert (final["current"], final["audit"]["sound"]) == (True, True)
    assert seen <= {first["run"], final["run"]}
    with open_store(empty, read_only=True) as store:
        disturbed = everything(store)
    assert len(graphrec.good("runs", "--store", empty, "--json").json) == 2
    graphrec.good("runs", "delete", final["run"], "--store", empty)
    again = graphrec.good(*line, "--json").json
    assert again["run"] == final["run"]
    with open_store(empty, read_only=True) as store:
        undisturbed = everything(store)
    for part in disturbed:
        if part != "Run":  # its moment of creation differs
            assert disturbed[part] == undisturbed[part], part
