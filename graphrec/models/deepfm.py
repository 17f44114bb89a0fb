"""DeepFM: a factorisation machine and hidden layers on the same vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch

from graphrec.models.fields.arithmetic import FieldArithmetic
from graphrec.models.fields.deep_part import DeepConfig, DeepPart
from graphrec.models.fields.field_model import FieldModel

if TYPE_CHECKING:
    from graphrec.models.config import ModelConfig
    from graphrec.models.fields.arithmetic import FieldCounts, Parts
    from graphrec.models.fields.field_vectors import FieldVectors


class DeepFMConfig(DeepConfig):
    """Settings of DeepFM."""


class DeepFMArithmetic(FieldArithmetic):
    """ŷ = w_0 + Σ_k w_k x_k + Σ_{f<g} ⟨e_f, e_g⟩ + DNN([e_1; …; e_F]) over the fields' vectors e (equations 1 to 4).

    With p = Σ e over the user's fields and q over the item's, the pairs are those within each side and ⟨p, q⟩.

    Args:
        counts: numbers of fields.
        config: of the model.
    """

    def __init__(self, counts: FieldCounts, config: DeepFMConfig) -> None:
        super().__init__(counts, config)
        self.deep = DeepPart(counts, config)
        self.numbers = 2 * config.hidden_size

    def alone(self, side: str, fields: FieldVectors) -> Parts:
        """Return the sum of the fields [n, d], what a side adds by itself [n], and its part of the first layer."""
        total = fields.vectors.sum(dim=1)
        pairs = (total.square().sum(dim=1) - fields.vectors.square().sum(dim=(1, 2))) / 2
        return {"sum": total, "bias": fields.weights + pairs, "hidden": self.deep.alone(side, fields.vectors)}

    def together(self, users: Parts, items: Parts) -> torch.Tensor:
        """Return the scores."""
        across = torch.matmul(items["sum"], users["sum"][:, :, None]).squeeze(2)
        deep: torch.Tensor = self.deep(users["hidden"][:, None] + items["hidden"])
        return self.bias + users["bias"][:, None] + items["bias"] + across + deep


class DeepFM(FieldModel):
    """A factorisation machine and hidden layers on the same vectors, added up; it says why of nothing.

    Source: Guo, Tang, Ye, Li, He, "DeepFM: A Factorization-Machine based Neural Network for CTR Prediction", IJCAI
    2017. ``FieldModel`` says what a field is, and how newcomers and new items are scored. Pairs are of fields: the
    values of one kind do not interact with each other, as they do in ``fm``. Training is that of ``fm``: Adam, sampled
    negatives, ``logistic`` as printed or ``bpr``, and an L2 penalty on the vectors, with early stopping by ``metric``.
    The paper learned from logged impressions, which has negatives of its own, with layers of 400 units.

    No kept library ranks with it. deepctr-torch (0.3.0) is maintained and has the same arithmetic (compared once, with
    the same weights: differences below 2e-5), but it scores row by row, 140,000 cases a second on one core where this
    takes 6 million, reads ids as float32 in padded rows, draws no negatives, has no pairwise loss, and an id that was
    never trained has a random vector. torch-rechub (0.9) likewise leaves catalogue, negatives and new ids to the
    caller. RecBole needs ray before 2.7; LibRecommender's needs TensorFlow, and it has no wheels beyond Python 3.11.
    """

    name: ClassVar[str] = "deepfm"
    Config: ClassVar[type[ModelConfig]] = DeepFMConfig
    Arithmetic: ClassVar[type[FieldArithmetic]] = DeepFMArithmetic
