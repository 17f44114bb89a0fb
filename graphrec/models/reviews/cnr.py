"""CNR and CER: networks that learn beside changes of f_u that turn rankings around."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from typing_extensions import override

from graphrec.models.checkpoint import State
from graphrec.models.pairs.batches import PairBatch
from graphrec.models.pairs.losses import loss_of_equal_scores
from graphrec.models.reviews.flipping import Signs, smallest_flips
from graphrec.models.reviews.net_config import PerturbedConfig
from graphrec.models.reviews.perturbed import PerturbedModel
from graphrec.models.reviews.task import ReviewTask
from graphrec.models.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.reviews.bags import Bags
    from graphrec.models.reviews.network import ReviewNetwork


class CNRConfig(PerturbedConfig):
    """Settings of CNR.

    Attributes:
        rounds: epochs at the end of the training in which the network learns beside changes; 0 for none.
        xi: ξ of (9), weight of the size of a change.
        counterfactual: weight of the loss on changed pairs beside that on pairs as they are. Not printed. The former is
            about ln 2 for every pair, each changed to where its ranking just turns, and the latter near 0 by the time:
            with equal weights the network forgets features within a few rounds, and ranks like a random order.
        signs: of the loss in (9), ``intended`` or ``printed`` (``flipping``).
    """

    rounds: int = Field(20, ge=0, description="epochs at the end in which the network learns beside changes")
    xi: float = Field(1e-3, gt=0, description="ξ, weight of the size of a change")
    counterfactual: float = Field(0.01, ge=0, description="weight of the loss on changed pairs")
    signs: Signs = Field("intended", description="of the loss in (9): intended or printed")


@dataclass(frozen=True, eq=False)
class RoundBatch(PairBatch):
    """A batch of a round: its pairs are learned as they are and changed.

    Attributes:
        round: number of the round.
    """

    round: int


class CNRTask(ReviewTask):
    """CNR with its batches."""

    _round = -1
    _fixed: ReviewNetwork

    @override
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[PairBatch]:
        """Yield all positives in random order, with newly sampled negatives, in the last epochs for a round."""
        of_epoch, number = super().batches(epoch, rng), epoch - self.first_round
        if number < 0:
            return of_epoch
        return (RoundBatch(each.users, each.items, each.user_places, each.item_places, number) for each in of_epoch)

    @property
    def first_round(self) -> int:
        """The epoch, from 0, with which the rounds begin."""
        learnable = self.positives.counts < self.positives.n_columns
        steps = -(-int(self.positives.counts[learnable].sum()) // self.config.batch_size)
        epochs = Schedule(self.config).expected_epochs(State(epoch=1, steps=max(steps, 1)))
        return max(0, epochs - int(self.config.rounds))

    @override
    def loss(self, batch: PairBatch) -> torch.Tensor:
        """Return the loss of the pairs, in a round with its weight that of the changed pairs too (9).

        A pair's change turns the positive and its first negative around, for the network as it was when the round
        began; they are to rank as before.
        """
        users, items = self.vectors(batch)
        loss = self.loss_of(users, items)
        if not isinstance(batch, RoundBatch):
            return loss
        size = self.config.embedding_size
        moved = users[:, size:] + self._changes(batch) @ self.network.user_side.features
        weight: float = self.config.counterfactual
        return loss + weight * self.loss_of(torch.cat([users[:, :size], moved], dim=1), items)

    @torch.no_grad()
    def _changes(self, batch: RoundBatch) -> torch.Tensor:
        """Return δ of the pairs of a batch, for the network as it was when the round began."""
        if batch.round != self._round:
            self._fixed, self._round = deepcopy(self.network).eval().requires_grad_(False), batch.round
        network, size = self._fixed, self.config.embedding_size
        users, items = network.vectors_of_batch(batch.users, batch.items, (batch.user_places, batch.item_places))

        def margins(pairs: torch.Tensor, of_features: torch.Tensor) -> torch.Tensor:
            scores: torch.Tensor = network.head(torch.cat([users[pairs, :size], of_features], dim=1), items[pairs, :2])
            return scores[:, 0] - scores[:, 1]

        features = network.user_side.features
        return smallest_flips(margins, users[:, size:], features, xi=self.config.xi, signs=self.config.signs)

    @override
    def loss_without_knowledge(self) -> float:
        """Return the loss of the same score for all pairs, and with rounds its share of the changed ones."""
        once = loss_of_equal_scores(self.config.loss, self.config.negatives)
        return once * (1 + float(self.config.counterfactual) * bool(self.config.rounds))


class CNR(PerturbedModel):
    """Counterfactual neural recommendation (9): the network learns beside small changes that turn rankings around.

    Source: the black box of "From Intrinsic to Counterfactual". First the network of CAR is trained as it is, then in
    rounds of an epoch each: the smallest changes δ of f_u are searched with the network fixed as it is when the round
    begins (``flipping``), and steps are taken on the pairs as they are and changed, which are to rank as before. The
    changes of a batch are made when it is its turn, and none is kept. Where a validation part ends the training early,
    fewer rounds are made.

    Weights: δ that puts an item behind the mean item; 0 everywhere for an item that is behind already.
    """

    name: ClassVar[str] = "cnr"
    Config: ClassVar[type[ModelConfig]] = CNRConfig
    method: ClassVar[str] = "flipping"

    @override
    def new_task(self, dataset: Dataset, context: FitContext, network: ReviewNetwork, shown: Bags) -> CNRTask:
        return CNRTask(dataset, self.config, context, network, shown)

    @override
    def changes(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return δ of (9) with the network fixed, float32 [R, features]."""
        size = self.config.embedding_size

        def margins(pairs: torch.Tensor, of_features: torch.Tensor) -> torch.Tensor:
            return self.margins(torch.cat([users[pairs, :size], of_features], dim=1), items[pairs])

        features: torch.Tensor = self._side.features
        return smallest_flips(margins, users[:, size:], features, xi=self.config.xi, signs=self.config.signs)


class CERConfig(CNRConfig):
    """Settings of CER: those of CNR with one round."""

    rounds: int = Field(1, ge=0, description="epochs at the end in which the network learns beside changes")


class CER(CNR):
    """Counterfactual explainable recommendation as a ranker: CNR with a single round.

    Source: Tan, Xu, Ge, Li, Chen, Zhang, "Counterfactual explainable recommendation", CIKM 2021 (CountER). CountER is
    an explainer: for a recommended item it looks for the smallest change of the item's aspects with which the item
    leaves the list, on a network that stays as it is. The paper of CNR ranks with it, on features of users, and says
    that CNR is CER with several rounds: taken here is so much, one pass of changes and one of training beside them.
    """

    name: ClassVar[str] = "cer"
    Config: ClassVar[type[ModelConfig]] = CERConfig
