"""From ``--engine`` to the engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphrec.engines.in_process import InProcess
from graphrec.engines.processes import Processes
from graphrec.engines.ray_engine import RayEngine
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.engines.engine import Engine

MOST_PROCESSES = 1024
_PROCESSES = re.compile(r"processes:(\d{1,4})")
_ADDRESS = re.compile(r"ray://[^\s@]+")


def engine_of(engine: str | Engine) -> Engine:
    """Return the engine of a name, as ``engine_named``; of an empty one this process; an engine as it is."""
    return engine_named(engine or InProcess.name) if isinstance(engine, str) else engine


def engine_named(name: str) -> Engine:
    """Return the engine of a name: ``in-process``, ``processes:N``, ``ray`` or ``ray://HOST:PORT``.

    Raises:
        UsageError: there is no such engine.
        MissingExtraError: a package that it stands on is not installed.
    """
    processes = _PROCESSES.fullmatch(name)
    if name == InProcess.name:
        return InProcess()
    if name == "ray" or _ADDRESS.fullmatch(name):
        return RayEngine(name if name != "ray" else "")
    if processes is not None and 1 <= int(processes[1]) <= MOST_PROCESSES:
        return Processes(int(processes[1]))
    raise UsageError(
        f"there is no engine {name!r:.80}",
        remedy=f"Choose in-process, processes:N with N from 1 to {MOST_PROCESSES}, ray, or ray://HOST:PORT",
    )
