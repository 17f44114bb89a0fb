"""The training task of the factorisation machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.fields.case_task import CaseTask
from graphrec.models.fm.network import FMNetwork

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
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
        self.network = FMNetwork(*self.used_attributes(), self.positives.counts > 0, config)

    def scorer(self) -> Score:
        """Return a scorer by both sides of the machine."""
        items = self.network.feature_sums_of("item", np.arange(self.positives.n_columns))

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            of_users = self.network.feature_sums_of("user", users)
            whole: npt.NDArray[np.float32] = (of_users.vectors @ items.vectors.T + items.bias).cpu().numpy()
            return whole

        return scores
