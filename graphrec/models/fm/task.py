"""The factorisation machine as the training loop sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.fm.network import FMBatch, FMNetwork
from graphrec.models.training import TrainingTask
from graphrec.models.validation import validation_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.fm.config import FMConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class FMTask(TrainingTask):
    """The parameters of the factorisation machine with their examples.

    Args:
        dataset: what may be seen.
        config: of the model.
        context: what is held out, and what is known of the users when they are validated.
    """

    network: FMNetwork

    def __init__(self, dataset: Dataset, config: FMConfig, context: FitContext) -> None:
        self._config = config
        self._positives = dataset.positives
        self._validation = context.validation
        self._taken = (context.fold_in or dataset).taken
        of_users, of_items = (
            part if used else Incidence.empty(part.n_rows, part.n_columns)
            for part, used in (
                (dataset.user_attributes, config.user_attributes),
                (dataset.item_attributes, config.item_attributes),
            )
        )
        self._keys = self._positives.row_of_entry * self._positives.n_columns + self._positives.indices
        self.network = FMNetwork(of_users, of_items, self._positives.counts > 0, config)

    def optimiser(self) -> torch.optim.Optimizer:
        """Return Adam."""
        return torch.optim.Adam(self.network.parameters(), lr=self._config.learning_rate, fused=True)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[FMBatch]:  # noqa: ARG002 - no phases
        """Yield all positives in random order, with newly drawn items against them."""
        order = rng.permutation(self._positives.n_entries)
        for start in range(0, len(order), self._config.batch_size):
            entry = order[start : start + self._config.batch_size]
            user, item = self._positives.row_of_entry[entry], self._positives.indices[entry]
            drawn = rng.integers(0, self._positives.n_columns, (len(entry), self._config.negatives))
            users, user_place = np.unique(user, return_inverse=True)
            items, item_place = np.unique(np.column_stack([item, drawn]), return_inverse=True)
            item_place = item_place.reshape(len(entry), -1)
            counts = ~self._is_taken(user[:, None], drawn)
            yield FMBatch(users, items, user_place, item_place[:, 0], item_place[:, 1:], counts)

    def loss(self, batch: FMBatch) -> torch.Tensor:
        """Return the loss of a batch."""
        return self.network.loss(batch)

    def validate(self) -> float | None:
        """Return the mean of the chosen metric over users with held-out items."""
        return validation_value(self._config.metric, self._scorer, self._taken, self._validation)

    def _scorer(self) -> Score:
        items = self.network.sides_of("item", np.arange(self._taken.n_columns))

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            of_users = self.network.sides_of("user", users)
            found: npt.NDArray[np.float32] = (of_users.vectors @ items.vectors.T + items.alone).cpu().numpy()
            return found

        return scores

    def _is_taken(self, user: npt.NDArray[np.int64], item: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        wanted = user * self._positives.n_columns + item
        places = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        taken: npt.NDArray[np.bool_] = self._keys[places] == wanted
        return taken
