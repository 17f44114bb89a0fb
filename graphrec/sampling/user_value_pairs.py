"""Pairs of a user and a value with the items that join them: the rows of Y of an attribute network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

_ENTRIES_AT_ONCE = 4_000_000
"""Entries (interaction × value) that are sorted at once: about 150 MB."""


def user_value_pairs(
    together: Incidence, carried: Incidence
) -> tuple[Any, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return which items join each pair: the user took the item, and the item carries the value.

    A pair that one item alone joins links nothing and is left out. Memory grows with the entries (interaction × value).

    Args:
        together: users × items.
        carried: items × values.

    Returns:
        A scipy CSR matrix pairs × items of ones, float32, by user, then value; and int32 [pairs] each, the pairs' users
        and values.
    """
    from scipy import sparse  # here, because what needs no such matrix is not to wait for it

    n_values = max(carried.n_columns, 1)
    entries_before = np.concatenate([[0], np.cumsum(carried.counts[together.indices])])
    sizes = [np.empty(0, dtype=np.int64)]
    users, values, items = ([np.empty(0, dtype=np.int32)] for _ in range(3))
    for block in uneven_blocks(np.diff(entries_before[together.indptr]), _ENTRIES_AT_ONCE):
        some = together.rows(np.arange(block.start, block.stop))
        entries = carried.rows(some.indices)
        user = some.row_of_entry[entries.row_of_entry]
        pair, item = _sorted(
            user * n_values + entries.indices, some.indices[entries.row_of_entry], max(carried.n_rows, 1)
        )
        begins = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])) if len(pair) else np.empty(0, dtype=np.int64)
        lengths = np.diff(np.append(begins, len(pair)))
        links_items = lengths > 1
        user, value = np.divmod(pair[begins[links_items]], n_values)
        sizes.append(lengths[links_items])
        users.append((user + block.start).astype(np.int32))
        values.append(value.astype(np.int32))
        items.append(item[np.repeat(links_items, lengths)])
    indptr = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
    columns = np.concatenate(items)
    shape = (len(indptr) - 1, carried.n_rows)
    matrix = sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, indptr), shape=shape)
    return matrix, np.concatenate(users), np.concatenate(values)


def linked_pairs(links: Incidence, n_items: int) -> Incidence:
    """Return links between items as links × items with both ends in each row: as if a user had taken these two.

    Args:
        links: items × items; an entry on either side of the diagonal is a link, one on it is none.
        n_items: number of items.

    Raises:
        UsageError: the links are of another number of items.
    """
    if (links.n_rows, links.n_columns) != (n_items, n_items):
        raise UsageError(
            f"the links are a matrix {links.n_rows} × {links.n_columns}, and there are {n_items} items",
            remedy="Number both ends as the data set numbers its items",
        )
    first, second = links.row_of_entry, links.indices
    keys = np.unique(np.minimum(first, second) * n_items + np.maximum(first, second))
    ends = np.stack(np.divmod(keys, max(n_items, 1)), axis=1)
    ends = ends[ends[:, 0] != ends[:, 1]].astype(np.int32)
    return Incidence(np.arange(len(ends) + 1, dtype=np.int64) * 2, ends.ravel(), n_items)


def _sorted(
    pair: npt.NDArray[np.int64], item: npt.NDArray[np.int32], n_items: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return pairs ascending with their items ascending in each; sorted as one number where both fit into 63 bits."""
    if int(pair.max(initial=0)) < np.iinfo(np.int64).max // n_items:
        keys = pair * n_items + item
        keys.sort()
        pair, item = np.divmod(keys, n_items)
        return pair, item.astype(np.int32)
    order = np.lexsort((item, pair))
    return pair[order], item[order]
