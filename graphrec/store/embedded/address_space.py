"""How much address space and memory the engine may take.

The engine reserves address space for the largest size that a database file may grow to, and for its buffer pool. Both
are only numbers to the system until they are used, unless the process has a limit (``ulimit -v``): then they have to
fit into what is left of it.
"""

from __future__ import annotations

import os
import re
import resource
from pathlib import Path

from graphrec.errors import StoreError, UsageError

VARIABLE = "GRAPHREC_BUFFER_POOL"
"""Environment variable with the largest size of the buffer pool, such as 500MB or 4GB."""

LARGEST_DATABASE = 1 << 38
"""Bytes that a database being written may grow to. The engine's own choice, eight terabytes, leaves room for fifteen
open databases in a process."""

_SMALLEST_DATABASE = 1 << 26
_SMALLEST_POOL = 1 << 26
_ELSE = 1 << 29
"""Bytes that threads, Arrow and the caller need beside the engine."""

_SHORTAGES = re.compile(
    r"Mmap for size|Maximum database size|buffer pool is full|allocate memory|bad_alloc|"
    r"Resource temporarily unavailable"  # no thread can be started
)
_LIMIT_REMEDY = "Raise the limit (ulimit -v unlimited), or use Neo4j"
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class EngineMemoryError(StoreError):
    """The engine lacks memory or address space."""


def sizes(path: str, *, read_only: bool) -> tuple[int, int]:
    """Return the largest size of a database file and of the buffer pool, in bytes; 0 is the engine's choice.

    Args:
        path: the database file; empty for one in memory.
        read_only: whether the file cannot grow.

    Raises:
        EngineMemoryError: they do not fit into the address space that the process may use.
        UsageError: ``GRAPHREC_BUFFER_POOL`` is no size.
    """
    pool = _chosen_pool()
    least = _power_of_two(2 * Path(path).stat().st_size) if read_only else _SMALLEST_DATABASE
    limit = limited_to()
    if limit is None:
        return (least if read_only else LARGEST_DATABASE), pool
    free = limit - _in_use() - _ELSE
    database = least if read_only else max(least, _power_of_two(max(free, 2) // 2 + 1) // 2)
    needed = limit - free + database + max(2 * _SMALLEST_POOL, pool)
    pool = pool or (free - database) // 2
    if pool < _SMALLEST_POOL or database + pool > free:
        raise EngineMemoryError(
            f"the embedded database needs about {in_words(needed)} of address space, and this process may use "
            f"{in_words(limit)}",
            where=path,
            remedy=_LIMIT_REMEDY,
        )
    return database, pool


def limited_to() -> int | None:
    """Return the bytes of address space that this process may use; None where there is no limit."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def shortage(message: str, path: str) -> EngineMemoryError | None:
    """Return the error that a message of the engine means, where it tells a lack of memory or address space."""
    if not _SHORTAGES.search(message):
        return None
    limit = limited_to()
    if limit is not None:
        within = f"the {in_words(limit)} of address space that this process may use"
        return EngineMemoryError(f"the embedded database does not fit into {within}", where=path, remedy=_LIMIT_REMEDY)
    if "Maximum database size" in message:
        return EngineMemoryError(
            f"the embedded database would grow beyond {in_words(LARGEST_DATABASE)}", where=path, remedy="Use Neo4j"
        )
    chosen = _chosen_pool()
    own = f"its buffer pool of {in_words(chosen)}" if chosen else "four fifths of what this machine has"
    remedy = f"Set {VARIABLE} to more, or unset it" if chosen else "Use a machine with more memory, or Neo4j"
    return EngineMemoryError(f"the embedded database needs more memory than {own}", where=path, remedy=remedy)


def in_words(count: int) -> str:
    """Return a number of bytes as people read it, such as 1.5 GB."""
    for unit in ("GB", "MB"):
        size = count / _UNITS[unit[0]]
        if size >= 1:
            return f"{size:.1f} {unit}" if size < 10 else f"{size:.0f} {unit}"
    return f"{count} bytes"


def _chosen_pool() -> int:
    """Return what the environment says; 0 where it says nothing."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return 0
    parts = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?) ?([KMGT]?)I?B?", text.upper())
    size = int(float(parts[1]) * _UNITS[parts[2]]) if parts else 0
    if size < _SMALLEST_POOL:
        raise UsageError(
            f"{VARIABLE} is {text!r:.60}, which is no size of at least {in_words(_SMALLEST_POOL)}",
            remedy="Write it like 500MB or 4GB, or unset it",
        )
    return size


def _in_use() -> int:
    """Return the bytes of address space that this process uses; where the system does not tell, half a gigabyte."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 500_000_000


def _power_of_two(size: int) -> int:
    """Return the smallest power of two that is not less, and not less than the smallest database."""
    return max(1 << (size - 1).bit_length(), _SMALLEST_DATABASE)
