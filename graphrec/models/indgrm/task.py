"""The training task of InDGRM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.models.autoencoders.taken_items import TakenItems
from graphrec.models.gradient_task import GradientTask
from graphrec.models.indgrm.batches import masked_users
from graphrec.models.indgrm.categories import Categories
from graphrec.models.indgrm.inner import locally_optimised
from graphrec.models.indgrm.network import InDGRMNetwork, Posterior
from graphrec.models.indgrm.objective import Targets
from graphrec.models.indgrm.prior import gate_divergence
from graphrec.models.indgrm.scoring import Scorer
from graphrec.models.indgrm.triplets import item_triplets, prototype_triplets
from graphrec.models.validation import scored_by_history

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.indgrm.batches import MaskedUsers
    from graphrec.models.indgrm.config import InDGRMConfig
    from graphrec.models.indgrm.decoder import Candidates
    from graphrec.models.indgrm.groups import Prototypes
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score


class InDGRMTask(GradientTask):
    """The network with its examples and its loss: (10), and with categories (11).

    Args:
        dataset: the training data.
        config: of the model.
        context: the held-out data, and the users' input at validation.

    Raises:
        UsageError: no item has an attribute of the kind that ``categories`` names.
        InputError: the file of word vectors cannot be used.
    """

    config: InDGRMConfig
    network: InDGRMNetwork

    def __init__(self, dataset: Dataset, config: InDGRMConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context, weight_decay=config.reg)
        categories = Categories.of(dataset, config.categories) if config.categories else None
        n_groups = config.groups if categories is None else len(categories.names)
        takers = np.bincount(self.positives.indices, minlength=self.positives.n_columns)
        self._n_users = int((self.positives.counts > 0).sum())
        self._triplets = _Triplets(categories, config) if n_groups and config.triplets != "none" else None
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.network = InDGRMNetwork(len(dataset.items), n_groups, config, takers)

    @override
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[MaskedUsers]:
        """Yield all users with positives in random order."""
        return masked_users(self.positives, self.config, rng, epoch * -(-self._n_users // self.config.batch_size))

    @override
    def loss(self, batch: MaskedUsers) -> torch.Tensor:
        """Return cost + λ_r divergence of z + divergence of the gate + λ_p triplets, and what the priors cost."""
        network, config = self.network, self.config
        weight: float = config.kl_weight_at(batch.step)
        device = network.decoder.items.device
        groups = network.groups()
        posterior = network.posterior(TakenItems.of(batch.seen, device), groups)
        chosen = None if batch.candidates is None else torch.from_numpy(batch.candidates.items).to(device)
        candidates = network.decoder.candidates(groups, chosen)
        targets = Targets.of(batch, config, device)

        def bound(of: Posterior, among: Candidates) -> torch.Tensor:
            divergence = network.prior.divergence(of.means, of.deviations, of.gates).mean()
            return targets.cost(among.scores(of.draw(), of.gates), config) + weight * divergence

        if config.inner_steps:
            fixed = candidates.detached()
            posterior = locally_optimised(posterior, lambda of: bound(of, fixed), config)
        loss = bound(posterior, candidates) + weight * network.prior.variance_cost() / self._n_users
        if config.clusters > 1:
            loss = loss + config.gate_weight * self._of_gates(posterior.gates)
        if self._triplets is not None and network.prototypes is not None:
            loss = loss + config.triplet_weight * self._triplets.loss(network.decoder.items, network.prototypes)
        return loss

    def _of_gates(self, gates: torch.Tensor) -> torch.Tensor:
        prior, per_user = self.network.prior, self.config.gate_divergence == "per-user"
        return gate_divergence(gates, prior.log_weights(), per_user=per_user) + prior.stick_cost() / self._n_users

    @override
    def after_step(self) -> None:
        """Take the proximal step of the group lasso."""
        if self.network.decoder.mapping is not None:
            self.network.decoder.mapping.shrink()

    @override
    def after_averaging(self) -> None:
        """Take it of the averaged mapping too, which has no exact zeros."""
        self.after_step()

    @override
    def scorer(self) -> Score:
        """Return a scorer of users by their input at validation."""
        scorer = Scorer.of(self.network)

        def scored(_: npt.NDArray[np.int64], history: Incidence) -> npt.NDArray[np.float32]:
            scores: npt.NDArray[np.float32] = scorer.scores(scorer.users(history)).float().cpu().numpy()
            return scores

        return scored_by_history(scored, self.fold_in.positives)


class _Triplets:
    """What is put in order by categories, or of items without categories by the groups that they are in.

    Args:
        categories: of the items; None without any.
        config: of the model, whose triplets are of items or of prototypes.
    """

    def __init__(self, categories: Categories | None, config: InDGRMConfig) -> None:
        self._carried = self._nearness = None
        if categories is not None and config.triplets == "prototypes":
            self._nearness = categories.nearness(config.category_vectors)
        elif categories is not None:
            self._carried = torch.from_numpy(categories.of_items.csr(np.float32).toarray() > 0)
        self._of_items = config.triplets == "items"

    def loss(self, vectors: torch.Tensor, prototypes: Prototypes) -> torch.Tensor:
        """Return the mean loss of the triplets; without categories, those of prototypes are 0.

        Args:
            vectors: h [items, d].
            prototypes: of the groups.
        """
        if self._nearness is not None:
            return prototype_triplets(prototypes.logits(prototypes.vectors), self._nearness.to(vectors.device))
        if not self._of_items:
            return vectors.new_zeros(())
        if self._carried is not None:
            return item_triplets(prototypes.logits(vectors), self._carried.to(vectors.device))
        logits = prototypes.logits(vectors.detach())
        return item_triplets(logits, functional.one_hot(logits.argmax(dim=1), logits.shape[1]).bool())
