"""Two processes on the processor train one model: every example once, the same weights, the same quality."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graphrec.models.checkpoint import FILE
from graphrec.models.distributed import Team, current_team, joined
from graphrec.torchrun import MARK
from tests.conftest import ROOT
from tests.models.distributed_worker import EXAMPLES, train_and_write

WORKER = Path(__file__).with_name("distributed_worker.py")


def results(out: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(out.glob("*.json"))]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("alone")
    train_and_write(out)
    (result,) = results(out)
    return result


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("two")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    line = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
        str(WORKER),
        str(out),
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert not done.returncode, done.stderr
    assert (out / "checkpoint" / FILE).is_file()
    return results(out)


def test_every_example_is_seen_once_an_epoch(two: list[dict[str, Any]]) -> None:
    assert [said["rank"] for said in two] == [0, 1]
    for epoch in range(60):
        ours, theirs = (said["seen"][epoch] for said in two)
        assert len(ours) == 7 * 8 - 3  # batches 0, 2, … 12, the last of them of five
        assert len(theirs) == 6 * 8
        assert sorted(ours + theirs) == list(range(EXAMPLES))
    assert two[0]["seen"][0] != two[0]["seen"][1]


def test_all_end_with_the_same_weights_and_know_the_same(two: list[dict[str, Any]]) -> None:
    one, other = two
    for name in ("weights", "reconet", "eran", "losses", "values", "quality"):
        assert one[name] == other[name], name
    assert len(one["losses"]) == 60
    assert one["losses"][-1] < one["losses"][0] / 50
    assert one["weights"]["rare"][0] > 0.9, "a gradient that one process alone has counts"


def test_no_thread_of_the_group_outlives_it(two: list[dict[str, Any]]) -> None:
    """A thread that asks for the interpreter while the process leaves it would abort the process, now and then."""
    assert all(said["group ended"] for said in two)


def test_the_first_alone_validates_reports_and_fails_with_words(two: list[dict[str, Any]]) -> None:
    assert [said["validated"] for said in two] == [60, 0]
    assert [said["told"] for said in two] == [62, 0]
    assert [said["failure"] for said in two] == ["only the first knows", 7]


def test_two_are_as_good_as_one(alone: dict[str, Any], two: list[dict[str, Any]]) -> None:
    assert sorted(alone["seen"][0]) == sorted(two[0]["seen"][0] + two[1]["seen"][0])
    assert two[0]["quality"] == pytest.approx(alone["quality"], abs=0.03)
    assert alone["quality"] > 0.6


def test_without_torchrun_a_process_is_alone() -> None:
    with joined() as team:
        assert team == Team()
        assert team.first
        assert current_team() == team
    assert list(team.share([1, 2, 3])) == [1, 2, 3]


def test_a_share_is_every_other_batch() -> None:
    assert list(Team(0, 2).share(range(5))) == [0, 2, 4]
    assert list(Team(1, 2).share(range(5))) == [1, 3, None]
    assert list(Team(2, 3).share(range(4))) == [2, None]
    assert list(Team(1, 2).share([])) == []


def test_what_other_launchers_set_is_not_taken_for_torchrun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("RANK", "3")
    monkeypatch.delenv(MARK, raising=False)
    with joined() as team:
        assert team.size == 1
