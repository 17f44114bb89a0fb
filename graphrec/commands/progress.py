"""Progress bars on standard error if it is a terminal."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.progress import Progress


@contextlib.contextmanager
def bars() -> Iterator[Progress]:
    """Show one bar for each step until the block ends.

    Yields what stores, models and loaders call: ``progress(what, done, total)``, ``total`` 0 where unknown.
    """
    if not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, int] = {}

        def update(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=total or None)
            shown.update(tasks[name], completed=done, total=total or None)  # type: ignore[arg-type]

        yield update


def _unseen(name: str, done: int, total: int) -> None:
    """Show nothing: standard error is no terminal."""
