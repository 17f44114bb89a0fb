"""The training task of the factorisation machine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from graphrec.arrays.bounded_blocks import blocks
from graphrec.arrays.sorted_keys import among
from graphrec.dataset.incidence import Incidence
from graphrec.models.fm.network import FMBatch, FMNetwork
from graphrec.models.gradient_task import GradientTask
from graphrec.models.negative_sampling import share_not_taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.fm.config import FMConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class FMTask(GradientTask):
    """The parameters of the factorisation machine with their examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: FMNetwork

    def __init__(self, dataset: Dataset, config: FMConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self._keys = self.positives.keys()
        of_users, of_items = (
            part if used else Incidence.empty(part.n_rows, part.n_columns)
            for part, used in (
                (dataset.user_attributes, config.user_attributes),
                (dataset.item_attributes, config.item_attributes),
            )
        )
        self.network = self.new_network(of_users, of_items)

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

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[FMBatch]:  # noqa: ARG002 - no phases
        """Yield all positives in random order, with newly sampled negatives."""
        order = rng.permutation(self.positives.n_entries)
        for part in blocks(len(order), self.config.batch_size):
            entry = order[part]
            user, item = self.positives.row_of_entry[entry], self.positives.indices[entry]
            negatives = rng.integers(0, self.positives.n_columns, (len(entry), self.config.negatives))
            users, user_place = np.unique(user, return_inverse=True)
            items, item_place = np.unique(np.column_stack([item, negatives]), return_inverse=True)
            item_place = item_place.reshape(len(entry), -1)
            counts = ~among(self._keys, self.positives.keys_of(user[:, None], negatives))
            yield FMBatch(users, items, user_place, item_place[:, 0], item_place[:, 1:], counts)

    def loss(self, batch: FMBatch) -> torch.Tensor:
        """Return the loss of a batch."""
        return self.network.loss(batch)

    @override
    def loss_without_knowledge(self) -> float:
        """Return the loss of one constant for all pairs.

        With m negatives that count for each positive, ``bpr`` gives m ln 2, and ``logistic`` at its best constant
        (1 + m) ln(1 + m) − m ln m.
        """
        drawn: float = self.config.negatives * share_not_taken(self.positives)
        if self.config.loss == "bpr":
            return drawn * math.log(2)
        return (1 + drawn) * math.log1p(drawn) - (drawn * math.log(drawn) if drawn else 0.0)

    def scorer(self) -> Score:
        """Return a scorer by both sides of the machine."""
        items = self.network.feature_sums_of("item", np.arange(self.positives.n_columns))

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            products = self.user_vectors(users) @ items.vectors.T
            whole: npt.NDArray[np.float32] = (products + items.bias).cpu().numpy()
            return whole

        return scores
