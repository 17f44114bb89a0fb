"""Every engine gives what the work gives, whatever happens to its workers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from graphrec.engines.engine import ATTEMPTS
from graphrec.errors import GraphrecError, InputError, MissingExtraError
from tests.engines import works

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.engines.engine import Engine


def test_results_come_with_the_places_of_their_parts(engine: Engine) -> None:
    assert sorted(engine.map(works.squared, [5, 3, 8, 1, 7, 2, 9])) == list(enumerate([25, 9, 64, 1, 49, 4, 81]))
    assert list(engine.map(works.squared, [])) == []


def test_a_foreseen_error_arrives_as_it_was_raised(engine: Engine) -> None:
    with pytest.raises(InputError) as raised:
        list(engine.map(works.refused, range(8)))
    assert (raised.value.what, raised.value.where) == ("three is not taken", "part 3")
    assert raised.value.remedy == "Give another"
    with pytest.raises(MissingExtraError, match=r"graphrec\[none\]"):
        list(engine.map(works.lacking, [0]))


def test_parts_are_taken_as_they_are_needed(engine: Engine) -> None:
    taken: list[int] = []

    def parts() -> range:
        for part in range(1000):
            taken.append(part)
            yield part

    results = engine.map(works.squared, parts())
    next(results)
    results.close()
    assert len(taken) <= 2 * 2 + 3


def test_work_is_done_elsewhere(workers: Engine) -> None:
    processes = {process for _, process in workers.map(works.which_process, range(12))}
    assert processes
    assert os.getpid() not in processes


def test_a_killed_worker_is_replaced(workers: Engine, tmp_path: Path) -> None:
    results = dict(workers.map(works.DiesOnce(tmp_path, (2, 7)), range(10)))
    assert results == {part: part * part for part in range(10)}
    assert sorted(mark.name for mark in tmp_path.iterdir()) == ["2", "7"]


def test_a_part_that_ends_every_worker_ends_the_job(workers: Engine) -> None:
    with pytest.raises(GraphrecError, match=f"{ATTEMPTS} workers in a row were ended from outside"):
        list(workers.map(works.Dies(), range(4)))
