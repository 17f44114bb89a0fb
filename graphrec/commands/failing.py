"""The message and the exit code of an exception."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback

from graphrec.commands.dashed_ids import split_at_dashes
from graphrec.commands.streams import OUTPUT
from graphrec.errors import GraphrecError
from graphrec.wording import readable

EXIT_CODES: dict[int, str] = {
    0: "done",
    1: "failed for a reason that has no code of its own",
    2: "the request makes no sense: unknown command, option, model or setting",
    3: "bad input: a file, a table, or an id that nobody has heard of",
    4: "the store cannot be reached or cannot do it",
    5: "another process holds the store",
    6: "the store is damaged: `graphrec check`, or the command itself before it reads, found something",
    7: "the model cannot be trained, loaded or applied",
    8: "an optional package is missing",
    9: "an audit found reasons that are not true",
    130: "stopped with Ctrl-C",
}
"""Exit codes by kind of error; scripts may rely on them."""

INTERRUPTED = 130

_NO_ADDRESS_SPACE = ("failed to map segment", "can't start new thread")
"""How errors of the loader and of threads tell that there is no address space left."""

LONGEST = 2000
"""Characters of an error that are shown; a path or an id in it may be of any length."""


def report(error: Exception, *, full: bool) -> int:
    """Print an exception to standard error, and return the exit code.

    Args:
        error: what was raised.
        full: print the traceback too.
    """
    if full:
        traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
    sentence, code = describe(error)
    print(f"graphrec: {readable(sentence, LONGEST)}", file=sys.stderr)  # noqa: T201
    return code


def describe(error: Exception) -> tuple[str, int]:
    """Return one sentence for an exception, and the exit code that goes with it."""
    if isinstance(error, GraphrecError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        if error.filename == OUTPUT and error.errno == errno.EBADF:
            return f"{OUTPUT} is closed: nothing of the result could be printed. Lead it somewhere, such as > FILE", 1
        return _of_the_system(error)
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_ADDRESS_SPACE):
        return _out_of_memory(), 1
    return f"unexpected {type(error).__name__}: {error}. To see where: graphrec --traceback …", 1


def _out_of_memory() -> str:
    with contextlib.suppress(ImportError):  # no such module on Windows, which has no such limit
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            few = f"{limit / 1e9:.1f} GB of address space, which this process may use, are too few"
            return f"{few}. Raise the limit (ulimit -v unlimited); models need 8 GB"
    return "out of memory. Use a smaller model, fewer items, or a machine with more memory"


_REFUSALS: dict[int, tuple[str, str, int]] = {
    errno.ENOSPC: ("the disk is full", "Make room, then run the same command again", 4),
    errno.EDQUOT: ("the disk is full", "Make room, then run the same command again", 4),
    errno.EFBIG: ("a file grows beyond what this process may write", "Raise the limit (ulimit -f), then repeat", 4),
    errno.ENOENT: ("there is no such file or folder", "", 3),
    errno.EEXIST: ("a file lies where a folder is needed", "Name another folder", 3),
    errno.ENOTDIR: ("a file lies where a folder is needed", "Name another folder", 3),
    errno.EACCES: ("no permission", "Use a folder that you may write, or change its owner", 3),
    errno.EPERM: ("no permission", "Use a folder that you may write, or change its owner", 3),
    errno.EROFS: ("the file system may only be read", "Name a folder elsewhere", 3),
    **{
        code: (os.strerror(code), "Name another file or folder", 3)
        for code in (
            errno.ELOOP,
            errno.ENAMETOOLONG,
            errno.EISDIR,
            errno.EBADF,
            errno.ENXIO,
            errno.EINVAL,
            errno.ENOTEMPTY,
        )
    },
}
"""What the system refuses, the remedy, and the exit code."""


def _of_the_system(error: OSError) -> tuple[str, int]:
    at = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOMEM:
        return _out_of_memory(), 1
    what, remedy, code = _REFUSALS.get(error.errno or 0, (error.strerror or str(error), "", 1))
    return f"{what}{at}{f'. {remedy}' if remedy else ''}", code


def traceback_wanted(arguments: list[str]) -> bool:
    """Return whether the traceback is requested, by an option anywhere on the line or by the environment."""
    return "--traceback" in split_at_dashes(arguments)[0] or os.environ.get("GRAPHREC_TRACEBACK", "") not in ("", "0")
