"""KGCN: an item's vector depends on the user, by the weights of the relations of its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.compressed_rows import require_rows
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.kgcn.catalogue_scores import DEEP_NUMBERS_AT_ONCE, Scorer
from graphrec.models.kgcn.config import KGCNConfig
from graphrec.models.kgcn.field import Field
from graphrec.models.kgcn.network import KGCNNetwork
from graphrec.models.kgcn.task import KGCNTask
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext

_FIELD = ("indptr", "node", "relation", "count")


class KGCN(Recommender):
    """A graph network over the facts of an item, weighted by the user's affinity to their relations.

    Source: Wang, Zhao, Xie, Li, Guo, "Knowledge Graph Convolutional Networks for Recommender Systems", WWW 2019;
    ``network`` has the formulas. Facts are followed in both directions under the same relation, K of them stand for a
    node; they are drawn once, before training, as the authors' program does. Against every positive one item that its
    user did not take is drawn, evenly (the paper's P), anew in every epoch; the loss is the cross-entropy of both.

    Choices where the paper leaves room: the inner product for g and f, as the paper suggests; Xavier's start; a node
    without facts has a neighbourhood of zeros; with a validation part, training stops early by ``metric``. A graph
    without any facts leaves a layer over the item's own vector.

    A user is a vector of its own: one without positives in the training data has none and is recommended nothing.

    RecBole's KGCN is maintained. It needs NumPy before 2 and ray before 2.7, has the shares' mean where the paper has
    their sum, trains at a fifth of the speed and evaluates at a fiftieth (``benchmarks/kgcn_peer.py``).
    """

    name: ClassVar[str] = "kgcn"
    Config: ClassVar[type[ModelConfig]] = KGCNConfig
    learns_from_entities: ClassVar[bool] = True

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = KGCNTask(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        self._network = task.network.cpu().eval()
        self._seen = dataset.positives.counts > 0
        self._scorer = Scorer(self._network, len(dataset.items))
        self._n_items = len(dataset.items)
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        active = torch.from_numpy(self.count_inputs(profiles) > 0)
        users = profiles.known[active.numpy()].astype(np.int64)
        scores = torch.zeros(len(profiles), self._n_items if items is None else items.shape[1])
        scores[active] = self._scorer(users) if items is None else self._of_items(users, items[active].numpy())
        return scores

    @torch.no_grad()
    def _of_items(self, users: npt.NDArray[np.int64], items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the scores of some items for each of B users, [B, k], from the fields of these items alone."""
        scores = torch.zeros(items.shape)
        field = self.config.neighbours**self.config.hops * self.config.embedding_size
        at_once = max(1, DEEP_NUMBERS_AT_ONCE // max(field * items.shape[1], 1))
        for first in range(0, len(users) if items.size else 0, at_once):
            rows = slice(first, first + at_once)
            scores[rows] = self._network(users[rows], items[rows])
        return scores

    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        """Return 1 for users with a vector: the id is the only input."""
        has_vector = (profiles.known >= 0) & self._seen[profiles.known]
        inputs: npt.NDArray[np.int64] = has_vector.astype(np.int64)
        return inputs

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        weights = {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        field = {f"field.{name}": getattr(self._network.field, name) for name in _FIELD}
        return {**weights, **field, "seen": self._seen, "n_items": np.array([self._n_items])}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        field = Field(*(np.asarray(arrays[f"field.{name}"]) for name in _FIELD))
        require_rows(field.indptr, field.node, len(field.indptr) - 1)
        require_rows(field.indptr, field.relation, len(arrays["relations"]))
        rest = ("seen", "n_items", *(f"field.{name}" for name in _FIELD))
        weights = {name: torch.from_numpy(np.asarray(array)) for name, array in arrays.items() if name not in rest}
        self._network = KGCNNetwork(len(weights["users"]), len(weights["relations"]), field, self.config).eval()
        self._network.load_state_dict(weights)
        self._seen, self._n_items = np.asarray(arrays["seen"]), int(arrays["n_items"][0])
        self._scorer = Scorer(self._network, self._n_items)
