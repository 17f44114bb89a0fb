"""The training task of SVDFeature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from graphrec.models.fm.task import FMTask
from graphrec.models.svdfeature.network import SVDFeatureNetwork, feedback_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import torch

    from graphrec.dataset.incidence import Incidence


class SVDFeatureTask(FMTask):
    """The parameters of SVDFeature with their examples, those of a factorisation machine."""

    network: SVDFeatureNetwork

    @override
    def new_network(self, of_users: Incidence, of_items: Incidence) -> SVDFeatureNetwork:
        return SVDFeatureNetwork(self.positives, of_users, of_items, self.config)

    @override
    def user_vectors(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        own, taken = super().user_vectors(users), self.fold_in.positives.rows(users)
        return own + feedback_of(taken.where(self.network.is_feature[taken.indices]), self.network.feedback)
