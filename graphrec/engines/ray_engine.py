"""The engine whose workers are actors of a Ray cluster, on this machine or on many.

Ray replaces a worker that is lost, and does its parts again (``max_restarts``, ``max_task_retries``); this file hands
out parts and collects results. Ray Data would add nothing to that but a plan: what is mapped over is a few numbers a
part, not a data set, and what comes back goes to one place in a known order.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import graphrec
from graphrec.engines.engine import AHEAD, ATTEMPTS, lost_worker
from graphrec.engines.one_thread import use_one_thread
from graphrec.errors import GraphrecError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from graphrec.engines.engine import Part, Result


class RayEngine:
    """An ``Engine`` on Ray: as many workers as the cluster has processors, each with one thread for arithmetic.

    Where Ray is connected already (``ray.init``), that cluster is used and left as it is. Otherwise the first job
    connects, and disconnects at its end. Every machine of the cluster has the same release of graphrec.

    Args:
        address: ``ray://HOST:PORT`` of a cluster's client server; empty for what ``RAY_ADDRESS`` says, else a cluster
            of this machine alone, which lives as long as the job.

    Raises:
        MissingExtraError: Ray is not installed.
    """

    def __init__(self, address: str = "") -> None:
        if find_spec("ray") is None:
            raise MissingExtraError("ray", extra="ray", purpose="The engine ray")
        self.address = address

    @property
    def name(self) -> str:
        """What ``--engine`` calls it."""
        return self.address or "ray"

    def map(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[tuple[int, Result]]:
        """Do the parts on the cluster; see ``Engine.map``.

        Raises:
            GraphrecError: no cluster answers, or a worker has another release of graphrec.
        """
        ray = _ray()
        own = not ray.is_initialized()
        if own:
            _connect(ray, self.address)
        try:
            yield from _mapped(ray, work, parts)
        finally:
            if own:
                ray.shutdown()


def _mapped(ray: ModuleType, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[tuple[int, Result]]:
    kind = ray.remote(max_restarts=-1, max_task_retries=ATTEMPTS, num_cpus=1)(_Worker)
    shared = [ray.put(work)]  # in a list, so that a worker gets the reference and not each time what it refers to
    workers = [kind.remote(graphrec.__version__) for _ in range(max(1, int(ray.cluster_resources()["CPU"])))]
    free = deque(workers * AHEAD)
    numbered = enumerate(parts)
    running: dict[Any, tuple[int, Any]] = {}
    try:
        while True:
            while free and (following := next(numbered, None)) is not None:
                number, part = following
                worker = free.popleft()
                running[worker.do.remote(shared, part)] = (number, worker)
            if not running:
                return
            (done,), _ = ray.wait(list(running))
            number, worker = running.pop(done)
            result = _result(ray, done)
            free.append(worker)
            yield number, result
    finally:
        for worker in workers:
            ray.kill(worker)


def _result(ray: ModuleType, done: Any) -> Any:
    try:
        result, error = ray.get(done)
    except (ray.exceptions.RayActorError, ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as lost:
        raise lost_worker() from lost
    if error is not None:
        raise error
    return result


class _Worker:
    """An actor: the work, unpacked once, and the parts that come to it."""

    def __init__(self, version: str) -> None:
        """Begin, without the work yet.

        Args:
            version: of graphrec, where the job was asked for.
        """
        use_one_thread()
        self._version = version
        self._work: Callable[[Any], Any] | None = None

    def do(self, shared: list[Any], part: Any) -> tuple[Any, GraphrecError | None]:
        """Return the result of a part, or the foreseen error that it ended with.

        Args:
            shared: one reference, to the work; followed once, and again when this worker begins anew.
            part: of the job.
        """
        if self._version != graphrec.__version__:
            return None, GraphrecError(
                f"a worker has graphrec {graphrec.__version__}, and who asks has {self._version}",
                remedy="Install one release on all machines of the cluster",
            )
        if self._work is None:
            self._work = _ray().get(shared[0])
        try:
            return self._work(part), None
        except GraphrecError as error:
            return None, error


def _ray() -> ModuleType:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray reports to its makers unless told otherwise
    return import_module("ray")


def _connect(ray: ModuleType, address: str) -> None:
    try:
        ray.init(
            address=address or None,
            logging_level=logging.ERROR,
            log_to_driver=False,
            **({} if address or os.environ.get("RAY_ADDRESS") else {"include_dashboard": False}),
        )
    except (ConnectionError, RuntimeError, ValueError, ImportError) as error:
        where = address or os.environ.get("RAY_ADDRESS", "")
        raise GraphrecError(
            f"no Ray cluster answers: {' '.join(str(error).split())[:200]}",
            where=where,
            remedy="Start one (ray start --head), or name --engine ray for one on this machine",
        ) from error
