"""RippleNet: a user is represented by the facts that the history reaches in the knowledge graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.compressed_rows import require_rows
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.recommender import Recommender
from graphrec.models.ripplenet.config import RippleNetConfig
from graphrec.models.ripplenet.network import RippleNetwork
from graphrec.models.ripplenet.ripples import Facts
from graphrec.models.ripplenet.task import RippleNetTask

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class RippleNet(Recommender):
    """Attention over the facts that a user's history reaches in one to H hops: items are queries, tails are values.

    Source: Wang, Zhang, Wang, Zhao, Li, Xie, Guo, "RippleNet: Propagating User Preferences on the Knowledge Graph for
    Recommender Systems", CIKM 2018; ``network`` has the formulas. Against every positive one item that its user did
    not take is drawn, evenly, anew in every epoch. The graph's part of the loss is taken on a sample, as in the
    paper's Algorithm 1: as many facts as positives, each beside one with another tail; means stand for its sums.

    Choices where the paper leaves room: an item's vector is its node's, as in the authors' program; a set smaller than
    ``ripple_size`` is taken whole, where that program repeats facts at random; a node from which no fact starts has a
    loop to itself, of a relation of its own, so that users without facts, and graphs without any, are scored by the
    items that they took; facts are followed backwards too unless ``backwards`` is off (in LastFM's graph nearly all
    facts start at items and end at entities, so that forwards alone nothing lies beyond the first hop); with a
    validation part, training stops early by ``metric``. As in the paper, a positive is in its user's own history.

    A user is the history alone: new users are scored like all others.
    """

    name: ClassVar[str] = "ripplenet"
    Config: ClassVar[type[ModelConfig]] = RippleNetConfig
    learns_from_entities: ClassVar[bool] = True

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = RippleNetTask(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        self._network = task.network.cpu().eval()
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        n_items = profiles.items.n_columns
        scores = torch.zeros(len(profiles), n_items if items is None else items.shape[1])
        active = np.flatnonzero(profiles.items.counts)
        history = profiles.items.rows(active)
        ripples = self._network.facts.ripples(history, self.config.hops, self.config.ripple_size)
        rows = torch.from_numpy(active)
        if items is None:
            scores[rows] = self._network.catalogue(ripples, n_items)
        else:
            scores[rows] = self._network.some_items(ripples, items[rows].numpy())
        return scores

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        weights = {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        facts = self._network.facts
        return {**weights, "indptr": facts.indptr, "relation": facts.relation, "tail": facts.tail}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        indptr, relation, tail = (np.asarray(arrays[name]) for name in ("indptr", "relation", "tail"))
        require_rows(indptr, tail, len(arrays["nodes"]), len(arrays["nodes"]))
        require_rows(indptr, relation, len(arrays["relations"]))
        facts = Facts(indptr, relation, tail, len(arrays["relations"]), self.config.seed)
        self._network = RippleNetwork(facts, self.config).eval()
        names = ("nodes", "relations")
        self._network.load_state_dict({name: torch.from_numpy(np.asarray(arrays[name])) for name in names})
