"""Additive item–item models whose weights are a sparse matrix: scores, reasons and effects without items × items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from scipy import sparse
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.arrays.compressed_rows import require_rows
from graphrec.explaining.dislikes import liked_and_disliked, signs
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.linear_switching import weighted_sums
from graphrec.models.model import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons


class SparseWeights(Model):
    """A model whose score of i for u is Σ_j∈I_u w(j, i), over the items j that the user took, with few w not 0.

    The weight of j for i is w(j, i), and switching j off takes exactly that. Explicit dislikes j, where the data has
    them, are inputs too: each adds −α w(j, i), with α the setting ``dislike_weight``. Subclasses learn w, and hand it
    to ``_keep``.

    Attributes:
        weights_name: name of w's entries among the ``arrays``.
    """

    method: ClassVar[str] = "linear"
    differentiable: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True
    uses_dislikes: ClassVar[bool] = True
    weights_name: ClassVar[str] = "weights"

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Score all items, or some of each user, pair by pair: Σ_j w(j, i). Arguments as for ``Recommender``."""
        if items is not None:
            return self._sums(profiles, items)
        taken, disliked = profiles.items.csr(), profiles.disliked
        inputs = taken - np.float32(self.config.dislike_weight) * disliked.csr() if disliked.n_entries else taken
        return torch.from_numpy((inputs @ self._between).toarray())

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts + profiles.disliked.counts

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        return liked_and_disliked(profiles)

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self.inputs(profiles)
        return slots.weighed(self._weights(slots, items))

    @override
    def effects(
        self,
        profiles: Profiles,
        items: torch.Tensor,
        scores: torch.Tensor,
        evidence: Evidence,
        chosen: ChosenReasons,
    ) -> torch.Tensor:
        return chosen.weights

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("effect",)

    @property
    @override
    def has_exact_shapley(self) -> bool:
        return True

    @override
    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return the weights, float32 [B, k, n]: what an input adds does not depend on which others are on."""
        return self.evidence(profiles, items).weights

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength t, Σ_j t_j w(j, i): linear in the strengths. Arguments as for ``Model``."""
        exact = checked_strengths(strengths)
        if items is None:
            return weighted_sums(slots, exact * signs(slots, self.config.dislike_weight), self._between)
        return torch.bmm(exact, self._weights(slots, items).transpose(1, 2))

    def _sums(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return Σ_j w(j, i) over the inputs j of each user, for the items i [B, k] named for it."""
        scores = torch.zeros(items.shape)
        width = int(self.count_inputs(profiles).max(initial=0))
        for rows in row_blocks(len(items), width * items.shape[1]):
            some = self.inputs(profiles.rows(np.arange(rows.start, rows.stop)))
            scores[rows] = self._weights(some, items[rows]).sum(dim=2)
        return scores

    def _weights(self, slots: Slots, items: torch.Tensor) -> torch.Tensor:
        """Return w(j, i) of the item j in each slot, −α w(j, i) of a disliked one, float32 [B, k, n]; 0 in padding."""
        if not slots.nodes.size or not items.numel():
            return torch.zeros(*items.shape, slots.nodes.shape[1])
        taken, columns = np.broadcast_arrays(slots.nodes[:, None, :], items.numpy()[:, :, None])
        found = np.asarray(self._between[np.maximum(taken, 0).ravel(), columns.ravel()]).reshape(taken.shape)
        weights = torch.from_numpy(np.where(taken < 0, np.float32(0), found))
        return weights * signs(slots, self.config.dislike_weight)

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
