"""A driver and a worker are killed once each; ``python -m tests.killing.engine --count 20`` does so many more times."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.killing.engine import EngineKiller, fresh_folders

if TYPE_CHECKING:
    from pathlib import Path


def test_a_killed_driver_is_resumed_and_a_killed_worker_replaced(tmp_path: Path) -> None:
    killer = EngineKiller(fresh_folders(tmp_path))
    assert killer.kill_drivers("processes:2", 1, random.Random(1)) <= 1
    assert killer.kill_workers("processes:2", 1, random.Random(2)) <= 1
