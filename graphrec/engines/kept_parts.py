"""The folder of an unfinished job: the results of parts that are done, so that a stopped job goes on where it was."""

from __future__ import annotations

import glob
import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.errors import GraphrecError
from graphrec.output_places import folder_place
from graphrec.own_kinds import FileKind, FolderKind, begins_with, has_keys
from graphrec.progress import no_progress
from graphrec.whole_file import whole_file, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graphrec.engines.engine import Engine, Part
    from graphrec.progress import Progress

_HEAD = "graphrec: a part of a job, SHA-256 "
PART = FileKind("part of a job", begins_with(_HEAD))
_MARK = "job.json"
_MARK_KIND = FileKind("mark of an unfinished job", has_keys("unfinished"))
JOB = FolderKind("unfinished job", _MARK, has_keys("unfinished"), frozenset({"part-*", ".graphrec-*"}))
_ENDING = ".graphrec-parts"
"""End of the name of such a folder, which lies beside what the job is to write."""


@dataclass(frozen=True)
class KeptParts:
    """A folder of parts; each is a file that is there whole or not at all, beside the digest of what it holds.

    Attributes:
        folder: where they lie; the first part makes it.
    """

    folder: Path

    @classmethod
    def beside(cls, output: Path, job: str) -> KeptParts:
        """Return the folder beside an output; raise InputError where something else lies there.

        Args:
            output: the file or folder that the job is to write.
            job: digest of what the job's results depend on; other jobs have folders of their own.
        """
        return cls(folder_place(output.with_name(f"{output.name}.{job}{_ENDING}"), JOB))

    def complete(
        self,
        engine: Engine,
        work: Callable[[Part], bytes],
        parts: Sequence[Part],
        progress: Progress = no_progress,
        step: str = "",
    ) -> None:
        """Have all parts done and kept that are not kept yet.

        Args:
            engine: does them.
            work: called with a part.
            parts: the parts, the same for every attempt at a job.
            progress: told how many parts are done.
            step: what progress calls it.
        """
        missing = [number for number in range(len(parts)) if not self._is_whole(number)]
        done = len(parts) - len(missing)
        progress(step, done, len(parts))
        for place, result in engine.map(work, [parts[number] for number in missing]):
            self._keep(missing[place], result)
            done += 1
            progress(step, done, len(parts))

    def read(self, number: int) -> bytes:
        """Return what a part gave.

        Raises:
            GraphrecError: it has gone, or was changed, since ``complete``.
        """
        content = self._read(number)
        if content is None:
            raise GraphrecError(
                "a part of the job has gone or was changed while it ran",
                where=str(self.folder),
                remedy="Run the same command again, alone",
            )
        return content

    def in_order(self, n_parts: int) -> Iterator[bytes]:
        """Yield what the parts gave, in their order; errors as for ``read``."""
        for number in range(n_parts):
            yield self.read(number)

    def remove(self) -> None:
        """Remove the folder with its parts; one that holds anything else is left."""
        _remove(self.folder)

    def _path(self, number: int) -> Path:
        return self.folder / f"part-{number:06d}"

    def _is_whole(self, number: int) -> bool:
        return self._read(number) is not None

    def _read(self, number: int) -> bytes | None:
        try:
            with self._path(number).open("rb") as file:
                head, content = file.readline(200), file.read()
        except FileNotFoundError:
            return None
        return content if head == _head_of(content) else None

    def _keep(self, number: int, content: bytes) -> None:
        if not (self.folder / _MARK).is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(json.dumps({"unfinished": "graphrec"}), self.folder / _MARK, _MARK_KIND)
        path = self._path(number)
        path.unlink(missing_ok=True)  # a damaged one
        with whole_file(path, PART) as draft:
            draft.write_bytes(_head_of(content) + content)


def remove_parts_beside(output: Path) -> None:
    """Remove the parts of all unfinished jobs that were to write an output."""
    for folder in output.parent.glob(f"{glob.escape(output.name)}.*{_ENDING}"):
        if JOB.is_one(folder):
            _remove(folder)


def _remove(folder: Path) -> None:
    if folder.is_dir() and not JOB.foreign(folder):
        shutil.rmtree(folder)


def _head_of(content: bytes) -> bytes:
    return f"{_HEAD}{hashlib.sha256(content).hexdigest()}\n".encode()
