"""What betrays whose data a path leads to: names of files and how their first lines begin, or a server's address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.files import UTF8_BOM, open_bytes
from graphrec.server_address import looks_like_a_server

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


@dataclass(frozen=True)
class ServerSignature:
    """A graph on a server of Neo4j, whose address stands in the place of a path."""

    def fits(self, path: Path) -> bool:
        """Return whether a path is such an address."""
        return looks_like_a_server(str(path))


Signature = FolderSignature | FileSignature | ServerSignature


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
