"""Work for engines, at the top of a module, where workers find it."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path


def squared(part: int) -> int:
    return part * part


def which_process(part: int) -> int:
    return os.getpid()


def refused(part: int) -> int:
    if part == 3:
        raise InputError("three is not taken", where="part 3", remedy="Give another")
    return part


def lacking(part: int) -> int:
    raise MissingExtraError("nothing", extra="none", purpose="This part")


@dataclass
class DiesOnce:
    """Squares; the first worker that comes to one of some parts is ended by SIGKILL."""

    folder: Path
    deadly: tuple[int, ...]

    def __call__(self, part: int) -> int:
        mark = self.folder / str(part)
        if part in self.deadly and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return part * part


@dataclass
class Dies:
    """Ends every worker that comes to part 2."""

    def __call__(self, part: int) -> int:
        if part == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return part


@dataclass
class AsBytes:
    """Gives a part as bytes, and notes that it was asked for it."""

    folder: Path

    def __call__(self, part: range) -> bytes:
        with (self.folder / "asked").open("a") as file:
            file.write(f"{part.start}\n")
        return repr(part).encode()
