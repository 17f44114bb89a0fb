"""Lines of whole numbers: first an owner, such as a user, then what belongs to it, such as items."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.files import read_text
from graphrec.loading.kept_share import judge_kept_share
from graphrec.loading.text_numbers import mask
from graphrec.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport

_WHOLE = r"^\d{1,9}$"


class NumberLists(NamedTuple):
    """Owners and members, one row for each member, in the order of the file.

    Attributes:
        owners: int64 [members], the first number of the line.
        members: int64 [members], each further number of it.
        lines: int64 [members], the number of the line, from 1.
    """

    owners: npt.NDArray[np.int64]
    members: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]


def read_number_lists(path: Path, report: LoaderReport) -> NumberLists:
    """Read a file of lines ``OWNER MEMBER MEMBER …`` of whole numbers below 10⁹ with spaces or tabs between them.

    A line with anything else is skipped and counted. A line with an owner alone is no fault; a remark says how many
    there are.

    Args:
        path: the file, plain or gzip.
        report: receives the account of the file; its rows are lines.

    Raises:
        InputError: the file is absent, empty or not UTF-8, or no line of it, or almost none, can be used.
    """
    account = report.file(path)
    lines = pc.utf8_trim_whitespace(pa.array(read_text(path, "utf-8").split("\n"), pa.string()))
    filled = np.flatnonzero(mask(pc.not_equal(lines, "")))
    words = pc.utf8_split_whitespace(lines.take(pa.array(filled)))
    row, texts = np.asarray(pc.list_parent_indices(words)), words.flatten()
    wrong = np.zeros(len(filled), dtype=bool)
    wrong[row[~mask(pc.match_substring_regex(texts, _WHOLE))]] = True
    account.skip("a word is no whole number below 1,000,000,000", (filled[wrong] + 1).tolist())
    account.read, account.kept = len(filled), int((~wrong).sum())
    is_first = np.diff(row, prepend=-1) > 0
    is_sound = ~wrong[row]
    owners = np.zeros(len(filled), dtype=np.int64)
    owners[~wrong] = texts.filter(pa.array(is_first & is_sound)).cast(pa.int64())
    is_member = ~is_first & is_sound
    members = np.asarray(texts.filter(pa.array(is_member)).cast(pa.int64()))
    row = row[is_member]
    if not len(members):
        raise InputError(
            "no line has a number and further numbers that belong to it",
            where=str(path),
            remedy="Each line is such as: 7 12 40 3 — a user's number, then those of the items",
        )
    judge_kept_share(account)
    n_alone = account.kept - len(np.unique(row))
    if n_alone:
        verb = "has" if n_alone == 1 else "have"
        report.remarks.append(f"{path.name}: {counted(n_alone, 'line')} {verb} a first number and nothing after it")
    return NumberLists(owners[row], members, filled[row] + 1)
