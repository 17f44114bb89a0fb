"""The lists of a run as positions: who was recommended what, and from which data it was computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.store.store import Store

_COLUMNS = ("run", "user", "item", "rank", "basis")


@dataclass(frozen=True, eq=False)
class Lists:
    """The rows of a run, by user and rank.

    Attributes:
        user: int32 [rows], positions in the data.
        item: int32 [rows], positions in the data.
        basis: string [users], what each user's list was computed from; null where there is none, or it is not known.
    """

    user: npt.NDArray[np.int32]
    item: npt.NDArray[np.int32]
    basis: pa.Array


def read_lists(store: Store, run: str, dataset: Dataset) -> Lists:
    """Read the lists of a run; memory grows by 16 bytes for each recommendation, and by a text for each user.

    Rows of people whom the data no longer has are left out.

    Args:
        store: that holds the run.
        run: id of the run.
        dataset: the data of the store, which numbers users and items.
    """
    parts: list[tuple[npt.NDArray[np.int32], ...]] = []
    bases = np.full(len(dataset.users), None, dtype=object)
    for batch in store.read_nodes("Recommendation", _COLUMNS):
        rows = pa.Table.from_batches([batch]).filter(pc.equal(batch.column("run").cast(pa.string()), run))
        user, item = (
            positions_in(rows.column(name).combine_chunks().cast(pa.string()), ids)
            for name, ids in (("user", dataset.users.ids), ("item", dataset.items.ids))
        )
        here = (user >= 0) & (item >= 0)
        bases[user[here]] = rows.column("basis").to_numpy(zero_copy_only=False)[here]
        parts.append((user[here], item[here], rows.column("rank").to_numpy().astype(np.int32)[here]))
    empty = np.empty(0, dtype=np.int32)
    users, items, ranks = (np.concatenate([empty, *columns]) for columns in zip(*parts, strict=True)) if parts else (
        empty, empty, empty)  # fmt: skip
    order = np.lexsort((ranks, users))
    return Lists(users[order], items[order], pa.array(bases, pa.string()))
