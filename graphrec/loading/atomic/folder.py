"""Which atomic files a folder holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError, UsageError
from graphrec.loading.atomic.file import AtomicFile
from graphrec.loading.files import require_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.layout import Layout

PARTS = ("train", "valid", "test")
"""Of a data set that was cut by its authors: NAME.train.inter, NAME.valid.inter, NAME.test.inter."""

AtomicFiles = dict[str, list[AtomicFile]]
"""Files by ending: ``inter``, one or one for each part; ``user``, ``item``, ``kg`` and ``link`` where they are."""


def atomic_files(path: Path, layout: Layout, report: LoaderReport) -> tuple[str, AtomicFiles]:
    """Return the name of a data set and its files.

    Args:
        path: the folder, or its file ``NAME.inter``.
        layout: how all files are written.
        report: receives a remark on files of the data set that are not read.

    Raises:
        InputError: there is no data set or more than one, or a header cannot be read.
    """
    name, inter = _interactions(path)
    folder = inter[0].parent
    paths = {"inter": inter}
    for ending in ("user", "item", "kg", "link"):
        file = folder / f"{name}.{ending}"
        if file.is_file():
            paths[ending] = [file]
    read = {file.name for several in paths.values() for file in several}
    others = sorted({file.name for file in folder.iterdir() if file.name.startswith(f"{name}.")} - read)
    if others:
        report.remarks.append(f"files not read: {', '.join(others)}")
    return name, {ending: [AtomicFile.of(file, layout) for file in several] for ending, several in paths.items()}


def without_fields(files: Mapping[str, Sequence[AtomicFile]], names: Sequence[str]) -> AtomicFiles:
    """Return files without some fields; raise UsageError for a name that no file has."""
    known = {field for several in files.values() for file in several for field in file.fields}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(
            f"no file has a field {unknown[0]!r:.60} to leave out", remedy=f"Fields: {', '.join(sorted(known)):.300}"
        )
    return {ending: [file.without(names) for file in several] for ending, several in files.items()}


def _interactions(path: Path) -> tuple[str, list[Path]]:
    """Return the name of the data set, and its file of interactions or those of its parts."""
    if not path.is_dir():
        return require_file(path).name.removesuffix(".inter"), [path]
    stems = sorted(file.name.removesuffix(".inter") for file in path.glob("*.inter") if file.is_file())
    cut = {stem: name for stem in stems for name, dot, part in [stem.rpartition(".")] if dot and part in PARTS}
    whole = [stem for stem in stems if stem not in cut]
    own = path.resolve().name
    names = [own] if own in whole else whole or sorted(set(cut.values()))
    if not names:
        raise InputError(
            "there is no NAME.inter", where=str(path), remedy="Give the folder that holds RecBole's atomic files"
        )
    if len(names) > 1:
        raise InputError(
            f"there are .inter files of {len(names)} data sets: {', '.join(names):.100}",
            where=str(path),
            remedy="Name the file itself: the one of the data set that is meant",
        )
    name = names[0]
    stems = [name] if whole else [f"{name}.{part}" for part in PARTS if f"{name}.{part}" in cut]
    return name, [path / f"{stem}.inter" for stem in stems]
