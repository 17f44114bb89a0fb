"""The training task of an encoder: batches of users, and validation with the embeddings that the model keeps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import blocks
from graphrec.models.convolution.trained_encoder import TrainedEncoder
from graphrec.models.gradient_task import GradientTask
from graphrec.models.validation import scored_by_history

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.convolution.encoder import Encoder
    from graphrec.models.convolution.user_item_entity_graph import Shares, UserItemEntityGraph
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class ConvolutionTask(GradientTask):
    """An encoder trained to give high ⟨z_u, z_t⟩ to the items that users took.

    Args:
        encoder: to be trained.
        graph: links.
        shares: [N, C], of the nodes in the channels.
        dataset: the training data.
        config: with ``learning_rate``, ``reg`` and ``batch_size``.
        context: the held-out data, and the users' input at validation.
    """

    network: Encoder

    def __init__(
        self,
        encoder: Encoder,
        graph: UserItemEntityGraph,
        shares: Shares,
        dataset: Dataset,
        config: Any,
        context: FitContext,
    ) -> None:
        super().__init__(dataset, config, context, weight_decay=config.reg)
        self.network = encoder
        self._graph, self._shares = graph, shares

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:  # noqa: ARG002
        """Yield the users with positives in random order."""
        users = rng.permutation(np.flatnonzero(self.positives.counts))
        return (users[part] for part in blocks(len(users), self.config.batch_size))

    def softmax(self, embeddings: torch.Tensor, users: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the mean of −log p(t | u) over the users' items, p the softmax of ⟨z_u, z_t⟩ over all items.

        Args:
            embeddings: z [N, d].
            users: of the batch; their rows × items are held at once.
        """
        taken = self.positives.rows(users)
        begin = self._graph.n_items + self._graph.n_entities
        of_users = embeddings[torch.from_numpy(users + begin).to(embeddings.device)]
        logits = torch.log_softmax(of_users @ embeddings[: self._graph.n_items].T, dim=1)
        row, item = (torch.from_numpy(part).to(logits.device) for part in (taken.row_of_entry, taken.indices))
        return -logits[row, item.long()].mean()

    @override
    def loss_without_knowledge(self) -> float | None:
        """Return ln n, the loss where each of n items is as likely as any other."""
        return math.log(self.positives.n_columns)

    def trained_encoder(self) -> TrainedEncoder:
        """Return the arrays that inference needs."""
        return TrainedEncoder.of(self.network, self._graph, self._shares)

    def scorer(self) -> Score:
        """Return a scorer by the encoder in its current state."""
        trained_encoder = self.trained_encoder()
        return scored_by_history(lambda users, history: trained_encoder.scores(history, users), self.fold_in.positives)
