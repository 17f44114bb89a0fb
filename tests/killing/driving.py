"""Run work in a process of its own, and kill that process at random moments while it works.

The processes are forked from one that has imported everything, so that a kill costs no imports.
"""

from __future__ import annotations

import multiprocessing
import os
import time
import traceback
from typing import TYPE_CHECKING, Any

from graphrec.errors import GraphrecError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from multiprocessing.connection import Connection

SECONDS = 300.0
"""How long work may take that nobody kills."""


class Aim:
    """The moments of kills, spread over the time that the work takes: one in each of as many equal parts.

    How long the work takes changes with the load of the machine. A kill that came when the work was done counts as
    none: the time is taken to be shorter, and the same part is tried again. One that hit makes the time a little
    longer, so that the last parts are those of the work and not of an estimate.

    Args:
        chance: picks the moment within each part.
        times: kills that are to hit.
        seconds: that the work took undisturbed.

    Attributes:
        hits: kills that came while the work went on.
        late: kills that came after its end.
    """

    LONGER = 1.05
    PATIENCE = 5
    """Late kills for each that is to hit, at most, and as many more."""

    def __init__(self, chance: random.Random, times: int, seconds: float) -> None:
        self._chance, self._times, self._seconds = chance, times, seconds
        self.hits = self.late = 0

    def is_done(self) -> bool:
        """Return whether all kills hit."""
        return self.hits == self._times

    def moment(self) -> float:
        """Return the seconds from the begin of the work to the next kill."""
        return (self.hits + self._chance.random()) / self._times * self._seconds

    def count(self, moment: float, *, hit: bool) -> None:
        """Count a kill at a moment; raise RuntimeError when too many came too late."""
        self.hits += hit
        self.late += not hit
        self._seconds = self._seconds * self.LONGER if hit else min(self._seconds, moment)
        if self.late > self.PATIENCE * (self._times + 1):
            raise RuntimeError(f"{self.late} kills came too late, and {self.hits} of {self._times} in time")


class Workers:
    """Processes that do work and may be killed.

    Args:
        preload: modules that the work needs.
    """

    def __init__(self, *preload: str) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))

    def start(self, work: Callable[..., object], *arguments: Any) -> Worker:
        """Start work in a process of its own; it has this process's environment."""
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_do, args=(theirs, dict(os.environ), work, arguments), daemon=True)
        process.start()
        theirs.close()
        return Worker(process, ours)

    def duration(self, work: Callable[..., object], *arguments: Any) -> float:
        """Do work undisturbed; return the seconds that it took, or raise RuntimeError with what went wrong."""
        worker = self.start(work, *arguments)
        worker.wait_for_begin()
        began = time.monotonic()
        outcome = worker.outcome()
        if outcome != "done":
            raise RuntimeError(outcome)
        return time.monotonic() - began

    def interrupt(self, aim: Aim, work: Callable[..., object], *arguments: Any) -> str:
        """Kill work at the next moment of an aim, which counts it; return ``killed``, or its outcome if it was done."""
        moment = aim.moment()
        worker = self.start(work, *arguments)
        worker.wait_for_begin()
        time.sleep(moment)
        outcome = worker.kill()
        aim.count(moment, hit=outcome == "killed")
        return outcome


class Worker:
    """One process with its work."""

    def __init__(self, process: Any, answers: Connection) -> None:
        self._process = process
        self._answers = answers

    def wait_for_begin(self) -> None:
        """Return as soon as the work begins."""
        if not self._answers.poll(SECONDS) or self._answers.recv() != "begin":
            raise RuntimeError("the work did not begin")

    def outcome(self) -> str:
        """Wait for the end; return ``done``, the sentence of a foreseen error, or the traceback of another."""
        if not self._answers.poll(SECONDS):
            self._process.kill()
            return f"unexpected: nothing after {SECONDS:.0f} s"
        try:
            return str(self._answers.recv())
        except EOFError:
            return "killed"
        finally:
            self._process.join()

    def kill(self) -> str:
        """Kill the process with SIGKILL; return ``killed``, or the outcome if the work had ended before."""
        self._process.kill()
        return self.outcome()


def _do(answers: Connection, environment: dict[str, str], work: Callable[..., object], arguments: Any) -> None:
    os.environ.update(environment)
    answers.send("begin")
    answers.send(outcome_of(work, *arguments))


def outcome_of(work: Callable[..., object], *arguments: Any) -> str:
    """Do work; return ``done``, the kind and sentence of a foreseen error, or ``unexpected`` with a traceback."""
    try:
        work(*arguments)
    except GraphrecError as error:
        return f"{type(error).__name__}: {error}"
    except BaseException:
        return f"unexpected: {traceback.format_exc()}"
    return "done"
