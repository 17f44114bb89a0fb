"""The folder of an unfinished extraction: what was found in each part of the reviews, so that a stopped run goes on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from graphrec.output_places import folder_place
from graphrec.own_kinds import FileKind, FolderKind, has_keys, noted_in_parquet
from graphrec.whole_file import whole_file, write_whole

if TYPE_CHECKING:
    from pathlib import Path

_NOTE = b"graphrec.reviews.part"
PART = FileKind("part of an extraction", noted_in_parquet(_NOTE))
_MARK = "extraction.json"
_MARK_KIND = FileKind("mark of an unfinished extraction", has_keys("unfinished"))
EXTRACTION = FolderKind(
    "unfinished extraction", _MARK, has_keys("unfinished"), frozenset({"part-*.parquet", ".graphrec-*"})
)


@dataclass(frozen=True)
class PartFolder:
    """A folder of parts; each is a file that is there whole or not at all.

    A part is called by its number and a digest of its reviews and of the extractor's settings, so that one of other
    reviews or settings is never taken for it.
    """

    folder: Path

    @classmethod
    def at(cls, path: Path) -> PartFolder:
        """Return the folder, which its first part makes; raise InputError where something else lies there."""
        return cls(folder_place(path, EXTRACTION))

    def read(self, number: int, key: str) -> pa.Table | None:
        """Return a part; None where it is not there, or is no whole part."""
        try:
            table = pq.read_table(self._path(number, key))
        except (OSError, pa.ArrowException):
            return None
        return table if _NOTE in (table.schema.metadata or {}) else None

    def write(self, number: int, key: str, table: pa.Table) -> None:
        """Write a part."""
        if not (self.folder / _MARK).is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(json.dumps({"unfinished": "graphrec reviews"}), self.folder / _MARK, _MARK_KIND)
        path = self._path(number, key)
        path.unlink(missing_ok=True)  # a damaged one
        with whole_file(path, PART) as draft:
            pq.write_table(table.replace_schema_metadata({_NOTE: b""}), draft)

    def remove(self) -> None:
        """Remove the folder with all its parts, and nothing else."""
        if not self.folder.is_dir() or EXTRACTION.foreign(self.folder):
            return
        for entry in sorted(self.folder.iterdir(), key=lambda entry: entry.name == _MARK):
            entry.unlink()
        self.folder.rmdir()

    def _path(self, number: int, key: str) -> Path:
        return self.folder / f"part-{number:06d}-{key}.parquet"
