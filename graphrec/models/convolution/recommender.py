"""What VGAE and Splitter have in common as recommenders."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import torch

from graphrec.models.by_gradient import train_for
from graphrec.models.convolution.frozen import Frozen
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.convolution.trainee import ConvolutionTrainee
    from graphrec.models.recommender import Fitting


class Convolved(Recommender):
    """Score ⟨z_u, z_i⟩ of nodes that graph convolution encodes, users from the history that is shown (``Frozen``)."""

    def _fit(self, dataset: Dataset, fitting: Fitting) -> dict[str, float]:
        trainee = self._trainee(dataset, fitting)
        metrics = train_for(self, trainee, dataset, fitting)
        trainee.network.eval()
        self._frozen = trainee.frozen()
        return metrics

    @abstractmethod
    def _trainee(self, dataset: Dataset, fitting: Fitting) -> ConvolutionTrainee:
        """Return what is to be trained."""

    def _score(self, profiles: Profiles) -> torch.Tensor:
        return torch.from_numpy(self._frozen.scores(profiles.items, profiles.known))

    def _inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        return self._frozen.arrays()

    def _restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._frozen = Frozen.from_arrays(arrays)
