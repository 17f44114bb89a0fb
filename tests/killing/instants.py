"""Work that ends by SIGKILL at one of its own calls that change a folder: each is a moment between two states."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = ("fsync", "replace", "rename", "unlink", "rmdir", "mkdir")


def die_at(number: int, work: Callable[..., object], *arguments: Any) -> None:
    """Do work, and end this process by SIGKILL before call ``number`` of ``CALLS``, counted from 1.

    With fewer calls the work is done as ever.
    """
    left = number

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **named)

        return counted

    for name in CALLS:
        setattr(os, name, deadly(getattr(os, name)))
    work(*arguments)


def count(work: Callable[..., object], *arguments: Any) -> int:
    """Do work in this process, and return how many calls of ``CALLS`` it makes."""
    made = 0

    def counting(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            nonlocal made
            made += 1
            return call(*args, **named)

        return counted

    originals = {name: getattr(os, name) for name in CALLS}
    try:
        for name, call in originals.items():
            setattr(os, name, counting(call))
        work(*arguments)
    finally:
        for name, call in originals.items():
            setattr(os, name, call)
    return made
