"""CAR: contextualised adversarial ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from torch.nn import functional
from typing_extensions import override

from graphrec.models.pairs.losses import loss_of_equal_scores
from graphrec.models.reviews.adversary import adversarial_change, adversarial_shift
from graphrec.models.reviews.net_config import PerturbedConfig
from graphrec.models.reviews.perturbed import PerturbedModel
from graphrec.models.reviews.task import ReviewTask

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig
    from graphrec.models.pairs.batches import PairBatch
    from graphrec.models.recommender import FitContext
    from graphrec.models.reviews.bags import Bags
    from graphrec.models.reviews.network import ReviewNetwork


class CARConfig(PerturbedConfig):
    """Settings of CAR.

    Attributes:
        adversarial: λ of (8), what the loss on perturbed features counts; 0 is the network without an adversary.
        epsilon: ε of (6), the length of a perturbation; not printed.
    """

    adversarial: float = Field(1.0, ge=0, description="λ, what the loss on perturbed features counts")
    epsilon: float = Field(0.1, gt=0, description="ε, the length of a perturbation")


class CARTask(ReviewTask):
    """CAR with its batches."""

    @override
    def loss(self, batch: PairBatch) -> torch.Tensor:
        """Return L(Ω) + λ L(Ω_adv) (8), the perturbations made anew for the network as it is (6, 7).

        Each positive with its negatives has a perturbation of its own, of the gradient of their loss.
        """
        users, items = self.vectors(batch)
        loss = self.loss_of(users, items)
        weight: float = self.config.adversarial
        if not weight:
            return loss
        (gradient,) = torch.autograd.grad(loss, users, retain_graph=True)
        size = self.config.embedding_size
        shift = adversarial_shift(gradient[:, size:].float(), self.network.user_side.features, self.config.epsilon)
        moved = torch.cat([users[:, :size], users[:, size:] + shift], dim=1)
        return loss + weight * self.loss_of(moved, items)

    @override
    def loss_without_knowledge(self) -> float:
        """Return (1 + λ) times the loss of the same score for all pairs."""
        once = loss_of_equal_scores(self.config.loss, self.config.negatives)
        return (1 + float(self.config.adversarial)) * once


class CAR(PerturbedModel):
    """Contextualised adversarial ranking (5 to 8): the network learns beside the worst small change of f_u.

    Source: the grey box of "From Intrinsic to Counterfactual". δ = ε Δ/‖Δ‖₂ with Δ = ∂L/∂f_u as printed, the Euclidean
    length, although the text speaks of the max-norm and of FGSM. δ is a constant to the gradients of the network's
    weights, and made anew in every step. Whether the adversary helps, ``adversarial=0`` shows.

    Weights: δ of the loss −log σ(s_i − s) of an item beside the mean item s.
    """

    name: ClassVar[str] = "car"
    Config: ClassVar[type[ModelConfig]] = CARConfig
    method: ClassVar[str] = "adversarial"

    @override
    def new_task(self, dataset: Dataset, context: FitContext, network: ReviewNetwork, shown: Bags) -> CARTask:
        return CARTask(dataset, self.config, context, network, shown)

    @override
    def changes(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return δ = ε Δ/‖Δ‖ (6), float32 [R, features]."""
        size = self.config.embedding_size
        with torch.enable_grad():
            of_features = users[:, size:].detach().requires_grad_(True)
            margins = self.margins(torch.cat([users[:, :size].detach(), of_features], dim=1), items)
            (gradient,) = torch.autograd.grad(functional.softplus(-margins).sum(), of_features)
        return adversarial_change(gradient, self._side.features, self.config.epsilon)
