"""docs/frames.md works as written, and names every argument."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from graphrec.loading.frames_to_tables import FrameColumns, frames_to_tables
from tests.documentation import DOCS, run_blocks

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_s_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own assertions are the test."""
    monkeypatch.chdir(tmp_path)
    run_blocks("frames.md")
    assert (tmp_path / "library-store").is_dir()


def test_the_page_names_every_argument() -> None:
    page = (DOCS / "frames.md").read_text(encoding="utf-8")
    table = page.split("| argument | meaning |\n|---|---|\n")[1].split("\n\n", maxsplit=1)[0]
    named = {word for row in table.splitlines() for word in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert named == set(inspect.signature(frames_to_tables).parameters) - {"interactions"}


def test_typed_columns_are_the_arguments() -> None:
    """``FrameColumns`` types the keywords of ``Dataset.from_pandas`` and ``Store.load_frames``."""
    assert set(FrameColumns.__annotations__) == set(inspect.signature(frames_to_tables).parameters) - {"interactions"}
