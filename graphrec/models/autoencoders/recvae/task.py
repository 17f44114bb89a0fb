"""The training task of RecVAE: phases of the encoder and of the decoder."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from typing_extensions import override

from graphrec.models.autoencoders.taken_items import TakenItems
from graphrec.models.autoencoders.task import AutoencoderTask

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.autoencoders.gaussian import Gaussian
    from graphrec.models.autoencoders.recvae.config import RecVAEConfig
    from graphrec.models.autoencoders.recvae.network import RecVAENetwork
    from graphrec.models.recommender import FitContext


@dataclass(frozen=True)
class RecVAEBatch:
    """Users of a step.

    Attributes:
        taken: B × items.
        epoch: of the training, from 0.
        of_encoder: whether the encoder learns, else the decoder.
    """

    taken: Incidence
    epoch: int
    of_encoder: bool


class RecVAETask(AutoencoderTask):
    """RecVAE's network with the phases of an epoch. Arguments as for ``AutoencoderTask``."""

    network: RecVAENetwork

    def __init__(self, dataset: Dataset, config: RecVAEConfig, context: FitContext, network: RecVAENetwork) -> None:
        super().__init__(dataset, config, context, network)
        self._epoch = -1

    @override
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[RecVAEBatch]:
        """Yield the users as often as the encoder passes over them, then as often as the decoder does."""
        phases = [True] * self.config.encoder_passes + [False] * self.config.decoder_passes
        for of_encoder in phases:
            for taken in self.rows_in_random_order(rng):
                yield RecVAEBatch(taken, epoch, of_encoder)

    @override
    def loss(self, batch: RecVAEBatch) -> torch.Tensor:
        """Return the loss of a batch; the part of the network that does not learn in it gets no gradient."""
        taken = TakenItems.of(batch.taken, self.device)
        if not batch.of_encoder:
            return self.network.decoder_loss(taken)
        return self.network.encoder_loss(taken, self._old_posterior(taken, batch.epoch))

    @torch.no_grad()
    def _old_posterior(self, taken: TakenItems, epoch: int) -> Gaussian:
        """Return the posterior by the encoder as it was when the epoch began.

        The phases of the decoder leave the encoder alone, so that it is also as it was at the end of the last phase of
        the encoder, and a training that goes on from a checkpoint has the same.
        """
        if epoch != self._epoch:
            self._old, self._epoch = deepcopy(self.network.encoder), epoch
        old: Gaussian = self._old(taken)
        return old
