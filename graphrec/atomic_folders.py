"""Folders that are written whole or not at all, and never in the place of something else."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphrec.output_places import DRAFT, folder_place, named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.own_kinds import FolderKind


@contextmanager
def atomic_folder(path: Path, kind: FolderKind) -> Iterator[Path]:
    """Yield an empty folder to fill; when the block ends without an error, it replaces the one at ``path``.

    A process killed at any moment leaves the old folder whole, the new one whole, or, between two renames, none;
    never a part of one. Leftovers beside them are removed by the next call.

    Args:
        path: the folder; a symbolic link is written through.
        kind: of the folder: what is there already is replaced only if it is of this kind and nothing else, or empty.

    Raises:
        InputError: it is a file, or holds something else.
        OSError: the system refuses it: no permission, a full disk. It names ``path``.
    """
    folder = folder_place(path, kind)
    with named(path), _drafted(folder) as draft:
        yield draft


@contextmanager
def _drafted(folder: Path) -> Iterator[Path]:
    draft, old = (folder.with_name(f"{folder.name}{DRAFT}{state}") for state in ("writing", "old"))
    for leftover in (draft, old):
        shutil.rmtree(leftover, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
