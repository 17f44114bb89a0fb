"""The output of commands: one JSON object, or lines of text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from graphrec import strict_json
from graphrec.wording import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def say(*lines: str) -> None:
    """Print lines of the result on standard output; control characters in them, as a path may have, are replaced."""
    for line in lines:
        print("\n".join(readable(part, len(part)) for part in line.split("\n")))  # noqa: T201


def remark(line: str) -> None:
    """Print a remark on standard error."""
    print(line, file=sys.stderr)  # noqa: T201


def print_json(result: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print a result as JSON; a number that JSON does not know, such as NaN, is null."""
    plain = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") != "utf8"
    print(strict_json.dumps(result, indent=2, ensure_ascii=plain))  # noqa: T201


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Return lines of a plain table with aligned columns.

    Args:
        header: a word for each column.
        rows: cells; control characters in them are replaced.
        right: columns of numbers, aligned to the right.
    """
    cells = [[readable(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
