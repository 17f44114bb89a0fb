"""Rows of an attribute network for some items, out of the pairs that join them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

Entries = Literal["edges", "co_takers", "paths"]
"""What stands at an edge: a one, as the paper prints it; the users who took both; these × the values that both carry,
which are the two-hop paths over pairs, and what ``AttributeNetwork.product`` sums over."""

_PATHS_AT_ONCE = 4_000_000
"""Paths item – pair – item that are counted at once: about 100 MB."""


def joined_rows(
    pairs_of_items: Any,
    items_of_pairs: Any,
    owners: npt.NDArray[np.int32],
    items: npt.NDArray[np.int64],
    entries: Entries,
    threshold: int,
) -> Incidence:
    """Return the rows of a network for B items; an item is no neighbour of itself.

    Args:
        pairs_of_items: scipy CSR matrix of ones, B × pairs.
        items_of_pairs: scipy CSR matrix of ones, pairs × items.
        owners: int32 [pairs], the user of each pair.
        items: int64 [B], column of each of the items.
        entries: what stands at an edge.
        threshold: users who took both items, at least; other edges are left out.

    Returns:
        B × items; without values for ``edges``.

    Raises:
        UsageError: entries of another name, or a threshold below 1.
    """
    if entries not in ("edges", "co_takers", "paths"):
        raise UsageError(f"a network has no entries {entries!r}", remedy="Take edges, co_takers or paths")
    if threshold < 1:
        raise UsageError(f"the threshold is {threshold}", remedy="Two items need one common user at least")
    paths_of_item = pairs_of_items @ np.diff(items_of_pairs.indptr)
    parts = [
        _block(pairs_of_items[block], items_of_pairs, owners, items[block], entries, threshold)
        for block in uneven_blocks(paths_of_item.astype(np.int64), _PATHS_AT_ONCE)
    ]
    n_columns = items_of_pairs.shape[1]
    if not parts:
        return Incidence.empty(0, n_columns)
    indptr = np.concatenate([[0], np.cumsum(np.concatenate([part.counts for part in parts]))])
    columns = np.concatenate([part.indices for part in parts])
    values = None if entries == "edges" else np.concatenate([part.weights for part in parts])
    return Incidence(indptr, columns, n_columns, values)


def _block(
    first: Any, second: Any, owners: npt.NDArray[np.int32], items: npt.NDArray[np.int64], entries: str, threshold: int
) -> Incidence:
    paths = _sorted_product(first, second)
    row = np.repeat(np.arange(len(items)), np.diff(paths.indptr))
    is_edge, values = paths.indices != items[row], paths.data
    if threshold > 1 or entries == "co_takers":
        users = _co_takers(first, second, owners)
        is_edge &= users >= threshold
        values = users if entries == "co_takers" else values
    indptr = np.zeros(len(items) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row[is_edge], minlength=len(items)), out=indptr[1:])
    columns = paths.indices[is_edge].astype(np.int32)
    return Incidence(indptr, columns, second.shape[1], values[is_edge].astype(np.float32))


def _co_takers(first: Any, second: Any, owners: npt.NDArray[np.int32]) -> npt.NDArray[Any]:
    """Return the users behind each entry of ``first @ second``: of several paths through one user, one counts."""
    from scipy import sparse  # here, because what needs no such matrix is not to wait for it

    n_owners = int(owners.max(initial=0)) + 1
    row = np.repeat(np.arange(first.shape[0], dtype=np.int64), np.diff(first.indptr))
    keys, place = np.unique(row * n_owners + owners[first.indices], return_inverse=True)
    ones = np.ones(len(place), dtype=np.float32)
    through = sparse.csr_matrix((ones, (place, first.indices)), shape=(len(keys), first.shape[1])) @ second
    through.data[:] = 1
    by_row = (np.ones(len(keys), dtype=np.float32), (keys // n_owners, np.arange(len(keys))))
    counts: npt.NDArray[Any] = _sorted_product(
        sparse.csr_matrix(by_row, shape=(first.shape[0], len(keys))), through
    ).data
    return counts


def _sorted_product(first: Any, second: Any) -> Any:
    product = (first @ second).tocsr()
    product.sort_indices()
    return product
