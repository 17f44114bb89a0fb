"""One writer at a time: a lease on a node, renewed while its holder lives, checked inside every writing transaction."""

from __future__ import annotations

import os
import platform
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphrec import queries
from graphrec.errors import StoreError, StoreLockedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from graphrec.store.neo4j.connection import Connection

LEASE_SECONDS = 30.0
ATTEMPTS = 50
PAUSE = 0.02
"""Seconds before a lock that was just given back is asked for again."""


@dataclass(frozen=True)
class Holder:
    """The holder of the write lock.

    Attributes:
        owner: a random text that stands for one use of the lock.
        host: its machine, boot and process namespace.
        process: its process, with the start time.
        left: milliseconds until its lease ends; negative where it has ended.
    """

    owner: str
    host: str
    process: str
    left: float

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Holder | None:
        """Return the holder that a row describes, or None where the lock is gone."""
        fields = [row.get(name) for name in cls.__dataclass_fields__]
        return None if any(field is None for field in fields) else cls(*fields)  # type: ignore[arg-type]

    def is_dead(self) -> bool:
        """Return whether the process is known to have ended; of another machine nothing is known."""
        if self.host != _host() or not Path("/proc/self/stat").exists():
            return False
        number = self.process.removeprefix("process ").partition(",")[0]
        return number.isdecimal() and (_process(int(number)) != self.process or _is_zombie(int(number)))

    def is_writing(self) -> bool:
        """Return whether the lease runs and the process is not known to have ended."""
        return self.left > 0 and not self.is_dead()

    def __str__(self) -> str:
        return f"{self.process} on {self.host.split('/')[0]}"


class WriteLock:
    """The right to write, as a context manager.

    A holder that died is noticed at once on the same machine, elsewhere when its lease runs out. A holder that was
    merely slow and lost its lease writes nothing more: each of its transactions first looks whose the lock is.

    Raises:
        StoreLockedError: somebody else writes.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.owner = uuid.uuid4().hex
        self._released = threading.Event()
        self._renewal = threading.Thread(target=self._renew, name="graphrec-write-lock", daemon=True)

    def __enter__(self) -> Self:
        holder = self._ask(dead="")
        if holder.owner != self.owner and holder.is_dead():
            holder = self._ask(dead=holder.owner)
        if holder.owner != self.owner:
            raise StoreLockedError(
                f"another process is writing to the store: {holder}",
                where=str(self._connection.address),
                remedy=f"Wait for it; if it died, its lock ends within {max(1, round(holder.left / 1000))} s",
            )
        self._renewal.start()
        self._connection.write(queries.load("store/parts_disown", "neo4j").text, owner=self.owner)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._renewal.join(timeout=1)  # a renewal that comes late finds no lock of ours and does nothing
        release = queries.load("store/lock_release", "neo4j").text
        if error is None:
            self._connection.write(release, owner=self.owner)
        else:
            with suppress(StoreError):  # what went wrong before matters more; the lease ends by itself
                self._connection.attempt(release, owner=self.owner)

    def _ask(self, dead: str) -> Holder:
        """Take the lock if it is free, and return who holds it now.

        A lock that is being given back while it is read has no properties any more: it is gone, and asked for again.
        """
        for _ in range(ATTEMPTS):
            rows = self._connection.write(
                queries.load("store/lock_take", "neo4j").text,
                owner=self.owner,
                host=_host(),
                process=_process(os.getpid()),
                lease=int(LEASE_SECONDS * 1000),
                dead=dead,
            )
            holder = Holder.read(rows[0]) if rows else None
            if holder is not None:
                return holder
            time.sleep(PAUSE)
        raise StoreLockedError(
            "other processes take the right to write in turns",
            where=str(self._connection.address),
            remedy="Run the same command again",
        )

    def _renew(self) -> None:
        keep = queries.load("store/lock_keep", "neo4j").text
        while not self._released.wait(LEASE_SECONDS / 3):
            with suppress(StoreError):  # a server that went away: whoever writes next finds out and says so
                self._connection.attempt(keep, owner=self.owner, lease=int(LEASE_SECONDS * 1000))


def _host() -> str:
    """Return what tells apart machines, their boots, and containers, in which process ids mean different things."""
    parts = [platform.node()]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return "/".join(parts)


def _process(pid: int) -> str:
    """Return a process's id, with its start time where that can be had: ids are used again."""
    with suppress(OSError):
        started = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
        return f"process {pid}, started {started}"
    return f"process {pid}"


def _is_zombie(pid: int) -> bool:
    with suppress(OSError):
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0] == "Z"
        )
    return False
