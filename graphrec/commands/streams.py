"""Standard output and standard error, whatever they lead to: a reader that leaves, a full disk, nothing at all."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OUTPUT = "standard output"
"""What an error of standard output names as its file."""


class _Stream(io.RawIOBase):
    """A descriptor to write to.

    A reader that leaves early has what it wanted: what comes later goes nowhere, and the command goes on. Any other
    failure is raised once, for standard output alone; afterwards there is nowhere to write to.

    Args:
        descriptor: 1 or 2.
        is_closed: whether the command was started without it.
    """

    def __init__(self, descriptor: int, *, is_closed: bool) -> None:
        self._descriptor = descriptor
        self._fault = errno.EBADF if is_closed else 0
        self._is_over = False

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return whether it leads to a terminal."""
        return os.isatty(self._descriptor)

    def write(self, data: ReadableBuffer, /) -> int:
        """Write some of the data, and return how much."""
        if self._is_over:
            return memoryview(data).nbytes
        fault = self._fault
        if not fault:
            try:
                return os.write(self._descriptor, data)
            except OSError as error:
                fault = error.errno or errno.EIO
        self._is_over = True
        if self._descriptor == 1 and fault != errno.EPIPE:
            raise OSError(fault, os.strerror(fault), OUTPUT)
        return memoryview(data).nbytes


def prepare_streams() -> None:
    """Put streams that never fail unseen in the place of ``sys.stdout`` and ``sys.stderr``.

    Descriptors that the command was started without are opened on ``/dev/null``, so that no file of a store takes their
    number and receives what is printed. What a terminal's encoding cannot say is shown as a question mark.
    """
    missing = [descriptor for descriptor in (0, 1, 2) if _is_missing(descriptor)]
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        old = getattr(sys, name)
        if old is not None and not isinstance(old, io.TextIOWrapper):
            continue  # whoever put that there knows why
        raw = _Stream(descriptor, is_closed=descriptor in missing)
        stream = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding="utf-8" if old is None else old.encoding,
            errors="replace",
            line_buffering=descriptor == 2 or raw.isatty(),
        )
        setattr(sys, name, stream)


def _is_missing(descriptor: int) -> bool:
    """Return whether a descriptor is not open, and open it on ``/dev/null``; those below it are open by then."""
    try:
        os.fstat(descriptor)
    except OSError:
        os.open(os.devnull, os.O_RDWR)
        return True
    return False
