"""What betrays whose files a folder holds: names of files, and how their first lines begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.files import UTF8_BOM, open_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LONGEST = 1 << 16
"""So many bytes of a first line are looked at."""


@dataclass(frozen=True)
class FolderSignature:
    """A data set that lies in a folder.

    Attributes:
        files: regular expression that the beginning of the first line matches, by the file's path within the folder,
            which may hold ``*``; all of them must be there. An empty expression matches any file.
    """

    files: Mapping[str, str]

    def fits(self, path: Path) -> bool:
        """Return whether a path is such a folder."""
        return path.is_dir() and all(
            any(_begins_with(file, beginning) for file in sorted(path.glob(name)))
            for name, beginning in self.files.items()
        )


@dataclass(frozen=True)
class FileSignature:
    """A data set that is one file.

    Attributes:
        name: of the file; may hold ``*``.
        beginning: regular expression that the beginning of its first line matches; empty for any.
    """

    name: str
    beginning: str

    def fits(self, path: Path) -> bool:
        """Return whether a path is such a file."""
        return fnmatchcase(path.name, self.name) and _begins_with(path, self.beginning)


Signature = FolderSignature | FileSignature


def _begins_with(path: Path, beginning: str) -> bool:
    """Return whether a file, plain or gzip, can be read and its first line begins so."""
    if not path.is_file():
        return False
    try:
        with open_bytes(path) as file:
            line = file.readline(_LONGEST).removeprefix(UTF8_BOM).decode("latin-1")
    except (InputError, OSError):
        return False
    return re.match(beginning, line) is not None
