"""The training task of RippleNet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.arrays.sorted_keys import among
from graphrec.models.gradient_task import GradientTask
from graphrec.models.negative_sampling import NegativeSampler, sampled_pairs
from graphrec.models.ripplenet.network import RippleNetwork
from graphrec.models.ripplenet.ripples import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.negative_sampling import SampledPairs
    from graphrec.models.recommender import FitContext
    from graphrec.models.ripplenet.config import RippleNetConfig
    from graphrec.models.validation import Score


@dataclass(frozen=True, eq=False)
class RippleBatch:
    """Positives with negative items, and facts with negative tails.

    Attributes:
        pairs: the positives with negatives.
        fact: int64 [n].
        tails: int64 [n, 2], the fact's own tail, and another.
        true: bool [n, 2], which of them makes a fact.
    """

    pairs: SampledPairs
    fact: npt.NDArray[np.int64]
    tails: npt.NDArray[np.int64]
    true: npt.NDArray[np.bool_]


class RippleNetTask(GradientTask):
    """The network of RippleNet with its examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: RippleNetwork

    def __init__(self, dataset: Dataset, config: RippleNetConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context, weight_decay=config.reg)
        self._negatives = NegativeSampler(dataset.positives)
        self._facts = facts_of(dataset.knowledge, backwards=config.backwards, seed=config.seed)
        self._ripples = self._facts.ripples(dataset.positives, config.hops, config.ripple_size)
        self._real = np.flatnonzero(self._facts.relation < self._facts.n_relations - 1)
        self._nodes = len(self._facts.indptr) - 1
        pair = self._facts.head * self._facts.n_relations + self._facts.relation
        self._keys = pair * self._nodes + self._facts.tail
        self.network = RippleNetwork(self._facts, config)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[RippleBatch]:  # noqa: ARG002 - no phases
        """Yield every positive with a negative item, and as many facts with negative tails."""
        for batch in sampled_pairs(self.positives, self._negatives, rng, self.config.batch_size):
            number = len(batch.users) if len(self._real) and self.config.graph_weight else 0
            fact = rng.choice(self._real, number) if number else np.empty(0, dtype=np.int64)
            negative_tails = rng.integers(0, self._nodes, number)
            tails = np.stack([self._facts.tail[fact], negative_tails], axis=1)
            yield RippleBatch(batch, fact, tails, self._are_facts(fact, tails))

    def loss(self, batch: RippleBatch) -> torch.Tensor:
        """Return the mean cross-entropy of positives and negatives, and λ2/2 times the facts' mean squared error."""
        users = batch.pairs.users
        items = np.stack([batch.pairs.items, batch.pairs.negatives], axis=1)
        scores = self.network([hop[users] for hop in self._ripples], items)
        loss = (functional.softplus(-scores[:, 0]) + functional.softplus(scores[:, 1])).mean()
        if len(batch.fact):
            fact_scores = self.network.fact_scores(batch.fact, batch.tails)
            true = torch.from_numpy(batch.true).to(fact_scores)
            loss = loss + self.config.graph_weight / 2 * (true - fact_scores).square().sum(dim=1).mean()
        return loss

    @override
    def loss_without_knowledge(self) -> float:
        """Return 2 ln 2, as likely as not for a positive and its negative, and λ2/2 for facts that all score 0."""
        of_facts = self.config.graph_weight / 2 if len(self._real) else 0.0
        return 2 * math.log(2) + of_facts

    def scorer(self) -> Score:
        """Return a scorer from the facts that users' histories reach."""
        return self._scores

    def _scores(self, users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        histories, config = self.fold_in.positives, self.config
        has_history = histories.counts[users] > 0
        ripples = self._facts.ripples(histories.rows(users[has_history]), config.hops, config.ripple_size)
        scores = np.zeros((len(users), histories.n_columns), dtype=np.float32)
        scores[has_history] = self.network.catalogue(ripples, histories.n_columns).numpy()
        return scores

    def _are_facts(self, fact: npt.NDArray[np.int64], tails: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        pair = self._facts.head[fact] * self._facts.n_relations + self._facts.relation[fact]
        return among(self._keys, pair[:, None] * self._nodes + tails)
