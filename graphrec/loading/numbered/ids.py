"""Lists of original ids and the numbers that stand for them in a data set's other files, as KGAT has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.files import read_text
from graphrec.loading.kept_share import judge_kept_share
from graphrec.loading.text_numbers import mask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport

FREEBASE = "freebase_id"
"""The third column that a list of items may have."""

_HEADER = ["org_id", "remap_id"]
_ROW = r"^(?P<id>\S.*?)\s+(?P<number>\d{1,9})$"
_LONG_ROW = r"^(?P<id>\S+)\s+(?P<number>\d{1,9})(?:\s+(?P<more>\S+))?$"
_GLUED_ROW = r"^(?P<id>\S+)\s+(?P<rest>\d+[^\d\s]\S*)$"


@dataclass(frozen=True)
class NumberedIds:
    """Original ids by their numbers; where there is no list, a number is the id itself.

    Attributes:
        path: the file, which need not be there.
        table: ``number`` (int64, each once), ``id`` (string) and perhaps ``freebase_id``; None without a file.
    """

    path: Path
    table: pa.Table | None

    @classmethod
    def of(cls, path: Path, report: LoaderReport) -> NumberedIds:
        """Read the list if there is one; raises what ``read_numbered_ids`` does."""
        return cls(path, read_numbered_ids(path, report) if path.is_file() else None)

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The numbers of the list, int64; none where there is no list."""
        return np.array([], dtype=np.int64) if self.table is None else np.asarray(self.table.column("number"))

    def ids(self, numbers: npt.NDArray[np.int64], where: Callable[[int], str]) -> pa.Array:
        """Return the ids that numbers stand for, strings of the same length.

        Args:
            numbers: int64 [n].
            where: the place of a number, by its position among them, for the message.

        Raises:
            InputError: the list is there, and does not have a number.
        """
        if self.table is None:
            return pa.array(numbers).cast(pa.string())
        places = pc.index_in(pa.array(numbers), value_set=self.table.column("number").combine_chunks())
        if places.null_count:
            first = pc.index(pc.is_null(places), True).as_py()
            raise InputError(
                f"the number {numbers[first]} is not in {self.path.name}",
                where=where(first),
                remedy="Fetch both files again, or move the list away: numbers are then the ids",
            )
        return self.table.column("id").combine_chunks().take(places)

    def refuse_repeated_ids(self) -> None:
        """Raise InputError where two numbers stand for one id, since two nodes would become one."""
        if self.table is None:
            return
        repeats = pc.value_counts(self.table.column("id").combine_chunks())
        repeats = repeats.filter(pc.greater(repeats.field("counts"), 1))
        if len(repeats):
            raise InputError(
                f"{len(repeats):,} ids stand for several numbers, such as {repeats[0].as_py()['values']!r:.60}",
                where=str(self.path),
                remedy="Fetch the file again, or move it away: numbers are then the ids",
            )


def read_numbered_ids(path: Path, report: LoaderReport) -> pa.Table:
    """Read a file with the header ``org_id remap_id`` or, for items of KGAT, ``org_id remap_id freebase_id``.

    The number is the last word of a row of two columns, since an original id may hold spaces
    (``categories::Disability Law 136475``). In a row of three, the third word may be missing, or stand right behind the
    number where it repeats the original id, as in the items of KGAT's Yelp2018: ``abc 7abc``.

    Args:
        path: the file, plain or gzip.
        report: receives the account of the file.

    Returns:
        ``number`` (int64), ``id`` (string) and, where there is a third column, ``freebase_id`` (string, null where it
        is missing), one row for each number.

    Raises:
        InputError: the file is absent, empty, not UTF-8, has another header, or no row of it, or almost none, can be
            used; or a number stands twice.
    """
    account = report.file(path)
    lines = pc.utf8_trim_whitespace(pa.array(read_text(path, "utf-8").split("\n"), pa.string()))
    filled = np.flatnonzero(mask(pc.not_equal(lines, "")))
    header = lines[int(filled[0])].as_py().split()
    is_long = header == [*_HEADER, FREEBASE]
    if header != _HEADER and not is_long:
        raise InputError(
            f"the header is {' '.join(header)[:60]!r}, not {' '.join(_HEADER)!r}",
            where=f"{path}, line {filled[0] + 1}",
            remedy="Put the header back, or move the list away: numbers are then the ids",
        )
    rows, places = lines.take(pa.array(filled[1:])), filled[1:] + 1
    found = pc.extract_regex(_separated(rows), _LONG_ROW) if is_long else pc.extract_regex(rows, _ROW)
    sound = mask(found.is_valid())
    account.read, account.kept = len(rows), int(sound.sum())
    account.skip("not an original id and a number", places[~sound].tolist())
    if not account.kept:
        raise InputError("no row of the list could be read", where=str(path), remedy="Each row is: ID NUMBER")
    judge_kept_share(account)
    found, places = found.filter(pa.array(sound)), places[sound]
    columns = {"number": found.field("number").cast(pa.int64()), "id": found.field("id")}
    if is_long:
        columns[FREEBASE] = pc.if_else(pc.equal(found.field("more"), ""), None, found.field("more"))
    table = pa.table(columns)
    _refuse_repeated_numbers(table, places, path)
    return table


def _separated(rows: pa.Array) -> pa.Array:
    """Return rows with a space behind the number where the original id follows it at once; others stay as they are."""
    words = pc.extract_regex(rows, _GLUED_ROW)
    is_glued = words.is_valid()
    pairs = zip(*(words.field(name).filter(is_glued).to_pylist() for name in ("id", "rest")), strict=True)
    texts = [f"{name} {rest.removesuffix(name)} {name}" if rest.endswith(name) else "" for name, rest in pairs]
    return pc.replace_with_mask(rows, is_glued, pa.array(texts, pa.string()))


def _refuse_repeated_numbers(table: pa.Table, places: npt.NDArray[np.int64], path: Path) -> None:
    numbers = np.asarray(table.column("number"))
    order = np.argsort(numbers, kind="stable")
    again = order[1:][numbers[order][1:] == numbers[order][:-1]]
    if len(again):
        row = int(again.min())
        raise InputError(
            f"the number {numbers[row]} stands twice, here for {table.column('id')[row].as_py()!r:.60}",
            where=f"{path}, line {places[row]}",
            remedy="Fetch the file again, or move it away: numbers are then the ids",
        )
