"""Kills are counted when they hit, and come in every part of the work."""

from __future__ import annotations

import random
import time

import pytest

from tests.killing.driving import Aim, Workers


def test_each_kill_that_hit_is_in_a_part_of_its_own() -> None:
    aim = Aim(random.Random(1), 4, 8.0)
    length = 8.0
    for part in range(4):
        moment = aim.moment()
        assert part * length / 4 <= moment < (part + 1) * length / 4
        aim.count(moment, hit=True)
        length *= Aim.LONGER
    assert aim.is_done()
    assert (aim.hits, aim.late) == (4, 0)


def test_a_kill_that_came_too_late_is_no_hit_and_shortens_the_time() -> None:
    aim = Aim(random.Random(1), 1, 8.0)
    aim.count(3.0, hit=False)
    assert (aim.hits, aim.late) == (0, 1)
    assert all(aim.moment() < 3.0 for _ in range(50))
    assert not aim.is_done()


def test_kills_that_never_hit_end_with_an_error() -> None:
    aim = Aim(random.Random(1), 1, 8.0)
    for _ in range(10):
        aim.count(aim.moment(), hit=False)
    with pytest.raises(RuntimeError, match="11 kills came too late, and 0 of 1 in time"):
        aim.count(aim.moment(), hit=False)


def test_real_kills_hit_work_that_takes_less_time_than_was_thought() -> None:
    workers = Workers()
    aim = Aim(random.Random(1), 3, 2.0)
    outcomes = []
    while not aim.is_done():
        outcomes.append(workers.interrupt(aim, time.sleep, 0.2))
    assert (outcomes.count("killed"), outcomes.count("done")) == (3, aim.late)
    assert aim.late, "the third of three parts of two seconds is after the end of 0.2"
