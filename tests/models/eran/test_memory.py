"""No items × items anywhere, and what is answered for many users at once stays within bounds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.models.eran.memory_worker import ASKING, CATALOGUE, ITEMS

WORKER = Path(__file__).with_name("memory_worker.py")


@pytest.fixture(scope="module")
def peaks() -> dict[str, float]:
    """MB that each piece of work needed above what was there before."""
    if not os.access("/proc/self/clear_refs", os.W_OK):
        pytest.skip("the highest memory of a process is read from /proc, which Linux has")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    environment["MALLOC_MMAP_THRESHOLD_"] = "4000000"  # so that what is freed goes back, and the level can be read
    done = subprocess.run([sys.executable, str(WORKER)], capture_output=True, text=True, check=False, env=environment)
    assert not done.returncode, done.stderr
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_no_fit_has_items_by_items(peaks: dict[str, float]) -> None:
    """Items × items of one network alone would be 1.6 GB; each fit stays below a quarter of it."""
    square = ITEMS * ITEMS * 4 / 1e6
    fits = {name: peak for name, peak in peaks.items() if name.startswith("fit ")}
    assert len(fits) == 5
    assert max(fits.values()) < square / 4, fits


def test_scores_of_many_users_take_little_more_than_the_result(peaks: dict[str, float]) -> None:
    """The result is 1,024 × 50,000; the parts by network, items and users are made for some users at a time."""
    result = ASKING * CATALOGUE * 4 / 1e6
    assert max(peaks["score networks"], peaks["score minimum"]) < result + 300, peaks


def test_one_long_history_does_not_lengthen_the_others(peaks: dict[str, float]) -> None:
    """Vectors of 1,024 histories as long as the longest, of 10,000 items, would be 3.9 GB."""
    assert max(peak for name, peak in peaks.items() if name.startswith("named ")) < 300, peaks


def test_reasons_are_weighed_for_some_users_at_a_time(peaks: dict[str, float]) -> None:
    """Vectors of 10,230 histories of up to 60 items in three networks would be 236 MB, several times over."""
    assert max(peak for name, peak in peaks.items() if name.startswith(("reasons", "weights"))) < 200, peaks
