"""RecVAE: a variational autoencoder with a composite prior, its encoder and decoder trained in alternation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from graphrec.models.autoencoders.model import Autoencoder
from graphrec.models.autoencoders.recvae.config import RecVAEConfig
from graphrec.models.autoencoders.recvae.network import RecVAENetwork
from graphrec.models.autoencoders.recvae.task import RecVAETask

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class RecVAE(Autoencoder):
    """RecVAE: a bound with a prior of its own for each user, s = W μ(x) + b at scoring.

    Source: Shenbin, Alekseev, Tutubalina, Malykh, Nikolenko, "RecVAE: a New Variational Autoencoder for Top-N
    Recommendations with Implicit Feedback", WSDM 2020: the dense encoder of its figure 2, the composite prior with
    the posterior of an epoch ago, a weight of the divergence that grows with the user's items, alternating updates
    with a denoising encoder and a decoder that sees all of the input. It has layers of 600 and 200, Adam at 5e-4 and
    batches of 500 (``hidden_size=600``, ``embedding_size=200``, ``learning_rate=5e-4``, ``batch_size=500``).

    The prior mixes each dimension by itself, as the authors' program does; the shares are that program's. Its two
    optimisers are one Adam here, which leaves alone, with all its moments, what has no gradient in a step.

    Departures: smaller layers and batches; a moving average of the weights; training stops early by ``metric``.

    Cornac's RecVAE scores users of its fit alone; RecBole's needs ray before 2.7.
    """

    name: ClassVar[str] = "recvae"
    Config: ClassVar[type[ModelConfig]] = RecVAEConfig

    @override
    def new_network(self, n_items: int) -> RecVAENetwork:
        return RecVAENetwork(n_items, self.config)

    @override
    def new_task(self, dataset: Dataset, context: FitContext, network: RecVAENetwork) -> RecVAETask:
        return RecVAETask(dataset, self.config, context, network)
