"""Memory of this process, on Linux: what it holds, and its peak over its whole life or over one piece of work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def peak() -> float:
    """Return this process's peak memory in MB; ``ru_maxrss`` would start at that of the process that started it."""
    return _megabytes("VmHWM")


def held() -> float:
    """Return the memory that this process holds now, in MB."""
    return _megabytes("VmRSS")


def forget_peak() -> None:
    """Let the peak begin at what the process holds now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def rise(work: Callable[[], object]) -> float:
    """Return how far memory rises above what is held during some work, in MB."""
    forget_peak()
    before = held()
    work()
    return peak() - before


def _megabytes(name: str) -> float:
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024
