"""Additive item–item models whose weights are a sparse matrix: scores, reasons and effects without items × items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from scipy import sparse
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.arrays.compressed_rows import require_rows
from graphrec.models.additive_items import AdditiveItems, signed_inputs
from graphrec.models.linear_switching import weighted_sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots


class SparseWeights(AdditiveItems):
    """An additive item–item model with few weights that are not 0. Subclasses hand them to ``_keep``.

    Attributes:
        weights_name: name of w's entries among the ``arrays``.
    """

    weights_name: ClassVar[str] = "weights"

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Score all items, or some of each user, pair by pair: Σ_j w(j, i). Arguments as for ``Recommender``."""
        if items is not None:
            return self._sums(profiles, items)
        return torch.from_numpy((signed_inputs(profiles, self.config.dislike_weight) @ self._between).toarray())

    def _sums(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return Σ_j w(j, i) over the inputs j of each user, for the items i [B, k] named for it."""
        scores = torch.zeros(items.shape)
        width = int(self.count_inputs(profiles).max(initial=0))
        for rows in row_blocks(len(items), width * items.shape[1]):
            some = self.inputs(profiles.rows(np.arange(rows.start, rows.stop)))
            scores[rows] = self.slot_weights(some, items[rows]).sum(dim=2)
        return scores

    @override
    def weights_between(self, slots: Slots, items: torch.Tensor) -> torch.Tensor:
        if not slots.nodes.size or not items.numel():
            return torch.zeros(*items.shape, slots.nodes.shape[1])
        taken, columns = np.broadcast_arrays(slots.nodes[:, None, :], items.numpy()[:, :, None])
        found = np.asarray(self._between[np.maximum(taken, 0).ravel(), columns.ravel()]).reshape(taken.shape)
        return torch.from_numpy(np.where(taken < 0, np.float32(0), found))

    @override
    def sums_of_weights(self, slots: Slots, strengths: torch.Tensor) -> torch.Tensor:
        return weighted_sums(slots, strengths, self._between)

    def _keep(self, between: Any) -> None:
        between.sort_indices()
        self._between = between
        """CSR [items, items], w(j, i)."""

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        between = self._between
        return {
            "starts": between.indptr.astype(np.int64),
            "items": between.indices.astype(np.int32),
            self.weights_name: between.data.astype(np.float32),
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        n_items = len(arrays["starts"]) - 1
        require_rows(arrays["starts"], arrays["items"], n_items)
        parts = (arrays[self.weights_name], arrays["items"], arrays["starts"])
        self._keep(sparse.csr_matrix(parts, shape=(n_items, n_items)))
