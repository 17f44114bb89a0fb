"""ELSA: for catalogues whose items × items fit nowhere, with the same exactly additive reasons as EASE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.models.additive_items import AdditiveItems, signed_inputs
from graphrec.models.elsa.config import ELSAConfig
from graphrec.models.elsa.task import ELSATask
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.pair_products import pair_products

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class ELSA(AdditiveItems):
    """A linear shallow autoencoder of low rank: score = x(AAᵀ − I), with rows a_i of A of length 1.

    Source: Vančura, Alves, Kasalický, Kordík, "Scalable Linear Shallow Autoencoder for Collaborative Filtering",
    RecSys 2022. Length 1 makes the diagonal of AAᵀ − I zero, so that no item learns to find itself, and the loss is the
    squared distance of a user's row and its prediction, each of length 1. Here the loss is computed from z = xA and
    G = AᵀA alone (``network.squared_distances``): it is the same number, and neither scores of a batch nor anything of
    items × items is ever held. Memory grows with items × d, and so does the cost of a user; a step costs items × d².

    Choices: Adam; a moving average of the weights; with a validation part, training stops early by ``metric``. Of a
    user with one item there is nothing to learn: that item is predicted from the others.

    The weight of taken item j for item i is ⟨a_j, a_i⟩, of i itself 0; switching j off lowers the score by as much.
    """

    name: ClassVar[str] = "elsa"
    Config: ClassVar[type[ModelConfig]] = ELSAConfig

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = ELSATask(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        with torch.no_grad():
            self._vectors = task.network.item_vectors().cpu()
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        inputs = signed_inputs(profiles, self.config.dislike_weight)
        sums = torch.from_numpy(inputs @ self._vectors.numpy())
        if items is not None:
            return pair_products(sums, self._vectors, items) - self._own(profiles, items)
        scores = sums @ self._vectors.T
        row = torch.from_numpy(np.repeat(np.arange(len(profiles)), np.diff(inputs.indptr)))
        scores[row, torch.from_numpy(inputs.indices).long()] -= torch.from_numpy(inputs.data)
        return scores

    def _own(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return what items [B, k] would add to themselves, their strength as inputs, float32 [B, k]."""
        row, columns = np.arange(len(profiles))[:, None], items.numpy()
        own = profiles.items.has(row, columns).astype(np.float32)
        own -= np.float32(self.config.dislike_weight) * profiles.disliked.has(row, columns)
        return torch.from_numpy(own)

    @override
    def weights_between(self, slots: Slots, items: torch.Tensor) -> torch.Tensor:
        weights = torch.zeros(*items.shape, slots.nodes.shape[1])
        nodes, size = torch.from_numpy(slots.nodes).long(), self._vectors.shape[1]
        for rows in row_blocks(len(items), (nodes.shape[1] + items.shape[1]) * size):
            taken = self._vectors[nodes[rows].clamp(min=0)]
            weights[rows] = torch.bmm(self._vectors[items[rows]], taken.transpose(1, 2))
        return weights.masked_fill_((nodes[:, None, :] == items[:, :, None]) | ~slots.filled[:, None, :], 0.0)

    @override
    def sums_of_weights(self, slots: Slots, strengths: torch.Tensor) -> torch.Tensor:
        nodes = torch.from_numpy(slots.nodes).long().clamp(min=0)
        scores = torch.bmm(strengths, self._vectors[nodes]) @ self._vectors.T
        return scores.scatter_add(2, nodes[:, None, :].expand_as(strengths), -strengths)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"vectors": self._vectors.numpy()}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._vectors = torch.from_numpy(np.asarray(arrays["vectors"], dtype=np.float32))
        """A, [items, d], rows of length 1."""
