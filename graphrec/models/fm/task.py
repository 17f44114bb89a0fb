"""The training task of the factorisation machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.fields.case_task import CaseTask
from graphrec.models.fm.network import FMNetwork

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.fm.config import FMConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class FMTask(CaseTask):
    """The parameters of the factorisation machine with their examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: FMNetwork

    def __init__(self, dataset: Dataset, config: FMConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self.network = self.new_network(*self.used_attributes())

    def new_network(self, of_users: Incidence, of_items: Incidence) -> FMNetwork:
        """Return the parameters before training.

        Args:
            of_users: users × attributes that are features.
            of_items: items × attributes, likewise.
        """
        return FMNetwork(of_users, of_items, self.positives.counts > 0, self.config)

    def user_vectors(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return p of some users, [B, d], by the input that they have at validation."""
        return self.network.feature_sums_of("user", users).vectors

    def scorer(self) -> Score:
        """Return a scorer by both sides of the machine."""
        items = self.network.feature_sums_of("item", np.arange(self.positives.n_columns))

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            products = self.user_vectors(users) @ items.vectors.T
            whole: npt.NDArray[np.float32] = (products + items.bias).cpu().numpy()
            return whole

        return scores
