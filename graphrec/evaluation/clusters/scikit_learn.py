"""What scikit-learn does for clusters; it comes with the extra ``baselines``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from graphrec.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy.typing as npt


def mutual_information(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Return normalised and adjusted mutual information of two labellings of the same n things, both int64 [n].

    Source: Vinh, Epps and Bailey, "Information theoretic measures for clusterings comparison", 2010; both over the mean
    of the entropies. The adjusted form is 0 in the mean over random labellings of the same sizes, the normalised one is
    above it, the more so the more labels there are.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score
    except ImportError as error:
        raise _missing("Mutual information of clusters") from error
    return float(normalized_mutual_info_score(first, second)), float(adjusted_mutual_info_score(first, second))


def k_means(vectors: npt.NDArray[np.float64], clusters: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the cluster of each of n vectors by k-means, the best of ten starts, int64 [n].

    Args:
        vectors: float64 [n, d].
        clusters: how many; no more than there are vectors.
        seed: of the starts.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning
    except ImportError as error:
        raise _missing("k-means") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # of fewer distinct vectors than clusters
        labels = KMeans(min(clusters, len(vectors)), n_init=10, random_state=seed).fit_predict(vectors)
    return np.asarray(labels, dtype=np.int64)


def _missing(purpose: str) -> MissingExtraError:
    return MissingExtraError("scikit-learn", extra="baselines", purpose=purpose)
