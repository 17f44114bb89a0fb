"""The training task of VGAE, with the variational bound of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.arrays.bounded_blocks import blocks
from graphrec.models.convolution.encoder import Encoder
from graphrec.models.convolution.task import ConvolutionTask
from graphrec.models.convolution.user_item_entity_graph import UserItemEntityGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import FitContext
    from graphrec.models.vgae.config import VGAEConfig


class VGAETask(ConvolutionTask):
    """Means and log standard deviations of all nodes, two heads of one encoder, and their bound.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    def __init__(self, dataset: Dataset, config: VGAEConfig, context: FitContext) -> None:
        graph = UserItemEntityGraph.of(dataset)
        shares = np.ones((graph.n_nodes, 1), dtype=np.float32)
        encoder = Encoder(
            graph,
            shares,
            hidden_size=config.hidden_size,
            embedding_size=config.embedding_size,
            heads=2,
            dropout=config.dropout,
            generator=torch.Generator().manual_seed(config.seed),
        )
        super().__init__(encoder, graph, shares, dataset, config, context)
        self._starts = np.searchsorted(graph.first, np.arange(graph.n_nodes + 1))

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
        """Yield users, or nodes with the likelihood ``bernoulli``, in random order."""
        if self.config.likelihood == "softmax":
            return super().batches(epoch, rng)
        nodes = rng.permutation(self._graph.n_nodes)
        return (nodes[part] for part in blocks(len(nodes), self.config.batch_size))

    def loss(self, batch: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the negative bound of the whole graph as the batch estimates it, for one positive, or one pair."""
        means, deviations = self.network()
        drawn = means + deviations.exp() * torch.randn_like(means)
        if self.config.likelihood == "softmax":
            loss, of = self.softmax(drawn, batch), self.positives.n_entries
        else:
            loss, of = self.bernoulli(drawn, batch), self._graph.n_nodes**2
        bound: torch.Tensor = loss + self.config.kl_weight * divergence(means, deviations) / of
        return bound

    @override
    def loss_without_knowledge(self) -> float | None:
        """Return None: the bound pays for the divergence too, and lies above ln n long after something was learned."""
        return None

    def bernoulli(self, embeddings: torch.Tensor, nodes: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the mean of −log p(A_ij) over nodes i of the batch and all j, p(A_ij = 1) = σ(⟨z_i, z_j⟩).

        As in the program of that paper, a node is linked with itself, pairs that are linked weigh as much as all others
        together, and the mean is scaled so that the others weigh ½ each.
        """
        n_nodes, device = self._graph.n_nodes, embeddings.device
        counts = np.diff(self._starts)[nodes]
        begins = np.repeat(self._starts[nodes] - np.cumsum(counts) + counts, counts)
        columns = torch.from_numpy(self._graph.second[begins + np.arange(counts.sum())]).to(device)
        rows = torch.from_numpy(np.repeat(np.arange(len(nodes)), counts)).to(device)
        batch_nodes = torch.from_numpy(nodes).to(device)
        linked = torch.zeros(len(nodes), n_nodes, device=device)
        linked[rows, columns] = 1.0
        linked[torch.arange(len(nodes), device=device), batch_nodes] = 1.0
        positive = len(self._graph.first) + n_nodes
        unlinked = max(n_nodes**2 - positive, 1)
        weight = torch.tensor(unlinked / positive, device=device)
        logits = embeddings[batch_nodes] @ embeddings.T
        loss = functional.binary_cross_entropy_with_logits(logits, linked, pos_weight=weight)
        return loss * (n_nodes**2 / (2 * unlinked))


def divergence(means: torch.Tensor, deviations: torch.Tensor) -> torch.Tensor:
    """Return KL(q(Z | X, A) ‖ N(0, I)) = ½ Σ (μ² + σ² − 1 − 2 log σ) over all nodes.

    Args:
        means: μ [N, d].
        deviations: log σ [N, d].
    """
    terms = means**2 + torch.exp(2 * deviations) - 1 - 2 * deviations
    return 0.5 * terms.sum()
