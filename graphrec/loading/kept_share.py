"""The rule by which a file of which almost nothing can be read is an error and not a count.

Ten faults or more that leave fewer than one in ten are no accident of single rows: the mapping says something else
than the file. What a stated bound leaves out, such as ``lowest_rating``, is no fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError

if TYPE_CHECKING:
    from graphrec.loading.contract import FileReport

_FAULTS = 10
_SHARE = 10


def almost_nothing(good: int, bad: int) -> bool:
    """Return whether ``bad`` is ten or more, and ``good`` fewer than a tenth of both together."""
    return bad >= _FAULTS and good * _SHARE < good + bad


def judge_kept_share(account: FileReport, bounded: int = 0) -> None:
    """Raise InputError if almost no row of a file could be read; warn in its account if half of them could not.

    Args:
        account: of the file, complete.
        bounded: how many of the skipped rows a stated bound left out.
    """
    skipped = sum(account.skipped.values()) - bounded
    if not account.kept or skipped < _FAULTS:
        return
    reason, count = max(account.skipped.items(), key=lambda item: item[1])
    if almost_nothing(account.kept, skipped):
        raise InputError(
            f"only {account.kept:,} of {account.read:,} rows can be used: {count:,} times {account.told(reason)}",
            where=account.path,
            remedy=" ".join(
                [*account.warnings, "Check what is said of this column: its name, its type, the delimiter"]
            ),
        )
    if skipped >= account.kept + bounded:
        account.warnings.append(
            f"half of the rows or more are lost, {skipped:,} of {account.read:,}; the most since {reason}"
        )
