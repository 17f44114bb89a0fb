"""Vectors of nodes from the scores of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from graphrec.arrays.bounded_blocks import blocks
from graphrec.dataset.profiles import profiles_of

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.explainable import Explainable

_USERS_AT_ONCE = 256
_ENTRIES_AT_ONCE = 100_000


def item_vectors(
    model: Explainable, aligned: Dataset, known: npt.NDArray[np.int32], *, users: int, dimensions: int, seed: int
) -> npt.NDArray[np.float32]:
    """Return unit vectors of items whose inner products are the similarity of their scores.

    The scores of a sample of users are standardised user by user, so that all users count the same, and centred item by
    item, so that popularity does not make all items alike; the right singular vectors, scaled by the singular values,
    are the items. In all dimensions their cosine is the correlation of two items' scores over users.

    Args:
        model: fitted.
        aligned: what may be seen, in the numbering of the model.
        known: int32 [users], as ``model.align`` returns it.
        users: how many are sampled among those with an input.
        dimensions: of the vectors, at most.
        seed: of the sample.

    Returns:
        float32 [items, d]; a row of zeros where the model scores an item the same for everybody.
    """
    able = np.flatnonzero(aligned.positives.counts)
    if len(able) > users:
        able = np.sort(np.random.default_rng(seed).choice(able, users, replace=False))
    scores = np.zeros((len(able), len(aligned.items)), dtype=np.float32)
    for part in blocks(len(able), _USERS_AT_ONCE):
        scores[part] = model.score(profiles_of(aligned, known, able[part])).numpy()
    spread = scores.std(axis=1, keepdims=True)
    scores = np.divide(scores - scores.mean(axis=1, keepdims=True), spread, out=np.zeros_like(scores), where=spread > 0)
    scores -= scores.mean(axis=0)
    return unit(_strongest_directions(scores, dimensions))


def _strongest_directions(scores: npt.NDArray[np.float32], dimensions: int) -> npt.NDArray[np.float32]:
    """Return V·Σ of the singular value decomposition, [columns, d], by way of the smaller of the two Gram matrices."""
    by_user = scores.shape[0] < scores.shape[1]
    tall = scores if by_user else scores.T
    values, vectors = np.linalg.eigh((tall @ tall.T).astype(np.float64))
    values, vectors = values[::-1][:dimensions], vectors[:, ::-1][:, :dimensions]
    real = values > max(values.max(initial=0.0), 0.0) * 1e-6
    values, vectors = values[real], vectors[:, real]
    directions = scores.T @ vectors if by_user else vectors * np.sqrt(values)
    return np.asarray(directions, dtype=np.float32)


def unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the rows at length 1; rows that are nearly 0 become 0."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 1e-6))


def means(
    of: npt.NDArray[np.float32], rows: npt.NDArray[Any], columns: npt.NDArray[Any], n_rows: int
) -> npt.NDArray[np.float32]:
    """Return the sum of vectors for each row at length 1: the direction of their mean.

    Args:
        of: float32 [columns, d].
        rows: int [entries], who has it.
        columns: int [entries], what; a pair that comes twice counts twice.
        n_rows: number of rows.
    """
    has = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(n_rows, len(of)))
    return unit(has @ of)


def similarity(
    first: npt.NDArray[np.float32],
    rows: npt.NDArray[Any],
    second: npt.NDArray[np.float32],
    second_rows: npt.NDArray[Any],
) -> npt.NDArray[np.float64]:
    """Return (1 + cosine) / 2 of rows of ``first`` and rows of ``second``, pair by pair: float64 [pairs] in [0, 1]."""
    cosine = np.empty(len(rows))
    for part in blocks(len(rows), _ENTRIES_AT_ONCE):
        cosine[part] = np.einsum("ed,ed->e", first[rows[part]], second[second_rows[part]], dtype=np.float64)
    return np.clip((1 + cosine) / 2, 0.0, 1.0)
