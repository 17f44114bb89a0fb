"""What trains an encoder: batches of users, and validation through what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.models.convolution.frozen import Frozen
from graphrec.models.training import TrainingTask
from graphrec.models.validation import validation_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.convolution.bipartite_graph import Graph, Shares
    from graphrec.models.convolution.encoder import Encoder
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class ConvolutionTask(TrainingTask):
    """An encoder that is to give high ⟨z_u, z_t⟩ to what users took.

    Args:
        encoder: to be trained.
        graph: links.
        shares: [N, C], of the nodes in the channels.
        dataset: what may be seen.
        config: with ``learning_rate``, ``reg`` and ``batch_size``.
        context: what is held out, and what is known of the users when they are validated.
    """

    network: Encoder

    def __init__(
        self, encoder: Encoder, graph: Graph, shares: Shares, dataset: Dataset, config: Any, context: FitContext
    ) -> None:
        self.network = encoder
        self._graph, self._shares, self._config = graph, shares, config
        self._positives = dataset.positives
        self._validation = context.validation
        self._asked = context.fold_in or dataset

    def optimiser(self) -> torch.optim.Optimizer:
        """Return Adam with an L2 penalty."""
        config = self._config
        return torch.optim.Adam(self.network.parameters(), lr=config.learning_rate, weight_decay=config.reg, fused=True)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:  # noqa: ARG002
        """Yield the users with positives in random order."""
        users = rng.permutation(np.flatnonzero(self._positives.counts))
        for begin in range(0, len(users), self._config.batch_size):
            yield users[begin : begin + self._config.batch_size]

    def softmax(self, embeddings: torch.Tensor, users: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the mean of −log p(t | u) over what the users took, p the softmax of ⟨z_u, z_t⟩ over all items.

        Args:
            embeddings: z [N, d].
            users: of the batch; their rows × items are held at once.
        """
        taken = self._positives.rows(users)
        begin = self._graph.n_items + self._graph.n_entities
        of_users = embeddings[torch.from_numpy(users + begin).to(embeddings.device)]
        logits = torch.log_softmax(of_users @ embeddings[: self._graph.n_items].T, dim=1)
        row, item = (torch.from_numpy(part).to(logits.device) for part in (taken.row_of_entry, taken.indices))
        return -logits[row, item.long()].mean()

    def frozen(self) -> Frozen:
        """Return what is to be kept."""
        return Frozen.of(self.network, self._graph, self._shares)

    def validate(self) -> float | None:
        """Return the mean of the chosen metric over users with held-out items."""
        return validation_value(self._config.metric, self._scorer, self._asked.taken, self._validation)

    def _scorer(self) -> Score:
        frozen, positives = self.frozen(), self._asked.positives

        def scores(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            history = positives.rows(users)
            found = frozen.scores(history, users)
            return np.where(history.counts[:, None] > 0, found, np.float32(-np.inf))  # who is recommended nothing

        return scores
