"""The training task of eRAN."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from typing_extensions import override

from graphrec.dataset.splitting.places import times_of_positives
from graphrec.models.eran.covering import covering
from graphrec.models.eran.edgeless import check_networks
from graphrec.models.eran.histories import ragged_histories, users_of_histories
from graphrec.models.eran.items import ItemVectors
from graphrec.models.eran.masks import MaskedBatch, masked_batches
from graphrec.models.eran.member import Member
from graphrec.models.eran.network import ERANNetwork
from graphrec.models.eran.objective import masked_loss, pair_loss
from graphrec.models.eran.pairs import PairBatch, pair_batches
from graphrec.models.eran.sampled_rows import SampledRows
from graphrec.models.eran.scoring import UsualItem, scores
from graphrec.models.gradient_task import GradientTask
from graphrec.models.negative_sampling import NegativeSampler
from graphrec.sampling.attribute_networks import attribute_networks, co_taken_network

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.eran.config import ERANConfig
    from graphrec.models.recommender import FitContext
    from graphrec.models.validation import Score
    from graphrec.sampling.attribute_networks import AttributeNetwork


class ERANTask(GradientTask):
    """The network with its examples.

    Args:
        dataset: the training data; the attribute networks are made of its interactions alone.
        config: of the model, with one form.
        context: the held-out data, and the users' input at validation.

    Raises:
        ModelError: no two items that somebody took together share a value.
        UsageError: an unknown kind of attribute, or one with the name of the network of all pairs.
        InputError: ``time_masks`` without the time of every interaction.
    """

    network: ERANNetwork

    def __init__(self, dataset: Dataset, config: ERANConfig, context: FitContext) -> None:
        super().__init__(dataset, config, context)
        source = self.source_of_networks
        self.networks = attribute_networks(source, config.kinds, config.co_purchase, max_share=config.max_share)
        takers = np.bincount(self.positives.indices, minlength=self.positives.n_columns)
        if config.kinds is None:
            self.networks = covering(self.networks, takers > 0)
        if config.all_pairs:
            self.networks.append(co_taken_network(source, config.co_purchase))
        check_networks(self.networks, source, config)
        self._candidates = np.flatnonzero(takers)
        self._times = None
        if config.time_masks:
            self._times = times_of_positives(dataset)
        self._negatives = NegativeSampler(self.positives) if config.objective == "pairs" else None
        reads_rows = config.network_loss or config.tower == "autoencoder"
        rows = SampledRows(source, self.networks, config.threshold) if reads_rows else None
        self.network = ERANNetwork(self.networks, rows, takers, self.positives.n_rows, config)

    @property
    def source_of_networks(self) -> Dataset:
        """The data whose interactions make the networks: what is learned from, and nothing else."""
        return self.dataset

    @override
    def optimiser(self) -> torch.optim.Optimizer:
        """Return AdamW; biases of items do not decay."""
        config = self.config
        bias = self.network.bias
        others = [part for part in self.network.parameters() if part is not bias and part.requires_grad]
        groups: list[dict[str, Any]] = [{"params": others, "weight_decay": config.weight_decay}]
        if bias.requires_grad:
            groups.append({"params": [bias], "weight_decay": 0.0})
        return torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)

    def batches(
        self,
        epoch: int,  # noqa: ARG002 - no phases
        rng: np.random.Generator,
    ) -> Iterable[MaskedBatch | PairBatch]:
        """Yield the examples of an epoch."""
        config = self.config
        if self._negatives is not None:
            return pair_batches(self.positives, self._negatives, rng, config.batch_size, config.rows_in_loss)
        return masked_batches(self.positives, self._times, self._candidates, config, rng)

    def loss(self, batch: MaskedBatch | PairBatch) -> torch.Tensor:
        """Return the mean ranking loss of the examples, and the network loss over α times their number (12)."""
        config = self.config
        total = torch.zeros((), device=self.network.bias.device)
        if config.alpha:
            total = total + (self._of_pairs(batch) if isinstance(batch, PairBatch) else self._of_masked(batch))
        if config.network_loss:
            restored = [tower.network_loss(batch.reconstructed) for tower in self.network.each_tower]
            total = total + torch.stack(restored).sum() / ((config.alpha or 1.0) * len(batch.users))
        return total

    def _of_pairs(self, batch: PairBatch) -> torch.Tensor:
        network = self.network
        users = network.users(batch.users)
        if network.from_history and network.of_users is not None:
            users = users_of_histories(network.of_users, self.positives.rows(batch.users))
        vectors = torch.stack([tower.of(batch.items) for tower in network.each_tower])
        places = (torch.from_numpy(place).to(vectors.device) for place in (batch.first, batch.second, batch.negative))
        return pair_loss(vectors, users, *places)

    def _of_masked(self, batch: MaskedBatch) -> torch.Tensor:
        network, config = self.network, self.config
        device = network.bias.device
        as_new = None if batch.as_new is None else torch.from_numpy(batch.as_new).to(device)
        vectors = network.vectors(as_new)
        histories = ragged_histories(network.tables(vectors), batch.shown, network.users(batch.users)).as_rows()
        candidates = self._candidates if batch.candidates is None else batch.candidates.items
        columns = np.full(self.positives.n_columns, -1, dtype=np.int64)
        columns[candidates] = np.arange(len(candidates))
        places = torch.from_numpy(candidates).to(device)
        items = ItemVectors(vectors[:, places][:, None], network.bias[places][None])
        usual = UsualItem.of(vectors) if config.forms == "distance" else None
        logits = scores(items, histories, config.scale, usual, self._kept_dimensions(len(vectors)))[0]
        if batch.candidates is not None:
            logits = logits + torch.from_numpy(batch.candidates.correction).to(logits)
        return masked_loss(logits, batch.shown, batch.masked, columns)

    def _kept_dimensions(self, n_networks: int) -> torch.Tensor | None:
        """Return what each dimension counts in a step; None for 1."""
        config = self.config
        if not config.dropout:
            return None
        rows = n_networks if config.forms == "networks" else 1
        kept: torch.Tensor = torch.rand(rows, config.embedding_size, device=self.network.bias.device) >= config.dropout
        scaled: torch.Tensor = kept.float() / (1 - config.dropout)
        return scaled

    @override
    def loss_without_knowledge(self) -> float | None:
        """Return ln of the number of candidates, or ln 2 for pairs; None with the network loss."""
        if self.config.network_loss:
            return None
        return math.log(2) if self._negatives is not None else math.log(len(self._candidates))

    def scorer(self) -> Score:
        """Return a scorer by the users' histories."""
        member = self.member()

        def scored(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            known = np.where(users < len(self.dataset.users), users, -1)
            whole: npt.NDArray[np.float32] = member.scores(self.fold_in.positives.rows(users), known).numpy()
            return whole

        return scored

    def member(self) -> Member:
        """Return the network as it is now, for inference on the CPU."""
        network = self.network
        with torch.no_grad():
            vectors = network.vectors().cpu()
        return Member(
            vectors=vectors,
            bias=network.bias.detach().cpu().clone(),
            of_users=None if network.of_users is None else network.of_users.detach().cpu().clone(),
            kinds=np.array([_one_value(network) for network in self.networks], dtype=np.int32),
            is_new=~np.isin(np.arange(self.positives.n_columns), self._candidates),
            config=self.config,
        )


def _one_value(network: AttributeNetwork) -> int:
    """Return one attribute of a network's kind, be it a hub that was left out; −1 for the network of all pairs."""
    return int(next(chain(network.attributes, network.left_out), -1))
