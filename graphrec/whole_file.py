"""Writing a file so that it appears whole or not at all, and never in the place of something else."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.digests import digest
from graphrec.output_places import DRAFT, file_place, is_stream, named, open_descriptor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.own_kinds import FileKind


_LONG_AGO = 3600.0
"""Seconds; writing a draft takes less."""


def write_whole(text: str, path: Path, kind: FileKind) -> None:
    """Write a text; arguments and errors as for ``whole_file``.

    Args:
        text: what the file holds, in UTF-8.
        path: the file.
        kind: of the file.
    """
    with whole_file(path, kind) as draft:
        draft.write_text(text, encoding="utf-8")


@contextmanager
def whole_file(path: Path, kind: FileKind) -> Iterator[Path]:
    """Yield an empty draft to fill; when the block ends without an error, it becomes the file.

    A process killed at any moment leaves the old file or the new one, never a part of either. A file that is replaced
    keeps its permissions. What is no file but a stream, such as a pipe or ``/dev/stdout``, is written into.

    Args:
        path: the file; a symbolic link is written through.
        kind: of the file: what is there already is replaced only if it is of this kind, or empty.

    Raises:
        InputError: something else lies there, or the folder of the file is not there.
        OSError: the system refuses it: no permission, a full disk. It names ``path``.
    """
    if is_stream(path):
        with tempfile.TemporaryDirectory(prefix="graphrec-") as folder:
            draft = Path(folder, "draft")
            draft.touch()
            yield draft
            with named(path):
                _hand_on(draft, path)
        return
    place = file_place(path, kind)
    with named(path):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = _new_draft(place)
        try:
            yield draft
            _put(draft, place)
        finally:
            draft.unlink(missing_ok=True)


def _hand_on(draft: Path, path: Path) -> None:
    """Write a draft into a stream; a reader that leaves early has what it wanted."""
    descriptor = open_descriptor(path)
    target = os.open(path, os.O_WRONLY) if descriptor is None else os.dup(descriptor)
    with suppress(BrokenPipeError), draft.open("rb") as source, os.fdopen(target, "wb", buffering=0) as stream:
        shutil.copyfileobj(source, stream)


def _put(draft: Path, place: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    if place.exists():
        draft.chmod(place.stat().st_mode & 0o7777)
    os.replace(draft, place)  # noqa: PTH105 - replaces on every system


def _new_draft(place: Path) -> Path:
    """Return a new file beside ``place``, and remove those of processes that were killed while they wrote it."""
    start = f"{DRAFT}{digest(place.name)}-"
    for left in place.parent.glob(f"{start}*"):
        if not _is_alive(left.name.removeprefix(start).partition("-")[0]):
            _remove_old(left)
    handle, name = tempfile.mkstemp(prefix=f"{start}{os.getpid()}-", dir=place.parent)
    os.close(handle)
    draft = Path(name)
    draft.chmod(0o666 & ~_umask())
    return draft


def _remove_old(draft: Path) -> None:
    """Remove a draft of long ago: its process may also live on another machine that shares the folder."""
    with suppress(FileNotFoundError):
        if time.time() - draft.stat().st_mtime > _LONG_AGO:
            draft.unlink()


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
