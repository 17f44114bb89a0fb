"""What is answered for many users of a catalogue with many features stays within bounds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.models.aspects.memory_worker import FEATURES, FEW, ITEMS, LONGEST, SETTINGS, USERS

WORKER = Path(__file__).with_name("memory_worker.py")
MEGABYTES = 4 / 1e6


@pytest.fixture(scope="module")
def peaks() -> dict[str, float]:
    """MB that each answer needed above what was there before."""
    if not os.access("/proc/self/clear_refs", os.W_OK):
        pytest.skip("the highest memory of a process is read from /proc, which Linux has")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    environment["MALLOC_MMAP_THRESHOLD_"] = "4000000"  # so that what is freed goes back, and the level can be read
    done = subprocess.run([sys.executable, str(WORKER)], capture_output=True, text=True, check=False, env=environment)
    assert not done.returncode, done.stderr
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_scores_take_little_more_than_the_result(peaks: dict[str, float]) -> None:
    """The sums over shared features are made for some users at a time, beside the scores that they are added to."""
    assert peaks["score"] < 2 * USERS * ITEMS * MEGABYTES + 30, peaks
    assert peaks["score named"] < 100, peaks


def test_reasons_are_weighed_for_some_users_at_a_time(peaks: dict[str, float]) -> None:
    """The result is as wide as the longest user's inputs; the rest stays a block."""
    assert peaks["evidence"] < USERS * 10 * 2 * LONGEST * MEGABYTES + 55, peaks


def test_settings_over_the_catalogue_are_scored_for_some_users_at_a_time(peaks: dict[str, float]) -> None:
    """The parts of 60 inputs for 20,000 items of 64 users are 307 MB, the result 20."""
    assert peaks["score_with"] < 2 * FEW * SETTINGS * ITEMS * MEGABYTES + 100, peaks


def test_vectors_are_made_for_some_users_at_a_time(peaks: dict[str, float]) -> None:
    """All scores at once would be 41 MB, several times over."""
    assert peaks["vectors"] < USERS * FEATURES * MEGABYTES + 100, peaks
