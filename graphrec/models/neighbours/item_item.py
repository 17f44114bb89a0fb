"""Item–item collaborative filtering: items similar to those that the user took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from pydantic import Field
from scipy import sparse
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.arrays.compressed_rows import require_rows
from graphrec.models.additive_items import AdditiveItems, signed_inputs
from graphrec.models.config import ModelConfig
from graphrec.models.linear_switching import weighted_sums
from graphrec.models.neighbours.similarity import similar_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.models.recommender import FitContext


class ItemItemConfig(ModelConfig):
    """Settings of item–item collaborative filtering.

    Attributes:
        neighbours: similar items kept for each item; 0 keeps all that share a user.
        neighbours_of: whose they are: of the ``candidate``, which then hears only those taken items that are nearest
            to it, or of the ``taken`` item, which then speaks only for those nearest to it (as in Turi Create).
        similarity: ``cosine`` or ``jaccard``.
        shrinkage: added to the denominator, so that rare items are not alike by chance.
        dislike_weight: of a disliked item beside a taken one; counts where the data has dislikes (``negative_if``).
    """

    added_later: ClassVar[frozenset[str]] = frozenset({"dislike_weight"})
    neighbours: int = Field(200, ge=0, description="similar items kept for each item; 0 keeps all")
    neighbours_of: str = Field("candidate", pattern="^(candidate|taken)$", description="candidate or taken")
    similarity: str = Field("cosine", pattern="^(cosine|jaccard)$", description="cosine or jaccard")
    shrinkage: float = Field(0.0, ge=0, description="added to the denominator of a similarity")
    dislike_weight: float = Field(0.25, ge=0, description="weight of a disliked item beside a taken one")


class ItemItem(AdditiveItems):
    """Item–item collaborative filtering: score of i for u = Σ_j∈I_u s(j, i), over the items j that the user took.

    s(j, i) is the similarity of the two items by who took them, where they are neighbours, and 0 elsewhere.

    Source: Sarwar, Karypis, Konstan, Riedl, "Item-based collaborative filtering recommendation algorithms", WWW 2001;
    Deshpande and Karypis, "Item-based top-N recommendation algorithms", TOIS 2004. The paper of RecoNet took Turi
    Create's ItemSimilarityRecommender, whose score is the mean of s(j, i) over the history with the 64 neighbours of
    each taken item: the same ranking as here with ``neighbours_of="taken"``, since |I_u| divides all of a user's
    scores alike. The sum stands here because it makes weight and effect the same number: switching j off takes s(j, i).

    Explicit dislikes j, where the data has them, are inputs too: each adds −α s(j, i), with α the ``dislike_weight``.
    Similarities are those of positives alone.
    """

    name: ClassVar[str] = "item-item"
    Config: ClassVar[type[ModelConfig]] = ItemItemConfig

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        config = self.config
        between = similar_columns(
            dataset.positives.csr(),
            config.neighbours,
            kind=config.similarity,
            shrinkage=config.shrinkage,
            progress=context.progress,
        )
        self._keep(between.T.tocsr() if config.neighbours_of == "candidate" else between)
        return {}

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Score all items, or some of each user, pair by pair: Σ_j s(j, i). Arguments as for ``Recommender``."""
        if items is not None:
            return self._sums(profiles, items)
        return torch.from_numpy((signed_inputs(profiles, self.config.dislike_weight) @ self._between).toarray())

    def _sums(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return Σ_j s(j, i) over the inputs j of each user, for the items i [B, k] named for it."""
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
        similarity = np.asarray(self._between[np.maximum(taken, 0).ravel(), columns.ravel()]).reshape(taken.shape)
        return torch.from_numpy(np.where(taken < 0, np.float32(0), similarity))

    @override
    def sums_of_weights(self, slots: Slots, strengths: torch.Tensor) -> torch.Tensor:
        return weighted_sums(slots, strengths, self._between)

    def _keep(self, between: Any) -> None:
        between.sort_indices()
        self._between = between
        """CSR [items, items], s(j, i)."""

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        between = self._between
        return {
            "starts": between.indptr.astype(np.int64),
            "items": between.indices.astype(np.int32),
            "similarities": between.data.astype(np.float32),
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        n_items = len(arrays["starts"]) - 1
        require_rows(arrays["starts"], arrays["items"], n_items)
        parts = (arrays["similarities"], arrays["items"], arrays["starts"])
        self._keep(sparse.csr_matrix(parts, shape=(n_items, n_items)))
