"""Which files of Amazon lie at a path: reviews, ratings alone, the parts of a benchmark, or extracted features."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphrec.errors import InputError
from graphrec.loading.files import require_file

from .ratings import looks_like_ratings
from .reviews import looks_like_reviews

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("train", "valid", "test")
_PART = re.compile(rf"(?P<base>.+)\.({'|'.join(PARTS)})\.csv(?P<gz>\.gz)?")


@dataclass(frozen=True)
class Source:
    """Where interactions come from.

    Attributes:
        kind: ``features`` for a folder with positives.csv, ``parts`` for the files of a split.
        path: the folder or file; of parts, that for training.
    """

    kind: Literal["features", "reviews", "ratings", "parts"]
    path: Path

    def part(self, name: str) -> Path:
        """Return the file of a part of a split, which need not exist."""
        match = _PART.fullmatch(self.path.name)
        base, ending = (match["base"], match["gz"] or "") if match else (self.path.name, "")
        return self.path.with_name(f"{base}.{name}.csv{ending}")


def find_source(path: Path) -> Source:
    """Return what to read at a path.

    Raises:
        InputError: there is no such file, or the folder holds no file of interactions, or several.
    """
    if not path.is_dir():
        return _of_file(require_file(path))
    if (path / "positives.csv").is_file():
        return Source("features", path)
    files = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("meta_"))
    found = {source.path: source for source in map(_of_file, filter(_is_source, files))}
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        what = "there is no positives.csv, no file of reviews and none of ratings"
        raise InputError(what, where=str(path), remedy="Name the file of reviews itself")
    names = ", ".join(file.name for file in list(found)[:3])
    raise InputError(
        f"there are {len(found)} files of reviews or ratings, such as {names}",
        where=str(path),
        remedy="Name the one to read",
    )


def metadata_beside(path: Path) -> Path | None:
    """Return the only ``meta_….json`` or ``meta_….jsonl`` of a folder, which may be gzip; None for none or several."""
    files = [file for file in path.glob("meta_*.json*") if file.is_file()] if path.is_dir() else []
    return files[0] if len(files) == 1 else None


def _of_file(path: Path) -> Source:
    """Return the source that a file is, or belongs to."""
    if _PART.fullmatch(path.name):
        source = Source("parts", path)
        return Source("parts", source.part("train"))
    return Source("ratings" if ".csv" in path.suffixes else "reviews", path)


def _is_source(path: Path) -> bool:
    if ".csv" in path.suffixes:
        return looks_like_ratings(path)
    return path.name.endswith((".json", ".jsonl", ".json.gz", ".jsonl.gz")) and looks_like_reviews(path)
