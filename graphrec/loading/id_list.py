"""A file that lists ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.loading.files import read_text

if TYPE_CHECKING:
    from pathlib import Path


def read_ids(path: Path) -> tuple[str, ...]:
    """Read a file with one id a line; blank lines and repeats are left out.

    Raises:
        InputError: the file is absent, empty, or not UTF-8.
    """
    lines = (line.strip() for line in read_text(path, "utf-8").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
