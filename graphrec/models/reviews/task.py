"""The training task of networks of review features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.pairs.scoring import pair_scores
from graphrec.models.pairs.task import PairTask
from graphrec.models.reviews.network import joined

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import FitContext
    from graphrec.models.reviews.bags import Bags
    from graphrec.models.reviews.net_config import NetConfig
    from graphrec.models.reviews.network import ReviewNetwork
    from graphrec.models.validation import Score


class ReviewTask(PairTask):
    """A network of review features with its batches; its loss is that of the pairs as they are.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
        network: not trained.
        shown: f of all users at validation.
    """

    network: ReviewNetwork

    def __init__(
        self, dataset: Dataset, config: NetConfig, context: FitContext, network: ReviewNetwork, shown: Bags
    ) -> None:
        super().__init__(dataset, config, context, network)
        self._shown = shown

    @override
    def scorer(self) -> Score:
        """Return a scorer of users by their vectors, where they have one, and what they mention.

        Who has neither scores −∞ everywhere.
        """
        network = self.network
        items = network.item_vectors(np.arange(self.positives.n_columns))

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            profiles, is_learned = self._shown.rows(users), self.positives.counts[users] > 0
            rows = torch.from_numpy(users).to(items.device)
            own = network.users[rows] * torch.from_numpy(is_learned).to(items.device)[:, None]
            whole = pair_scores(network.head, joined(network.user_side, own, profiles), items).cpu().numpy()
            has_input = is_learned | (profiles.beyond.counts > 0)
            return np.where(has_input[:, None], whole, np.float32(-np.inf))

        return scores
