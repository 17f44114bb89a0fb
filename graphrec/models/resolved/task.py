"""The training task of the resolved model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.gradient_task import GradientTask
from graphrec.models.resolved.blocks import blocks_of
from graphrec.models.resolved.decoder import scores
from graphrec.models.resolved.describing import ATTRIBUTES, describing
from graphrec.models.resolved.examples import user_batches
from graphrec.models.resolved.levels import hops_below
from graphrec.models.resolved.neighbourhoods import graph_of_levels
from graphrec.models.resolved.network import ResolvedNetwork
from graphrec.models.resolved.objective import negative_bound, sampled_bound
from graphrec.sampling.choosing import sampler_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import FitContext
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.models.resolved.examples import UserBatch
    from graphrec.models.validation import Score
    from graphrec.sampling.heterograph import HeteroGraph
    from graphrec.sampling.sampler import Sampler


class ResolvedTask(GradientTask):
    """The network with its examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
        sampler: makes the sampler of the graph.
    """

    network: ResolvedNetwork

    def __init__(
        self,
        dataset: Dataset,
        config: ResolvedConfig,
        context: FitContext,
        sampler: Callable[[HeteroGraph], Sampler] = sampler_of,
    ) -> None:
        super().__init__(dataset, config, context, weight_decay=config.reg)
        self._describing = describing(config, dataset)
        self._below = self._describing.below(dataset)
        self._sampler = sampler(graph_of_levels(dataset, self._below, self._describing))
        n_entities = len(dataset.nodes[self._describing.label])
        self.network = ResolvedNetwork(len(dataset.items), n_entities, config, config.levels)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[UserBatch]:
        """Yield the users of an epoch."""
        return user_batches(self.dataset.positives, self._sampler, self.config, epoch, rng)

    def loss(self, batch: UserBatch) -> torch.Tensor:
        """Return the negative variational bound."""
        device = self.network.items.device
        user, item = (torch.from_numpy(array).to(device) for array in (batch.user, batch.item))
        segments = self.network.encode(batch.blocks)
        weight = self.config.kl_weight * batch.progress
        if batch.sampled is None:
            return negative_bound(self.network, segments, user, item, self.config, weight, batch.masked)
        hidden = batch.sampled.among(self._without_part(batch))
        return sampled_bound(self.network, segments, user, item, self.config, weight, batch.sampled, hidden)

    def _without_part(self, batch: UserBatch) -> Incidence:
        """Return B × items that have no part in a user's sum if drawn: what is wanted, being there, and masked."""
        row, item = batch.user, batch.item
        if batch.masked is not None:
            row, item = np.append(row, batch.masked.row_of_entry), np.append(item, batch.masked.indices)
        return Incidence.from_pairs(row, item, (batch.blocks.taken.n_rows, self.positives.n_columns))

    def inference_arrays(self) -> dict[str, torch.Tensor]:
        """Return the network of inference: entity vectors after the levels below them, and no layers.

        Where attributes stand for entities, ``by_attributes`` is there as well.
        """
        state = {name: tensor.detach().cpu().clone() for name, tensor in self.network.state_dict().items()}
        first = np.unique(self._describing.of(self.dataset.links).indices).astype(np.int64)
        with torch.no_grad():
            below = hops_below(first, self._below, self.config.levels)
            state["entities"][first] = self.network.entity_vectors(first, below).cpu()
        del state["entity_layers"]
        if self._describing == ATTRIBUTES:
            state["by_attributes"] = torch.ones(1, dtype=torch.uint8)
        return state

    def scorer(self) -> Score:
        """Return a scorer by the whole neighbourhoods of users."""
        return self._scores

    def _scores(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        taken, levels = self.fold_in.positives.rows(users), self.config.levels
        blocks = blocks_of(taken, self._describing.of(self.fold_in.links), self._below, levels)
        segments = self.network.encode(blocks)
        queries = self.network.queries(segments.mean)
        whole: npt.NDArray[np.float32] = scores(queries, segments.filled, self.network.dictionary()).cpu().numpy()
        return whole
