"""A limit of file sizes is told as such, and everything is as it was."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from graphrec.store.opening import open_store
from tests.commands.conftest import COMMAND
from tests.store.content import copied_small

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_may_not_grow_is_no_full_disk(tmp_path: Path) -> None:
    copied_small(tmp_path / "store", runs=True)
    before = (tmp_path / "store" / "tables" / "manifest.json").read_bytes()
    for line in ("rebuild", "forget ada"):
        for blocks in (1, 100):
            words = " ".join(map(repr, COMMAND))
            text = f"ulimit -f {blocks}; {words} {line} --store {tmp_path / 'store'}"
            done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False, timeout=120)
            assert done.returncode == 4, done.stderr
            assert "a file grows beyond what this process may write" in done.stderr
            assert "ulimit -f" in done.stderr
            assert "disk is full" not in done.stderr
            assert (tmp_path / "store" / "tables" / "manifest.json").read_bytes() == before
    with open_store(tmp_path / "store", read_only=True) as store:
        assert store.check().sound
