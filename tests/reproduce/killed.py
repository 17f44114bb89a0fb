"""Reproduce a recipe, and die by a signal that nobody can catch as soon as some jobs are done."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.reproduce.engine import Step


def reproduce_and_die(recipe: str, data: Path, out: Path, jobs: int, workers: int) -> None:
    """Die once so many jobs are done."""

    def watch(step: Step) -> None:
        if step.done >= jobs:
            os.kill(os.getpid(), signal.SIGKILL)

    reproduce(read_recipe(recipe), RunOptions(out, data, workers=workers), watch=watch)
