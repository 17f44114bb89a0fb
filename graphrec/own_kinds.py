"""What graphrec writes, by kind, and how each kind is recognised, so that nothing else is ever replaced."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from graphrec.strict_json import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_HEAD_OF_A_PAGE = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
)
"""The first lines of every page that graphrec has ever written: no other program forbids itself the same."""

INSIDE = ".graphrec-writing"
"""Name of a draft inside the folder that it will fill: while it is there, the folder is incomplete."""

HEAD_OF_AN_EXPORT = "#!/bin/sh\n# Import these files into a database of a stopped Neo4j"
"""The first lines of the script that makes an export complete."""

_LARGEST_RECORD = 256 << 20
"""Bytes of a JSON file that is looked into."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file that graphrec writes.

    Attributes:
        noun: what it is called in a message.
        is_one: whether a file that is there is of this kind; it is never empty.
        makes_folder: whether the folder of the file is made where it is missing.
    """

    noun: str
    is_one: Callable[[Path], bool]
    makes_folder: bool = False


@dataclass(frozen=True)
class FolderKind:
    """A kind of folder that graphrec writes whole.

    Attributes:
        noun: what it is called in a message.
        mark: the file that makes such a folder complete.
        is_mark: whether a file of that name is the mark of this kind.
        files: patterns of the names of all files that such a folder may hold beside the mark.
    """

    noun: str
    mark: str
    is_mark: Callable[[Path], bool]
    files: frozenset[str]

    def is_one(self, folder: Path) -> bool:
        """Return whether the mark of a folder is one of this kind, or a folder was left incomplete by a kill."""
        return self.is_mark(folder / self.mark) or (folder / INSIDE).is_dir()

    def foreign(self, folder: Path) -> list[str]:
        """Return the names of what lies in the folder and is no part of this kind, sorted."""
        patterns = (self.mark, INSIDE, *self.files)
        return sorted(entry.name for entry in folder.iterdir() if not any(fnmatch(entry.name, p) for p in patterns))


def has_keys(*keys: str) -> Callable[[Path], bool]:
    """Return a test whether a file holds a JSON object with these entries."""
    return lambda path: set(keys) <= set(_object(path))


def begins_with(text: str) -> Callable[[Path], bool]:
    """Return a test whether a file begins with a text."""
    start = text.encode()

    def is_one(path: Path) -> bool:
        try:
            with path.open("rb") as file:
                return file.read(len(start)) == start
        except OSError:
            return False

    return is_one


def noted_in_parquet(note: bytes) -> Callable[[Path], bool]:
    """Return a test whether a file is Parquet with this key among the notes of its schema."""

    def is_one(path: Path) -> bool:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return note in (pq.read_schema(path).metadata or {})
        except (OSError, pa.ArrowException):
            return False

    return is_one


def _object(path: Path) -> Mapping[str, object]:
    try:
        content = read_json(path, _LARGEST_RECORD)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


REPORT = FileKind(
    "report.json of graphrec",
    has_keys("title", "lead", "facts", "findings", "blocks"),
    makes_folder=True,
)
PAGE = FileKind("page of graphrec", begins_with(_HEAD_OF_A_PAGE), makes_folder=True)
SPLIT_NOTE = b"graphrec.split"
"""Key of the notes in the Parquet file of a split."""
SPLIT = FileKind("split", noted_in_parquet(SPLIT_NOTE))
TRUTH_NOTE = b"graphrec.planted.settings"
"""Key of the notes in the Parquet file of planted truth."""
TRUTH = FileKind("table of planted truth", noted_in_parquet(TRUTH_NOTE))
MENTIONS_NOTE = b"graphrec.mentions"
"""Key of the notes in the Parquet file of mentions."""
MENTIONS = FileKind("table of mentions", noted_in_parquet(MENTIONS_NOTE))

MODEL = FolderKind(
    "model",
    "model.json",
    has_keys("format", "fit", "model", "config"),
    frozenset(
        {"model.safetensors", *(f"{n}.parquet" for n in ("users", "items", "attributes", "entities", "features"))}
    ),
)
RUN = FolderKind(
    "run",
    "run.json",
    has_keys("id", "model", "fit", "params"),
    frozenset(f"{name}.parquet" for name in ("recommendations", "reasons", "factors", "memberships", "summaries")),
)
EXPORT = FolderKind(
    "export",
    "import.sh",
    begins_with(HEAD_OF_AN_EXPORT),
    frozenset({"schema.cypher", "README.md", "nodes-*.csv", "edges-*-*-*.csv"}),
)
