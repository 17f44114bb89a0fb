"""Matrix factorisation with the softmax of the whole catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.mf.config import MFConfig
from graphrec.models.mf.network import MFNetwork
from graphrec.models.mf.task import MFTask
from graphrec.models.pairs.heads import InnerProductHead
from graphrec.models.pairs.model import PairModel

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class MF(PairModel):
    """Matrix factorisation: s = b_i + ⟨p_u, q_i⟩, learned by the softmax over all items; it says why of nothing.

    The loss of a positive (u, i) is −log softmax_i(s), exact, without sampled negatives. b_i starts at the item's
    popularity. Dropout on p_u and averaged weights keep it from learning single pairs by heart. With sampled negatives
    and BPR's loss, matrix factorisation is ``fm`` with ``loss=bpr`` and without attributes.

    implicit and LensKit factorise by least squares or sampled pairs; neither has this loss.
    """

    name: ClassVar[str] = "mf"
    Config: ClassVar[type[ModelConfig]] = MFConfig

    @override
    def new_network(self, dataset: Dataset) -> MFNetwork:
        return MFNetwork(dataset.positives, self.config)

    @override
    def new_head(self) -> InnerProductHead:
        return InnerProductHead(self.config.embedding_size + 1)

    @override
    def new_task(self, dataset: Dataset, context: FitContext) -> MFTask:
        return MFTask(dataset, self.config, context, self.new_network(dataset))

    def user_latents(self, profiles: Profiles) -> torch.Tensor:
        """Return p of B users, as for ``graphrec.models.latent.LatentModel``; 0 for who has no vector."""
        known = torch.from_numpy(np.maximum(profiles.known, 0).astype(np.int64))
        has_vector = torch.from_numpy(self.count_inputs(profiles) > 0)
        return self._users[known, :-1] * has_vector[:, None]

    def scores_of_latents(self, latents: torch.Tensor) -> torch.Tensor:
        """Return ⟨p, q_i⟩ + b_i for any p, float32 [B, items]."""
        return latents @ self._items[:, :-1].T + self._items[:, -1]

    def item_latents(self) -> torch.Tensor:
        """Return q, float32 [items, d]."""
        return self._items[:, :-1]
