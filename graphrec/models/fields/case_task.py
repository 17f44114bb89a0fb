"""The training task of models that tell taken items from sampled ones by ids and attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from typing_extensions import override

from graphrec.dataset.incidence import Incidence
from graphrec.models.fields.case_loss import loss_of_a_constant
from graphrec.models.fields.cases import sampled_cases
from graphrec.models.gradient_task import GradientTask
from graphrec.models.negative_sampling import share_not_taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.fields.cases import Cases
    from graphrec.models.fields.config import CaseConfig
    from graphrec.models.recommender import FitContext


class CaseNetwork(Protocol):
    """A network with the loss of cases."""

    def loss(self, batch: Cases) -> torch.Tensor:
        """Return the mean loss of a positive with its negatives, penalty included."""


class CaseTask(GradientTask):
    """Cases of a data set, and their loss. Subclasses add the network, which has ``loss``, and the scorer.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    def __init__(self, dataset: Dataset, config: CaseConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self._keys = self.positives.keys()
        self._drawn_from = self.negative_items()

    def negative_items(self) -> npt.NDArray[np.int64]:
        """Return the items that negatives are drawn from: all."""
        return np.arange(self.positives.n_columns)

    def used_attributes(self) -> tuple[Incidence, Incidence]:
        """Return users × attributes and items × attributes, without entries where the settings leave them out."""
        data, config = self.dataset, self.config
        parts = ((data.user_attributes, config.user_attributes), (data.item_attributes, config.item_attributes))
        of_users, of_items = (part if used else Incidence.empty(part.n_rows, part.n_columns) for part, used in parts)
        return of_users, of_items

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[Cases]:  # noqa: ARG002 - no phases
        """Yield all positives in random order, with newly sampled negatives."""
        counts = {"negatives": self.config.negatives, "batch_size": self.config.batch_size}
        return sampled_cases(self.positives, self._keys, self._drawn_from, rng, **counts)

    def loss(self, batch: Cases) -> torch.Tensor:
        """Return the loss of a batch."""
        network: CaseNetwork = self.network  # type: ignore[assignment]
        return network.loss(batch)

    @override
    def loss_without_knowledge(self) -> float:
        """Return the loss of one constant for all pairs."""
        drawn = self.config.negatives * share_not_taken(self.positives, len(self._drawn_from))
        return loss_of_a_constant(self.config.loss, drawn)


def carried_by(carried: Incidence, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return the attributes that some of the rows carry, those from which something can be learned, bool [attributes].

    Args:
        carried: nodes × attributes.
        rows: bool [nodes].
    """
    is_carried = np.zeros(carried.n_columns, dtype=np.bool_)
    is_carried[carried.indices[rows[carried.row_of_entry]]] = True
    return is_carried
