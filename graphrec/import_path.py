"""Where modules come from: never from the folder that a command happens to be run in.

Nothing is imported here that is not part of the interpreter or loaded before any program runs: it would come from the
folder that is to be left out.
"""

import os
import sys


def leave_out_current_folder() -> None:
    """Take the current folder off the front of the import path, where ``python -m`` and ``python -c`` put it.

    Processes that this one starts, such as workers, leave it out too, from Python 3.11 on. What ``PYTHONPATH`` names
    stays, and so does the folder of a checkout in which graphrec itself was found.
    """
    here = _current_folder()
    if here == os.path.dirname(os.path.dirname(os.path.abspath(__file__))):  # noqa: PTH100, PTH120
        return
    if sys.path and sys.path[0] in ("", here) and _was_put_there():
        del sys.path[0]
    os.environ.setdefault("PYTHONSAFEPATH", "1")


def path_for_children() -> list[str]:
    """Return the import path for a process that runs graphrec's own code: without the current folder.

    The folder of a checkout in which graphrec itself was found stays.
    """
    here = _current_folder()
    if here == os.path.dirname(os.path.dirname(os.path.abspath(__file__))):  # noqa: PTH100, PTH120
        return list(sys.path)
    return [entry for entry in sys.path if entry not in ("", here)]


def _was_put_there() -> bool:
    """Return whether the interpreter put the first entry of the path there, as it does for ``-m`` and ``-c``."""
    if getattr(sys.flags, "safe_path", False):
        return False
    return any(flag in sys.orig_argv[1:] for flag in ("-m", "-c"))


def _current_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:  # it was removed
        return ""
