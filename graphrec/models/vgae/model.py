"""VGAE: users, items and entities as Gaussians computed by graph convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from graphrec.models.convolution.convolution_model import ConvolutionModel
from graphrec.models.vgae.config import VGAEConfig
from graphrec.models.vgae.task import VGAETask

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class VGAE(ConvolutionModel):
    """q(z_v) = N(μ_v, diag σ_v²) of every node v by two layers of graph convolution; the score is ⟨μ_u, μ_t⟩.

    Source: Kipf and Welling, "Variational graph auto-encoders", NIPS workshop on Bayesian deep learning 2016: inference
    model, generative model and bound of its section 2. The graph is that of the paper of resolving, users, items and
    entities, links without relation. That paper calls VGAE "the fundamental version of the proposed model where the
    latent dimensions are not disentangled", so that the likelihood is as in its (13) the softmax over all items, of
    what users took alone; ``likelihood="bernoulli"`` is Kipf and Welling's own, of all links. The bound is estimated on
    a batch of users, or nodes: the whole graph is encoded in every step, and memory grows with nodes · sizes, with
    links, and with batch × items, or × nodes.

    Choices where the papers leave room: the decoder is the inner product of the encoder's own z, no second dictionary;
    Adam; with a validation part, training stops early by ``metric``. A user is encoded from the history that is shown,
    a new user too (``TrainedEncoder``).
    """

    name: ClassVar[str] = "vgae"
    Config: ClassVar[type[ModelConfig]] = VGAEConfig
    learns_from_entities: ClassVar[bool] = True

    @override
    def training_task(self, dataset: Dataset, context: FitContext) -> VGAETask:
        return VGAETask(dataset, self.config, context)
