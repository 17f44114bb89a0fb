"""The message and the exit code of an exception."""

from __future__ import annotations

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
    6: "the store is damaged: `graphrec check` found something",
    7: "the model cannot be trained, loaded or applied",
    8: "an optional package is missing",
    9: "an audit found reasons that are not true",
    130: "stopped with Ctrl-C",
}
"""Exit codes by kind of error; scripts may rely on them."""

INTERRUPTED = 130

LONGEST = 2000
"""Characters of an error that are shown; a path or an id in it may be of any length."""


_OF_THE_PATH = frozenset(
    {errno.ELOOP, errno.ENAMETOOLONG, errno.EISDIR, errno.EBADF, errno.ENXIO, errno.EINVAL, errno.ENOTEMPTY}
)


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
    if isinstance(error, MemoryError):
        return "out of memory. Use a smaller model, fewer items, or a machine with more memory", 1
    return f"unexpected {type(error).__name__}: {error}. To see where: graphrec --traceback …", 1


def _of_the_system(error: OSError) -> tuple[str, int]:
    at = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{at}. Make room, then run the same command again", 4
    if isinstance(error, FileNotFoundError):
        return f"there is no such file or folder{at}", 3
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"a file lies where a folder is needed{at}. Name another folder", 3
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"no permission{at}. Use a folder that you may write, or change its owner", 3
    is_of_the_path = error.errno in _OF_THE_PATH
    return f"{error.strerror or error}{at}" + (". Name another file or folder" if is_of_the_path else ""), (
        3 if is_of_the_path else 1
    )


def traceback_wanted(arguments: list[str]) -> bool:
    """Return whether the traceback is requested, by an option anywhere on the line or by the environment."""
    return "--traceback" in split_at_dashes(arguments)[0] or os.environ.get("GRAPHREC_TRACEBACK", "") not in ("", "0")
