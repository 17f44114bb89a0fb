"""Progress of long tasks."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, how many rows are done, and how many there are (0 = unknown)."""


def no_progress(step: str, done: int, total: int) -> None:
    """Ignore progress."""
