"""The training task of InDGRM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
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

    network: InDGRMNetwork

    def __init__(self, dataset: Dataset, config: InDGRMConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context, weight_decay=config.reg)
        categories = Categories.of(dataset, config.categories) if config.categories else None
        n_groups = config.groups if categories is None else len(categories.names)
        takers = np.bincount(self.positives.indices, minlength=self.positives.n_columns)
        self._n_users = int((self.positives.counts > 0).sum())
        self._triplets = _Triplets(categories, config) if categories else None
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
        device = network.decoder.items.device
        groups = network.groups()
        posterior = network.posterior(TakenItems.of(batch.seen, device), groups)
        chosen = None if batch.candidates is None else torch.from_numpy(batch.candidates).to(device)
        candidates = network.decoder.candidates(groups, chosen)
        targets, weight = Targets.of(batch, config, device), config.kl_weight_at(batch.step)

        def bound(of: Posterior, among: Candidates) -> torch.Tensor:
            divergence = network.prior.divergence(of.means, of.deviations, of.gates).mean()
            return targets.cost(among.scores(of.draw(), of.gates), config) + weight * divergence

        if config.inner_steps:
            fixed = candidates.detached()
            posterior = locally_optimised(posterior, lambda of: bound(of, fixed), config)
        loss = bound(posterior, candidates) + weight * network.prior.variance_cost() / self._n_users
        if config.clusters > 1:
            loss = loss + config.gate_weight * self._of_gates(posterior.gates)
        if self._triplets is not None:
            loss = loss + config.triplet_weight * self._triplets.loss(network)
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
    """What categories put in order, for the loss of a step.

    Args:
        categories: of the items.
        config: of the model.
    """

    def __init__(self, categories: Categories, config: InDGRMConfig) -> None:
        of_items = categories.of_items
        self._kind = config.triplets
        self._rows = torch.from_numpy(of_items.row_of_entry)
        self._own = torch.from_numpy(of_items.indices.astype(np.int64))
        self._carried = torch.from_numpy(of_items.csr(np.float32).toarray() > 0)
        if config.triplets == "prototypes":
            self._nearness = categories.nearness(config.category_vectors)

    def loss(self, network: InDGRMNetwork) -> torch.Tensor:
        """Return the mean loss of the triplets; 0 where there are to be none."""
        vectors, prototypes = network.decoder.items, network.prototypes
        if prototypes is None or self._kind == "none":
            return vectors.new_zeros(())
        if self._kind == "prototypes":
            return prototype_triplets(prototypes.logits(prototypes.vectors), self._nearness.to(vectors))
        entries = (part.to(vectors.device) for part in (self._carried, self._rows, self._own))
        return item_triplets(prototypes.logits(vectors), *entries)
