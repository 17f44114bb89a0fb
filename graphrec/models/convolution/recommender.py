"""What VGAE and Splitter have in common as recommenders."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.convolution.frozen import Frozen
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
    """Score ⟨z_u, z_i⟩ of nodes that graph convolution encodes, users from the history that is shown (``Frozen``)."""

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = self.training_task(dataset, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        task.network.eval()
        self._frozen = task.frozen()
        return metrics

    @abstractmethod
    def training_task(self, dataset: Dataset, context: FitContext) -> ConvolutionTask:
        """Return what is to be trained."""

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        if items is None:
            return torch.from_numpy(self._frozen.scores(profiles.items, profiles.known))
        users = torch.from_numpy(self._frozen.users(profiles.items, profiles.known).astype(np.float32))
        products = pair_products(users, torch.from_numpy(self._frozen.items), items)
        return products * torch.from_numpy(profiles.items.counts > 0)[:, None]

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return self._frozen.arrays()

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._frozen = Frozen.from_arrays(arrays)
