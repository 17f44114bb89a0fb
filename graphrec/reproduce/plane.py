"""Vectors laid out on a plane by t-SNE, and how far their groups lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy.typing as npt


def laid_out(
    vectors: npt.NDArray[Any], group: npt.NDArray[np.int64], names: list[str], *, perplexity: float, seed: int
) -> dict[str, Any]:
    """Lay out n vectors by their directions.

    Args:
        vectors: [n, d].
        group: int64 [n], place in ``names``.
        names: of the groups.
        perplexity: of t-SNE, at most a third of the others.
        seed: of the layout.

    Returns:
        ``x``, ``y`` and ``factor`` (the group) of each, ``names``, and ``apart``: how much likelier than by chance the
        nearest neighbour, among the vectors, is of the same group.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        from sklearn.manifold import TSNE
        from sklearn.neighbors import NearestNeighbors
    except ImportError as error:
        raise MissingExtraError("scikit-learn", extra="baselines", purpose="Laying out vectors by t-SNE") from error
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions = np.asarray(vectors, dtype=np.float64) / np.maximum(lengths, 1e-12)
    most = min(perplexity, (len(vectors) - 1) / 3)
    plane = TSNE(perplexity=most, init="pca", random_state=seed).fit_transform(directions)
    near = NearestNeighbors(n_neighbors=2).fit(directions).kneighbors(return_distance=False)[:, 0]
    share = np.bincount(group, minlength=len(names)) / len(group)
    return {
        "x": plane[:, 0].tolist(),
        "y": plane[:, 1].tolist(),
        "factor": group.tolist(),
        "names": names,
        "apart": float((group[near] == group).mean() / (share**2).sum()),
    }
