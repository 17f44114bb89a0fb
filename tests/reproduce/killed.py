"""Reproduce a recipe, and die by a signal that nobody can catch as soon as some jobs are done."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import Order, reproduce

if TYPE_CHECKING:
    from graphrec.reproduce.engine import Step


def main() -> None:
    recipe, data, out, jobs, workers = sys.argv[1:]

    def watch(step: Step) -> None:
        if step.done >= int(jobs):
            os.kill(os.getpid(), signal.SIGKILL)

    reproduce(read_recipe(recipe), Order(Path(out), Path(data), workers=int(workers)), watch=watch)


if __name__ == "__main__":
    main()
