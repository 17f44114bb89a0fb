"""The common base of the recommenders VGAE and Splitter."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.convolution.trained_encoder import TrainedEncoder
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.pair_products import pair_products
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.convolution.task import ConvolutionTask
    from graphrec.models.recommender import FitContext


class ConvolutionModel(Recommender):
    """Score ⟨z_u, z_i⟩ of nodes encoded by graph convolution, users from their input history (``TrainedEncoder``)."""

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = self.training_task(dataset, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        task.network.eval()
        self._trained_encoder = task.trained_encoder()
        return metrics

    @abstractmethod
    def training_task(self, dataset: Dataset, context: FitContext) -> ConvolutionTask:
        """Return the training task."""

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        if items is None:
            return torch.from_numpy(self._trained_encoder.scores(profiles.items, profiles.known))
        return pair_products(self.user_latents(profiles), self.item_latents(), items)

    def user_latents(self, profiles: Profiles) -> torch.Tensor:
        """Return z of B users, as for ``graphrec.models.latent.LatentModel``."""
        users = torch.from_numpy(self._trained_encoder.users(profiles.items, profiles.known).astype(np.float32))
        return users * torch.from_numpy(profiles.items.counts > 0)[:, None]

    def scores_of_latents(self, latents: torch.Tensor) -> torch.Tensor:
        """Return ⟨z, z_i⟩ for any z, float32 [B, items]."""
        return latents @ self.item_latents().T

    def item_latents(self) -> torch.Tensor:
        """Return z of the items, float32 [items, d]."""
        return torch.from_numpy(self._trained_encoder.items)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return self._trained_encoder.arrays()

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._trained_encoder = TrainedEncoder.from_arrays(arrays)
