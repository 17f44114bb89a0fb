"""Ids of a JSON file that stand both as numbers and as texts, which become one id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.loading.json_values import text_of
from graphrec.wording import counted, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.columns import Column


class IdKinds:
    """Collects which ids of each column are numbers, and which texts of digits.

    Args:
        columns: of the file; those that are no ids are left out.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._numbers: dict[str, set[str]] = {column.name: set() for column in columns if column.identifies}
        self._texts: dict[str, set[str]] = {name: set() for name in self._numbers}

    def see(self, name: str, value: Any) -> None:
        """Note one value of a column."""
        if name not in self._numbers:
            return
        if not isinstance(value, str):
            self._numbers[name].add(text_of(value))
        elif value[-1:].isdigit():
            self._texts[name].add(value)

    def remarks(self, file: str) -> list[str]:
        """Return a sentence for each column in which a number and a text are one id."""
        both = {name: sorted(numbers & self._texts[name]) for name, numbers in self._numbers.items()}
        return [
            f"{file}: {counted(len(ids), 'id')} in {readable(name)!r} {'stands' if len(ids) == 1 else 'stand'} both "
            f'as a number and as a text, such as {readable(ids[0])} and "{readable(ids[0])}"; each became one id'
            for name, ids in both.items()
            if ids
        ]
