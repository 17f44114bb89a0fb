"""Which user took which item, as numbers: in parts of one list a user (KGAT), or with labels (KGCN, RippleNet)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import head
from graphrec.loading.layout import Layout
from graphrec.loading.numbered.lists import read_number_lists
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport


@dataclass(frozen=True)
class TakenNumbers:
    """Pairs of users and items, each once.

    Attributes:
        users: int64 [pairs].
        items: int64 [pairs].
        files: the files that the pairs stand in, one for each part.
        part: int64 [pairs], the position of a pair's file in ``files``.
        lines: int64 [pairs], the line of each pair in its file; empty where it is not known.
        seen_items: int64, the different items that the files name, also those that nobody took.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    files: tuple[Path, ...]
    part: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    seen_items: npt.NDArray[np.int64]

    def place(self, row: int) -> str:
        """Return the file and, where it is known, the line of a pair."""
        line = f", line {self.lines[row]}" if len(self.lines) else ""
        return f"{self.files[self.part[row]]}{line}"


def taken_in_parts(files: Sequence[Path], report: LoaderReport) -> TakenNumbers:
    """Read files of lines ``USER ITEM ITEM …``, the first for training.

    A pair that stands in several files belongs to the first of them, so that what is to be found was never seen in
    training; a pair that stands twice in one counts once. Both are told, and so are users and items of later files that
    the first one does not have.

    Raises:
        InputError: a file is absent or unusable.
    """
    lists = [read_number_lists(path, report) for path in files]
    users, items, lines = (np.concatenate(columns) for columns in zip(*lists, strict=True))
    part = np.repeat(np.arange(len(lists)), [len(one.members) for one in lists])
    pairs = users * (items.max() + 1) + items
    _, first = np.unique(pairs, return_index=True)
    n_across = len(np.unique(pairs * len(lists) + part)) - len(first)
    n_within = len(pairs) - len(first) - n_across
    if n_within:
        report.remarks.append(f"{counted(n_within, 'repeat')} of pairs within a file: each pair counts once")
    if n_across:
        names = ", ".join(path.name for path in files)
        report.remarks.append(f"{counted(n_across, 'repeat')} of pairs across {names}: each belongs to the first")
    for numbers, noun in ((users, "user"), (items, "item")):
        unseen = np.setdiff1d(numbers, numbers[part == 0])
        if len(unseen):
            verb = "is" if len(unseen) == 1 else "are"
            report.remarks.append(
                f"{counted(len(unseen), noun)} of later parts, such as {unseen[0]}, {verb} not in {files[0].name}"
            )
    rows = np.sort(first)
    return TakenNumbers(users[rows], items[rows], tuple(files), part[rows], lines[rows], np.unique(items))


def taken_with_labels(path: Path, report: LoaderReport) -> TakenNumbers:
    """Read a file of rows ``USER ITEM LABEL``: 1 for an item that the user took, 0 for one drawn among the others.

    Raises:
        InputError: the file is absent or unusable, or no label is 1.
    """
    columns = [Column(name, "integer", required=True, minimum=0, maximum=maximum) for name, maximum in _RATED]
    table = read_delimited(path, columns, report, numbers_layout(path))
    users, items, labels = (np.asarray(table.column(name)) for name, _ in _RATED)
    is_taken = labels == 1
    if not is_taken.any():
        raise InputError("no label is 1", where=str(path), remedy="Each row is: USER ITEM LABEL, the label 1 or 0")
    n_drawn = int((~is_taken).sum())
    if n_drawn:
        report.remarks.append(f"{path.name}: {counted(n_drawn, 'row')} left out that the label 0 calls negative")
    _, first = np.unique(users[is_taken] * (items.max() + 1) + items[is_taken], return_index=True)
    rows = np.flatnonzero(is_taken)[np.sort(first)]
    n_repeats = int(is_taken.sum()) - len(rows)
    if n_repeats:
        report.remarks.append(f"{counted(n_repeats, 'repeat')} of pairs within a file: each pair counts once")
    part = np.zeros(len(rows), dtype=np.int64)
    return TakenNumbers(users[rows], items[rows], (path,), part, np.array([], dtype=np.int64), np.unique(items))


def numbers_layout(path: Path) -> Layout:
    """Return the layout of a file of numbers without a header, whose columns tabs or spaces separate."""
    first = head(path, "utf-8").strip().partition("\n")[0]
    return Layout("\t" if "\t" in first else " ", header=False, quoted=False)


_RATED = (("user", 10**9), ("item", 10**9), ("label", 1))
