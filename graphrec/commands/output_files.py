"""The files that commands write beside what they print: named, refused early, never mixed with the command's text."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import UsageError
from graphrec.output_places import open_descriptor, require_writable

if TYPE_CHECKING:
    from graphrec.own_kinds import FileKind


def named_output(text: str | os.PathLike[str]) -> Path:
    """Return a path as it was typed; raise UsageError for an empty text, which is no path."""
    if not os.fspath(text):
        raise UsageError("an empty text names no file or folder", remedy="Name one, or leave the option out")
    return Path(text)


def prepare_output(path: Path, kind: FileKind, *, json: bool) -> None:
    """Make sure that a command may write a file, before anything that takes long.

    Where the file is standard output, what the command prints goes to standard error until it ends, so that the stream
    holds the file's bytes and nothing else.

    Args:
        path: the file.
        kind: of what is written.
        json: whether the result is printed as JSON, which needs standard output for itself.

    Raises:
        UsageError: file and JSON would be mixed in one stream.
        InputError: as for ``graphrec.output_places.file_place``.
    """
    if leads_to_standard_output(path):
        if json:
            raise UsageError(
                "the file and the JSON of --json would both go to standard output",
                where=str(path),
                remedy="Leave --json out, or name a file",
            )
        sys.stdout = sys.stderr  # until ``graphrec.commands.main.run`` puts it back
    require_writable(path, kind)


def leads_to_standard_output(path: Path) -> bool:
    """Return whether what is written to a path goes to standard output, by whatever name; a terminal's is its own."""
    if open_descriptor(path) == 1:
        return True
    try:
        there, output = path.stat(), os.fstat(1)
    except (OSError, ValueError):
        return False
    return os.path.samestat(there, output) and not stat.S_ISCHR(there.st_mode)
