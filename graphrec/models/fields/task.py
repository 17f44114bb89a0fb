"""The training task of a model of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from graphrec.models.fields.case_task import CaseTask
from graphrec.models.fields.catalogue_scores import catalogue_scores
from graphrec.models.fields.network import FieldNetwork

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.fields.arithmetic import FieldArithmetic
    from graphrec.models.fields.config import FieldConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class FieldTask(CaseTask):
    """The parameters of a model of fields with their examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
        arithmetic: that of the model.
    """

    network: FieldNetwork

    def __init__(
        self,
        dataset: Dataset,
        config: FieldConfig,
        context: FitContext,
        arithmetic: type[FieldArithmetic],
    ) -> None:
        super().__init__(dataset, config, context)
        kinds = np.asarray(dataset.attributes.columns["kind"].to_pylist(), dtype=str)
        self.network = FieldNetwork(self.positives, self.used_attributes(), kinds, config, arithmetic)

    @override
    def negative_items(self) -> npt.NDArray[np.int64]:
        """Return the items that somebody took: else hidden layers learn that an item without an id is never taken."""
        return np.unique(self.positives.indices).astype(np.int64)

    def scorer(self) -> Score:
        """Return a scorer from the items' parts, which are computed once."""
        network = self.network
        items = network.arithmetic.alone("item", network.fields_of("item", np.arange(self.positives.n_columns)))

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            of_users = network.arithmetic.alone("user", network.fields_of("user", users))
            whole: npt.NDArray[np.float32] = catalogue_scores(network.arithmetic, of_users, items).cpu().numpy()
            return whole

        return scores
