"""The parameters of the factorisation machine, and its loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from graphrec.models.fields.case_loss import case_losses, case_penalties
from graphrec.models.fields.case_task import carried_by
from graphrec.models.fm.feature_sums import Factors, FeatureSums, feature_sums

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.fields.cases import Cases
    from graphrec.models.fm.config import FMConfig

SPREAD = 0.05
"""Standard deviation of the vectors at the start."""


class FMNetwork(nn.Module):
    """w_0, and v and w of every user id, item id and attribute.

    The id of a user without positives, and an attribute that nobody carries from whom it could be learned, are no
    features: they start at zero, and no gradient ever reaches them.

    Args:
        user_attributes: users × attributes; without ones where they are not used.
        item_attributes: items × attributes, likewise.
        learnable: bool [users], those with positives.
        config: of the model.
    """

    def __init__(
        self,
        user_attributes: Incidence,
        item_attributes: Incidence,
        learnable: npt.NDArray[np.bool_],
        config: FMConfig,
    ) -> None:
        super().__init__()
        self._carried = {"user": user_attributes, "item": item_attributes}
        self._config = config
        every_item = np.ones(item_attributes.n_rows, dtype=np.bool_)
        used = carried_by(user_attributes, learnable) | carried_by(item_attributes, every_item)
        features = {
            "user": torch.from_numpy(learnable),
            "item": torch.from_numpy(every_item),
            "attribute": torch.from_numpy(used),
        }
        generator = torch.Generator().manual_seed(config.seed)
        self.vectors, self.weights = nn.ParameterDict(), nn.ParameterDict()
        for name, is_feature in features.items():
            start = torch.randn(len(is_feature), config.embedding_size, generator=generator) * SPREAD
            self.vectors[name] = nn.Parameter(start * is_feature[:, None])
            self.weights[name] = nn.Parameter(torch.zeros(len(is_feature)))
        self.bias = nn.Parameter(torch.zeros(()))

    def factors(self, name: str) -> Factors:
        """Return the learned parameters of each ``user``, ``item`` or ``attribute``."""
        return Factors(self.vectors[name], self.weights[name])

    def feature_sums_of(self, name: str, rows: npt.NDArray[np.int64]) -> FeatureSums:
        """Return the feature sums of some nodes, ``user`` or ``item``."""
        nodes = torch.from_numpy(rows).to(self.bias.device)
        own = Factors(self.vectors[name][nodes], self.weights[name][nodes])
        carried = self._carried[name].rows(rows)
        return feature_sums(own, self.factors("attribute"), carried, within=self._config.within_sides)

    def of_examples(self, batch: Cases, users: FeatureSums) -> FeatureSums:
        """Return the user's feature sums in each example.

        Args:
            batch: of examples.
            users: of ``batch.users``.
        """
        user = torch.from_numpy(batch.user).to(self.bias.device)
        return FeatureSums(users.vectors[user], users.bias[user], users.penalty[user])

    def loss(self, batch: Cases) -> torch.Tensor:
        """Return the mean loss of a positive with its negatives, penalty included."""
        device = self.bias.device
        item, negatives, counts = (
            torch.from_numpy(part).to(device) for part in (batch.item, batch.negatives, batch.counts)
        )
        users = self.of_examples(batch, self.feature_sums_of("user", batch.users))
        items = self.feature_sums_of("item", batch.items)
        constant = self.bias + users.bias
        taken = (users.vectors * items.vectors[item]).sum(dim=1) + items.bias[item] + constant
        drawn = items.vectors[negatives.ravel()].view(*negatives.shape, -1)
        against = torch.bmm(drawn, users.vectors[:, :, None]).squeeze(2)
        against = against + items.bias[negatives] + constant[:, None]
        losses = case_losses(self._config.loss, taken, against, counts)
        if self._config.reg:
            squares = case_penalties(users.penalty, items.penalty[item], items.penalty[negatives], counts)
            losses = losses + self._config.reg * squares
        return losses.mean()
