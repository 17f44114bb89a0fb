"""Stored rows beside those that a data set is to hold: what has to go, and what has to be written.

Rows are compared by 64-bit hashes of their keys and of all their values, as fingerprints compare them, so that memory
is 16 bytes a row of the target, one for each of its columns, and one batch of what is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.store.emptied import EmptiedCount
from graphrec.tables.fingerprint import row_hashes
from graphrec.tables.graph_tables import FROM, TO

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.schema.elements import EdgeKind, GraphSchema


def key_columns(part: str | EdgeKind, schema: GraphSchema) -> list[str]:
    """Return the columns that tell the rows of a part apart: of nodes the id, of edges both ends and the type's key."""
    return ["id"] if isinstance(part, str) else [FROM, TO, *schema.relationship(part.type).key]


class Difference:
    """The difference between the stored rows of one part, which come batch by batch, and the target.

    Args:
        target: the rows that are to be there, with unique keys; None for none.
        key: the columns that tell rows apart.
        uncounted: columns of the target whose emptied values are not counted.

    Attributes:
        stored: number of stored rows.
        surplus: number of those whose key the target lacks.
        emptied: the values that stored rows have and the target's rows of their keys have not.
    """

    def __init__(self, target: pa.Table | None, key: Sequence[str], uncounted: Sequence[str] = ()) -> None:
        empty = np.empty(0, dtype=np.uint64)
        self._key = list(key)
        keys = row_hashes(target.select(self._key)) if target is not None and target.num_rows else empty
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        self._values = row_hashes(target)[self._order] if target is not None and target.num_rows else empty
        self._same = np.zeros(len(keys), dtype=bool)
        self.stored = self.surplus = 0
        rows = pa.table({}) if target is None else target
        self.emptied = EmptiedCount(rows, [name for name in rows.column_names if name not in {*key, *uncounted}])

    def without_target(self, stored: pa.Table) -> pa.Table:
        """Take a batch of stored rows, and return those whose key the target lacks."""
        if not stored.num_rows:
            return stored
        keys = row_hashes(stored.select(self._key))
        place = np.searchsorted(self._keys, keys)
        found = place < len(self._keys)
        found[found] = self._keys[place[found]] == keys[found]
        place = place[found]
        self._same[place] |= self._values[place] == row_hashes(stored)[found]
        self.emptied.add(stored, found, self._order[place])
        self.stored += len(keys)
        self.surplus += len(keys) - len(place)
        return stored.filter(pa.array(~found))

    def to_write(self) -> npt.NDArray[np.int64]:
        """Return the positions of the target's rows that are not stored with the same values, in their order."""
        return np.sort(self._order[~self._same])
