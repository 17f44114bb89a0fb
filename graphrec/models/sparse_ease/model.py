"""Sparse EASE: for catalogues whose items × items fit nowhere, with the same exactly additive reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from typing_extensions import override

from graphrec.models.neighbours.similarity import similar_columns
from graphrec.models.sparse_ease.config import SparseEASEConfig
from graphrec.models.sparse_ease.regression import regression_weights
from graphrec.models.sparse_weights import SparseWeights
from graphrec.models.training import device_of

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class SparseEASE(SparseWeights):
    """Item–item regression on neighbours: score of i for u = Σ_j∈I_u B_ji, with B_ji 0 unless j is a neighbour of i.

    The neighbours N of an item i are the m items most similar to it by cosine, and its column of B solves

        min ‖x_i − X_N b‖² + λ ‖b‖²,    b = (X_Nᵀ X_N + λI)⁻¹ X_Nᵀ x_i.

    With all other items as neighbours that is the column of EASE (Steck, "Embarrassingly Shallow Autoencoders for
    Sparse Data", WWW 2019, equation 8), which the same regression gives. To choose the items of a regression by
    similarity first is the feature selection of Ning and Karypis, "SLIM: Sparse Linear Methods for Top-N Recommender
    Systems", ICDM 2011, section IV-C; theirs has an L1 penalty and no negative weights, this has neither. Steck,
    "Markov Random Fields for Collaborative Filtering", NeurIPS 2019, solves the sparse problem with one inverse for
    several items; here each item has its own.

    Memory grows with items × m, and time with that and with the pairs of items that users share. The weight of taken
    item j for item i is B_ji, switching j off lowers the score by as much, and explicit dislikes count as for EASE.
    """

    name: ClassVar[str] = "sparse-ease"
    Config: ClassVar[type[ModelConfig]] = SparseEASEConfig

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        config, taken = self.config, dataset.positives.csr(np.float32)
        near = similar_columns(taken, config.neighbours, least_shared=config.least_shared, progress=context.progress)
        near.sort_indices()
        weights = regression_weights(taken, near, config.reg, device=device_of(config), progress=context.progress)
        self._keep(weights.T.tocsr())
        return {}
