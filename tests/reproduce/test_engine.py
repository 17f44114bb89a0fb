"""Jobs are done once, in order, and what is done survives anything."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from graphrec.errors import ModelError
from graphrec.reproduce.cache import Cache
from graphrec.reproduce.engine import run_jobs
from graphrec.reproduce.job import Job
from graphrec.reproduce.runners import RunData

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.reproduce.engine import Step
    from graphrec.reproduce.job_context import JobContext

DONE: list[str] = []
"""Labels in the order in which they were done, in this process."""


def note(context: JobContext, job: Job) -> dict[str, Any]:
    """Remember the label; the result is the sum of a number and of what was needed."""
    DONE.append(job.label)
    if job.inputs.get("fail"):
        raise ValueError("as asked")
    return {"value": job.inputs["value"] + sum(context.result(needed)["value"] for needed in job.needs)}


def die(context: JobContext, job: Job) -> dict[str, Any]:
    """Take the whole process along."""
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def empty(context: JobContext, job: Job) -> dict[str, Any]:
    """Find what JSON cannot say."""
    return {"value": float("nan")}


HERE = "tests.reproduce.test_engine"


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    DONE.clear()


def named(label: str, value: int = 1, needs: tuple[Job, ...] = (), **inputs: Any) -> Job:
    return Job(f"{HERE}:note", "group", label, {"value": value, "label": label, **inputs}, needs)


def run(folder: Path, wanted: list[Job], workers: int = 1, watch: Any = lambda step: None) -> int:
    cache = Cache(folder)
    return run_jobs(wanted, cache, RunData(None, {}, folder), workers, watch)  # type: ignore[arg-type]


def test_what_is_needed_comes_first_and_everything_once(tmp_path: Path) -> None:
    first = named("first", 1)
    second = named("second", 10, (first,))
    third = named("third", 100, (first, second))
    assert run(tmp_path, [third, second, third]) == 3
    assert DONE == ["first", "second", "third"]
    assert Cache(tmp_path).result(third)["value"] == 100 + 1 + 11
    assert run(tmp_path, [third]) == 0
    assert len(DONE) == 3


def test_a_key_changes_with_everything_that_decides_and_with_nothing_else() -> None:
    job = named("a", 1)
    same = replace(job, label="another label", keep=True, inputs=dict(reversed(list(job.inputs.items()))))
    assert same.key == job.key
    others = [
        replace(job, kind="fit"),
        replace(job, inputs={**job.inputs, "value": 2}),
        replace(job, inputs={**job.inputs, "value": 1.5}),
        replace(job, needs=(named("b"),)),
    ]
    assert len({job.key, *(other.key for other in others)}) == 5
    assert named("c", needs=(named("b", 1),)).key != named("c", needs=(named("b", 2),)).key


def test_a_result_says_what_it_is_of(tmp_path: Path) -> None:
    job = named("say", 3)
    run(tmp_path, [job])
    content = json.loads((tmp_path / f"{HERE}.note" / "group" / f"{job.key}.json").read_text(encoding="utf-8"))
    assert (content["label"], content["inputs"]["value"], content["result"]["value"]) == ("say", 3, 3)


def test_a_failure_ends_only_what_needs_it_and_is_tried_again(tmp_path: Path) -> None:
    bad = named("bad", fail=True)
    lost = named("lost", needs=(bad,))
    lost_too = named("lost too", needs=(lost,))
    good = named("good")
    seen: list[Step] = []
    with pytest.raises(ModelError, match="1 of 4 jobs failed; the first, bad: unexpected ValueError: as asked"):
        run(tmp_path, [lost_too, good], watch=seen.append)
    assert DONE == ["bad", "good"]
    assert [(step.outcome.job.label, bool(step.outcome.failure)) for step in seen] == [("bad", True), ("good", False)]
    assert "test_engine.py" in seen[0].outcome.details
    with pytest.raises(ModelError):
        run(tmp_path, [lost_too, good])
    assert DONE == ["bad", "good", "bad"]


def test_a_result_that_is_no_number_is_a_failure_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Out of range float"):
        run(tmp_path, [Job(f"{HERE}:empty", "group", "nan", {})])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_rest_takes_as_long_as_what_was_like_it(tmp_path: Path) -> None:
    seen: list[Step] = []
    run(tmp_path, [named(str(n)) for n in range(3)], watch=seen.append)
    assert [(step.done, step.total) for step in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[0].left == pytest.approx(2 * seen[0].outcome.seconds)
    assert seen[2].left == 0


def test_several_processes_find_the_same(tmp_path: Path) -> None:
    first = [named(f"first {n}", n) for n in range(3)]
    last = named("last", 100, tuple(first))
    seen: list[Step] = []
    assert run(tmp_path, [last], workers=2, watch=seen.append) == 4
    assert DONE == []  # not here
    assert seen[-1].outcome.job.label == "last"
    assert Cache(tmp_path).result(last)["value"] == 103


def test_a_process_that_dies_takes_its_job_alone_along(tmp_path: Path) -> None:
    dead = Job(f"{HERE}:die", "group", "dead", {})
    good = [named(f"good {n}", n) for n in range(3)]
    with pytest.raises(ModelError, match="1 of 4 jobs failed; the first, dead: its process died with code -9"):
        run(tmp_path, [dead, *good], workers=2)
    assert all(Cache(tmp_path).has(job) for job in good)
