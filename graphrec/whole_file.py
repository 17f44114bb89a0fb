"""Writing a file so that it appears whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from graphrec.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(text: str, path: Path) -> None:
    """Write a text; the file appears whole or not at all.

    Args:
        text: what the file holds, in UTF-8.
        path: the file; its folder is made.

    Raises:
        InputError: the path is a folder.
    """
    if path.is_dir():
        raise InputError("this is a folder, not a file", where=str(path), remedy="Name a file")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".writing")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)  # noqa: PTH105 - replaces on every system
