"""The training task of ``Aspects``: which of all items did this user take, given everything else of theirs?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.arrays.bounded_blocks import blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.models.aspects.fitted import Fitted
from graphrec.models.aspects.network import AspectsNetwork
from graphrec.models.aspects.other_reviews import OtherReviews
from graphrec.models.gradient_task import GradientTask
from graphrec.models.reviews.values import FeatureValues, inverse_frequencies

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.aspects.config import AspectsConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


@dataclass(frozen=True, eq=False)
class AspectsBatch:
    """B positives, each to be found among the candidates.

    Attributes:
        features: f_u without the positive's own review, B × features.
        others: what the user took beside it, B × items.
        column: int64 [B], the positive's place among the candidates.
        candidates: int64 [C], items.
        is_sampled: bool [C], which candidates are there by the draw alone; None where all items are candidates.
    """

    features: Incidence
    others: Incidence
    column: npt.NDArray[np.int64]
    candidates: npt.NDArray[np.int64]
    is_sampled: npt.NDArray[np.bool_] | None


class AspectsTask(GradientTask):
    """The network with its examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.
    """

    network: AspectsNetwork

    def __init__(self, dataset: Dataset, config: AspectsConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self.values = FeatureValues(config, inverse_frequencies(dataset))
        nobody = profiles_of(dataset, np.empty(0, np.int32), np.empty(0, np.int64))
        self.item_profiles = self.values.matrix("item", nobody)
        self._reviews = OtherReviews.of(dataset)
        takers = np.bincount(self.positives.indices, minlength=self.positives.n_columns)
        self._candidates = np.flatnonzero(takers)
        self.network = AspectsNetwork(self.item_profiles, takers, config)

    @override
    def optimiser(self) -> torch.optim.Optimizer:
        """Return AdamW; what is one number an item, and a, do not decay."""
        network, config = self.network, self.config
        shared = [network.of_users, network.of_items, network.of_taken, network.weights]
        groups = ((shared, config.weight_decay), ([network.taken, network.items], config.vector_decay))
        rest = [network.popularity, network.bias]
        parts: list[dict[str, Any]] = [
            {"params": [part for part in parameters if part.numel()], "weight_decay": decay}
            for parameters, decay in (*groups, (rest, 0.0))
        ]
        return torch.optim.AdamW([part for part in parts if part["params"]], lr=config.learning_rate, fused=True)

    @override
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[AspectsBatch]:
        """Yield every positive once, in random order."""
        del epoch
        config, positives = self.config, self.positives
        order = rng.permutation(positives.n_entries)
        sampled = len(self._candidates) > config.sampled_above
        for part in blocks(len(order), config.batch_size):
            entries = order[part]
            items = positives.indices[entries].astype(np.int64)
            candidates, is_sampled = self._candidates, None
            if sampled:
                drawn = rng.choice(self._candidates, min(config.sampled_items, len(self._candidates)), replace=False)
                candidates, is_sampled = _wanted_and_drawn(np.unique(items), drawn)
            column = np.full(positives.n_columns, -1, dtype=np.int64)
            column[candidates] = np.arange(len(candidates))
            counts = self._reviews.without_own(entries)
            histories = positives.rows(positives.row_of_entry[entries])
            others = histories.where(histories.indices != items[histories.row_of_entry])
            features = self.values.of_counts("user", counts, np.zeros(counts.n_entries))
            yield AspectsBatch(features, others, column[items], candidates, is_sampled)

    @override
    def loss(self, batch: AspectsBatch) -> torch.Tensor:
        """Return the mean of −log p of the positives; what the user took besides is no candidate."""
        network, config = self.network, self.config
        device = network.bias.device
        candidates = torch.from_numpy(batch.candidates).to(device)
        users = network.user_vectors(batch.features, batch.others)
        users = functional.dropout(users, config.dropout)
        logits = users @ network.candidate_vectors()[candidates].T + network.constants()[candidates]
        logits = logits + network.overlaps(batch.features, candidates)
        if batch.is_sampled is not None and batch.is_sampled.any():
            sampled = int(batch.is_sampled.sum())
            others = len(self._candidates) - (len(batch.candidates) - sampled)
            logits = logits - torch.from_numpy(batch.is_sampled).to(logits) * math.log(sampled / others)
        column = np.full(self.positives.n_columns, -1, dtype=np.int64)
        column[batch.candidates] = np.arange(len(batch.candidates))
        place = column[batch.others.indices]
        rows, columns = (
            torch.from_numpy(part).to(device) for part in (batch.others.row_of_entry[place >= 0], place[place >= 0])
        )
        logits = logits.index_put((rows, columns), torch.tensor(float("-inf"), device=device))
        return functional.cross_entropy(logits, torch.from_numpy(batch.column).to(device))

    @override
    def loss_without_knowledge(self) -> float | None:
        """Return ln of the number of candidates."""
        return math.log(max(len(self._candidates), 1))

    @override
    def scorer(self) -> Score:
        """Return a scorer by the users' profiles."""
        fitted = self.fitted()
        everyone = np.arange(len(self.fold_in.users), dtype=np.int32)

        def score(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            profiles = profiles_of(self.fold_in, everyone, users)
            scores: npt.NDArray[np.float32] = fitted.scores(
                self.values.matrix("user", profiles), profiles.items, None
            ).numpy()
            return scores

        return score

    def fitted(self) -> Fitted:
        """Return the network as it is now, for inference on the CPU."""
        network = self.network
        with torch.no_grad():
            taken = network.taken_vectors()
            size = (len(network.bias), self.config.embedding_size)
            tensors = {
                "of_features": self.config.scale * network.of_users,
                "taken": torch.zeros(size) if taken is None else taken,
                "items": network.candidate_vectors(),
                "weights": network.weights,
                "bias": network.constants(),
            }
        copied = {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}
        return Fitted(**copied, profiles=self.item_profiles)


def _wanted_and_drawn(
    wanted: npt.NDArray[np.int64], drawn: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return the candidates, those to be found first, and which are there by the draw alone."""
    others = np.setdiff1d(drawn, wanted)
    candidates = np.concatenate([wanted, others])
    return candidates, np.arange(len(candidates)) >= len(wanted)
