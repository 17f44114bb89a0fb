"""Values that a replacement takes from rows that stay: a file cut short, or a column that came empty, looks like that.

Counted column by column while stored rows are compared, at one byte for each row and column of the target.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.stated import is_nameless

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


@dataclass(frozen=True)
class Emptied:
    """How many values of a column go from rows that stay.

    Attributes:
        gone: rows that lose their value.
        of: rows that stay and had one.
    """

    gone: int
    of: int


class EmptiedCount:
    """Counts, batch by batch, the values that stored rows have and the rows that take their place have not.

    Args:
        target: the rows that are to be there.
        columns: of the target, the ones to count.
    """

    def __init__(self, target: pa.Table, columns: Sequence[str]) -> None:
        self._after = {name: has_value(target, name) for name in columns}
        self._gone: Counter[str] = Counter()
        self._had: Counter[str] = Counter()

    def add(self, stored: pa.Table, stays: npt.NDArray[np.bool_], place: npt.NDArray[np.int64]) -> None:
        """Count a batch of stored rows.

        Args:
            stored: the batch; a column that it lacks is empty.
            stays: bool [rows], those that the target has under their keys.
            place: int64 [rows that stay], their positions in the target.
        """
        for name, after in self._after.items():
            if name in stored.column_names:
                had = has_value(stored, name)[stays]
                self._had[name] += int(np.count_nonzero(had))
                self._gone[name] += int(np.count_nonzero(had & ~after[place]))

    def result(self) -> dict[str, Emptied]:
        """Return the columns that lose any value."""
        return {name: Emptied(gone, self._had[name]) for name, gone in self._gone.items() if gone}


def has_value(rows: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    """Return which rows have a value in a column, bool [rows].

    A null and an empty text are none. Nor is a node's name that is its id: it stands where no name was given.
    """
    column = rows.column(name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not pa.types.is_string(kind):
        return np.asarray(column.is_valid().to_numpy(), dtype=bool)
    has = ~is_nameless(column)
    if name == "name" and "id" in rows.column_names:
        has &= ~np.asarray(pc.fill_null(pc.equal(*(rows.column(c).cast(pa.string()) for c in ("name", "id"))), False))
    return has
