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
from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError
from graphrec.models.aspects.fitted import Fitted
from graphrec.models.aspects.network import AspectsNetwork
from graphrec.models.aspects.other_reviews import OtherReviews
from graphrec.models.gradient_task import GradientTask
from graphrec.models.reviews.item_profiles import ItemProfiles
from graphrec.models.reviews.values import FeatureValues, inverse_frequencies
from graphrec.models.sampled_softmax import SampledItems, draw_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.aspects.config import AspectsConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


@dataclass(frozen=True, eq=False)
class AspectsBatch:
    """B positives, each to be found among C candidates.

    Attributes:
        features: f_u without the positive's own review, B × features.
        others: what the user took beside it, B × items.
        candidates: int64 [C], items.
        column: int64 [B], the positive's place among the candidates.
        taken: the places of ``others`` among the candidates, B × C: nothing is learned of them.
        correction: float32 [C], what is added to a candidate's logit (``sampled_softmax``).
    """

    features: Incidence
    others: Incidence
    candidates: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    taken: Incidence
    correction: npt.NDArray[np.float32]


class AspectsTask(GradientTask):
    """The network with its examples.

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.

    Raises:
        ModelError: items have neither features nor vectors of their own.
    """

    network: AspectsNetwork

    def __init__(self, dataset: Dataset, config: AspectsConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        self.values = FeatureValues(config, inverse_frequencies(dataset))
        nobody = profiles_of(dataset, np.empty(0, np.int32), np.empty(0, np.int64))
        self.item_profiles = self.values.matrix("item", nobody)
        if config.item_vectors is False and not self.item_profiles.n_entries:
            raise ModelError(
                "nothing tells items apart: no feature is mentioned of any, and item_vectors is false",
                remedy="Load reviews with their features, or leave out item_vectors",
            )
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
        order = rng.permutation(self.positives.n_entries)
        for part in blocks(len(order), self.config.batch_size):
            yield self.batch(order[part], rng)

    def batch(self, entries: npt.NDArray[np.int64], rng: np.random.Generator) -> AspectsBatch:
        """Return some positives with what they are found by, and among.

        Args:
            entries: int64 [B], places among the positives.
            rng: draws the candidates, where they are drawn.
        """
        positives = self.positives
        items = positives.indices[entries].astype(np.int64)
        histories = positives.rows(positives.row_of_entry[entries])
        others = histories.where(histories.indices != items[histories.row_of_entry])
        counts = self._reviews.without_own(entries)
        features = self.values.of_counts("user", counts, np.zeros(counts.n_entries))
        among = self._among(items, rng)
        candidates = among.items
        place = positions_of(candidates, others.indices.astype(np.int64))
        is_there = place >= 0
        shape = (len(entries), len(candidates))
        taken = Incidence.from_pairs(others.row_of_entry[is_there], place[is_there], shape)
        return AspectsBatch(features, others, candidates, positions_of(candidates, items), taken, among.correction)

    def _among(self, items: npt.NDArray[np.int64], rng: np.random.Generator) -> SampledItems:
        """Return the candidates.

        All items that anybody took, where these are not too many; else the positives of the batch, which are certain,
        and a sample of the others, each of which stands for several.
        """
        everything, config = self._candidates, self.config
        if len(everything) <= config.sampled_above or len(everything) <= config.sampled_items:
            return SampledItems(everything, np.zeros(len(everything), dtype=np.float32))
        return draw_beside(np.unique(items), everything, config.sampled_items, rng)

    @override
    def loss(self, batch: AspectsBatch) -> torch.Tensor:
        """Return the mean of −log p of the positives; what the user took besides is no candidate."""
        device = self.network.bias.device
        candidates, correction, column, row, taken = (
            torch.from_numpy(part).to(device)
            for part in (
                batch.candidates,
                batch.correction,
                batch.column,
                batch.taken.row_of_entry,
                batch.taken.indices.astype(np.int64),
            )
        )
        logits = self.network.logits(batch.features, batch.others, candidates) + correction
        logits = logits.index_put((row, taken), logits.new_tensor(-torch.inf))
        return functional.cross_entropy(logits, column)

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
        network, config = self.network, self.config
        with torch.no_grad():
            items = network.candidate_vectors()
            tensors = {
                "of_features": config.scale * network.of_users,
                "taken": network.taken_vectors(items),
                "items": items,
                "weights": network.weights if config.overlap else torch.zeros(len(network.of_users)),
                "bias": network.constants(),
            }
        copied = {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}
        return Fitted(**copied, profiles=ItemProfiles(self.item_profiles))
