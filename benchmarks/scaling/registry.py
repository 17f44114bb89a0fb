"""The stages that are measured, by name: a function each, run in a process of its own."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.memory_peak import forget_peak, held, peak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass
class Bench:
    """The place and the clock of one stage.

    Attributes:
        data: folder of the raw files.
        work: folder that all stages of one size share, where one leaves what the next needs.
        cost: what was measured: ``cpu`` and ``wall`` in seconds, ``held`` before and ``peak`` in megabytes.
    """

    data: Path
    work: Path
    cost: dict[str, float] = field(default_factory=dict)

    @property
    def store(self) -> str:
        """The embedded store that ``load`` fills."""
        return str(self.work / "store")

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure what is done inside: processor time of all threads, time, and the peak of the process's memory."""
        forget_peak()
        self.cost["held"] = held()
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cost |= {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": peak()}


@dataclass(frozen=True)
class Stage:
    """A stage.

    Attributes:
        name: as it is asked for.
        run: does it, with what shall be measured inside ``Bench.measured``.
        about: what it does, in a line.
    """

    name: str
    run: Callable[[Bench], None]
    about: str


STAGES: dict[str, Stage] = {}
"""All stages, in the order in which each finds what it needs."""


def stage(name: str) -> Callable[[Callable[[Bench], None]], Callable[[Bench], None]]:
    """Register a stage; its docstring's first line says what it does."""

    def registered(run: Callable[[Bench], None]) -> Callable[[Bench], None]:
        STAGES[name] = Stage(name, run, (run.__doc__ or "").splitlines()[0])
        return run

    return registered
