"""Co-purchase counting: how many users took both of two items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.loading.undirected import undirected
from graphrec.schema.elements import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    from scipy import sparse

    from graphrec.loading.contract import LoaderReport

_CELLS = 4_000_000
"""Bound on the cells of one block of the product: about 100 MB while it is ranked."""

CO_PURCHASED = EdgeKind("CO_PURCHASED", "Item", "Item")


@dataclass(frozen=True)
class CoPurchases:
    """Pairs of items that were taken together.

    Attributes:
        first: int32, one item of the pair.
        second: int32, the other; ``first < second``.
        count: int32, users who took both.
        left_out: users whose history was too long to be counted.
    """

    first: npt.NDArray[np.int32]
    second: npt.NDArray[np.int32]
    count: npt.NDArray[np.int32]
    left_out: int


def co_purchases(
    users: npt.NDArray[np.integer],
    items: npt.NDArray[np.integer],
    n_items: int,
    *,
    min_support: int = 5,
    max_per_item: int = 50,
    max_history: int = 5000,
) -> CoPurchases:
    """Count the users whom two items have in common.

    The product of the item × user matrix with its transpose is formed block by block, so that memory grows with the
    interactions and with ``n_items * max_per_item``, not with the number of pairs.

    Args:
        users: user index of each interaction; repeats of a pair count once.
        items: item index of each interaction, below ``n_items``.
        n_items: number of items.
        min_support: pairs that fewer users share are left out.
        max_per_item: each item keeps its so many strongest partners (of equals, the lower index); a pair stays if
            one of its two items keeps it. A popular item can so have more, but the pairs number at most
            ``n_items * max_per_item``.
        max_history: a user with more items is left out: such a history is rarely one person's, says little about
            any pair of it, and costs the square of its length. ``left_out`` says how many there were.

    Returns:
        Pairs ordered by first, then second item.
    """
    from scipy import sparse  # here, because a data set whose co-purchases nobody asks for is not to wait for it

    n_users = int(users.max()) + 1 if len(users) else 0
    by_user = sparse.csr_matrix(
        (np.ones(len(users), dtype=np.int32), (users.astype(np.int32, copy=False), items.astype(np.int32, copy=False))),
        shape=(n_users, n_items),
    )
    by_user.sum_duplicates()
    by_user.data[:] = 1
    lengths = np.diff(by_user.indptr)
    too_long = lengths > max_history
    if too_long.any():
        by_user = by_user[np.flatnonzero(~too_long)]
        lengths = lengths[~too_long]
    by_item = by_user.T.tocsr()
    strongest_pairs = [
        _strongest(by_item, by_user, rows, min_support, max_per_item) for rows in _blocks(by_item, lengths)
    ]
    pairs = np.concatenate([np.zeros(0, dtype=np.int64), *(codes for codes, _ in strongest_pairs)])
    counts = np.concatenate([np.zeros(0, dtype=np.int32), *(count for _, count in strongest_pairs)])
    pairs, position = np.unique(pairs, return_index=True)
    first, second = np.divmod(pairs, max(n_items, 1))
    return CoPurchases(first.astype(np.int32), second.astype(np.int32), counts[position], int(too_long.sum()))


def co_purchase_edges(
    interactions: pa.Table,
    report: LoaderReport,
    *,
    min_support: int = 5,
    max_per_item: int = 50,
    max_history: int = 5000,
) -> dict[EdgeKind, pa.Table]:
    """Return ``CO_PURCHASED`` edges counted from an ``INTERACTED`` table with dictionary-encoded ends.

    The options are those of ``co_purchases``. Each edge runs from the smaller to the larger id; its source is
    ``counted``. The report says how many edges there are and whose history was too long.
    """
    users, items = (interactions.column(side).combine_chunks() for side in ("from", "to"))
    pairs = co_purchases(
        np.asarray(users.indices),
        np.asarray(items.indices),
        len(items.dictionary),
        min_support=min_support,
        max_per_item=max_per_item,
        max_history=max_history,
    )
    report.remarks.append(
        f"{len(pairs.count)} pairs of items were taken together by at least {min_support} users"
        + (f"; {pairs.left_out} users with more than {max_history} items were not counted" if pairs.left_out else "")
    )
    ids = items.dictionary
    table = undirected(
        ids.take(pa.array(pairs.first)),
        ids.take(pa.array(pairs.second)),
        count=pa.array(pairs.count, pa.int64()),
        source=pa.repeat("counted", len(pairs.count)),
    )
    return {CO_PURCHASED: table} if table.num_rows else {}


def _blocks(by_item: sparse.csr_matrix, lengths: npt.NDArray[np.integer]) -> Iterator[slice]:
    """Return ranges of items whose rows of the product hold at most ``_CELLS`` cells together."""
    n_items = by_item.shape[0]
    reach = np.concatenate([[0], np.cumsum(lengths[by_item.indices], dtype=np.int64)])[by_item.indptr]
    return uneven_blocks(np.minimum(np.diff(reach), n_items), _CELLS)


def _strongest(
    by_item: sparse.csr_matrix, by_user: sparse.csr_matrix, rows: slice, min_support: int, max_per_item: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return pair codes (smaller × n_items + larger) and counts of what the items of one block keep."""
    block = (by_item[rows] @ by_user).tocoo()
    is_frequent = (block.data >= min_support) & (block.row + rows.start != block.col)
    row, column, count = block.row[is_frequent], block.col[is_frequent], block.data[is_frequent]
    order = np.lexsort((column, -count, row))
    row, column, count = row[order], column[order], count[order]
    begins = np.flatnonzero(np.r_[True, row[1:] != row[:-1]]) if len(row) else np.zeros(0, dtype=np.int64)
    place = np.arange(len(row)) - np.repeat(begins, np.diff(np.r_[begins, len(row)]))
    is_strongest = place < max_per_item
    first, second = row[is_strongest].astype(np.int64) + rows.start, column[is_strongest].astype(np.int64)
    return np.minimum(first, second) * by_item.shape[0] + np.maximum(first, second), count[is_strongest]
