"""Folders that are written whole or not at all: a draft beside the folder replaces it in one step."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def require_replaceable(folder: Path, mark: str, noun: str) -> None:
    """Raise an error unless a folder may be replaced: it is absent, empty, or of the same kind.

    Args:
        folder: the folder.
        mark: the file that every folder of this kind has.
        noun: the kind of folder, for the message: ``model``, ``run``.

    Raises:
        InputError: it is a file, or holds something else.
    """
    if folder.is_file():
        raise InputError("this is a file, not a folder", where=str(folder), remedy="Name an empty or new folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / mark).exists():
        raise InputError(
            f"the folder holds something that is no {noun}", where=str(folder), remedy="Name an empty or new folder"
        )


@contextmanager
def atomic_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to fill; when the block ends without an error, it replaces ``folder``.

    A process killed at any moment leaves the old folder whole, the new one whole, or, between two renames, none;
    never a part of one. Leftovers beside them are removed by the next call.
    """
    draft, old = (folder.with_name(f"{folder.name}.graphrec-{state}") for state in ("writing", "old"))
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
