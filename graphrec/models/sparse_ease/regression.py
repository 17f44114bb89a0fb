"""Ridge regressions of items on their neighbours, many at a time: no matrix of items × items is ever held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy import sparse

from graphrec.arrays.bounded_blocks import padded_blocks
from graphrec.arrays.padding import padded
from graphrec.errors import ModelError
from graphrec.models.neighbours.similarity import in_order
from graphrec.progress import no_progress

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.progress import Progress

NUMBERS_AT_ONCE = 2_000_000
"""Entries of Gram matrices held at once, items × neighbours²: the items of a block share most of their neighbours."""

DENSE_AT_ONCE = 16_000_000
"""Entries of the Gram matrix of a block's distinct items that is made dense, for looking up without a search."""


def regression_weights(
    taken: Any, neighbours: Any, reg: float, *, device: torch.device, progress: Progress = no_progress
) -> Any:
    """Return the weights of each item's neighbours for it, (X_Nᵀ X_N + λI)⁻¹ X_Nᵀ x_i with N the neighbours of i.

    Args:
        taken: X, CSR [users, items] of ones.
        neighbours: CSR [items, items], sorted, the neighbours of an item in its row; an item is none of its own.
        reg: λ.
        device: where the systems are solved.
        progress: told how many items are done.

    Returns:
        CSR [items, items] float32 in the pattern of ``neighbours``: the weight of neighbour j for item i in row i.

    Raises:
        ModelError: a Gram matrix + λI is not positive definite to machine precision.
    """
    by_item = taken.T.tocsr()
    counts = np.diff(neighbours.indptr).astype(np.int64)
    order, done, parts = np.argsort(counts, kind="stable"), 0, []
    for block in padded_blocks((counts[order] + 1) ** 2, NUMBERS_AT_ONCE):
        items = order[block]
        some, width = neighbours[items], int(counts[items].max())
        places = padded(some.indices, counts[items])
        weights = np.zeros(places.shape, dtype=np.float32)
        if width:
            gram, targets = _grams(by_item, places, items)
            weights = _solved(gram, targets, reg, device)
        parts.append(sparse.csr_matrix((weights[places >= 0], some.indices, some.indptr), some.shape))
        done += len(items)
        progress("regressing", done, len(order))
    return in_order(sparse.vstack(parts[::-1], format="csr"), order)


def _grams(
    by_item: Any, places: npt.NDArray[np.int32], items: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return how many users the neighbours of each item share with each other, and with the item.

    Args:
        by_item: CSR [items, users] of ones.
        places: int32 [b, m], the neighbours of b items, −1 in padding.
        items: int64 [b].

    Returns:
        X_Nᵀ X_N as its lower triangle, float64 [b, m, m], and X_Nᵀ x_i, float64 [b, m]; both 0 in padding.
    """
    size, width = places.shape
    distinct, local = np.unique(np.column_stack([items, np.maximum(places, 0)]), return_inverse=True)
    local = local.reshape(size, width + 1)
    rows = by_item[distinct]
    shared = rows @ rows.T
    if len(distinct) ** 2 <= DENSE_AT_ONCE:
        shared = shared.toarray()
    else:
        shared.sort_indices()
    first, second = np.tril_indices(width)
    filled = places >= 0
    gram = np.zeros((size, width, width))
    found = np.asarray(shared[local[:, 1 + first].ravel(), local[:, 1 + second].ravel()]).reshape(size, -1)
    gram[:, first, second] = found * (filled[:, first] & filled[:, second])
    targets = np.asarray(shared[np.repeat(local[:, 0], width), local[:, 1:].ravel()], dtype=np.float64)
    return gram, targets.reshape(size, width) * filled


def _solved(
    gram: npt.NDArray[np.float64], targets: npt.NDArray[np.float64], reg: float, device: torch.device
) -> npt.NDArray[np.float32]:
    """Return (G + λI)⁻¹ y for each of b lower triangles G and vectors y, float32 [b, m]."""
    system = torch.from_numpy(gram).to(device)
    system.diagonal(dim1=1, dim2=2).add_(reg)
    factor, failed = torch.linalg.cholesky_ex(system)
    if failed.any():
        raise ModelError("the Gram matrix of an item's neighbours is not positive definite", remedy="Raise reg")
    solution = torch.cholesky_solve(torch.from_numpy(targets).to(device)[..., None], factor)[..., 0]
    weights: npt.NDArray[np.float32] = solution.float().cpu().numpy()
    return weights
