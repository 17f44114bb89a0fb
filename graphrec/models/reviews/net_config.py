"""Settings that NAR, CAR, CNR and CER share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from graphrec.models.pairs.config import PairConfig
from graphrec.models.reviews.config import ReviewConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

Phi = Literal["signed", "negative", "absolute", "times_input"]


class NetConfig(ReviewConfig, PairConfig):
    """Settings of networks of review features.

    Attributes:
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step; 0 keeps none.
        head: on the products (e_u ⊙ e_i) ⊕ (x_u ⊙ x_i): ``mlp``, hidden layers, or ``linear``, a weight for each.
        hidden_size: units of each hidden layer.
        layers: number of hidden layers.
        dropout: share of the products that are off in training.
    """

    learning_rate: float = Field(3e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.98, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    head: Literal["mlp", "linear"] = Field("mlp", description="mlp or linear")
    hidden_size: int = Field(64, ge=1, description="units of each hidden layer of the mlp")
    layers: int = Field(1, ge=1, le=16, description="number of hidden layers of the mlp")
    dropout: float = Field(0.0, ge=0, lt=1, description="share of the products that are off in training")


class PerturbedConfig(NetConfig):
    """Settings of networks whose reasons are changes δ of f_u.

    Attributes:
        phi: what of a change becomes the weight of a feature: ``signed`` is δ, as the paper sorts it; ``negative`` −δ,
            so that a feature weighs much where less of it would hurt the item; ``absolute`` |δ|; ``times_input``
            −δ f_u, which is 0 for what counts nothing.
    """

    phi: Phi = Field("negative", description="signed, negative, absolute or times_input")


AS_PRINTED: Mapping[str, Any] = MappingProxyType(
    {"embedding_size": 350, "epochs": 50, "learning_rate": 1e-3, "averaging": 0.0, "batch_size": 256}
)
"""Settings of the paper (5.1.4) that differ from the defaults, for NAR, CAR, CNR, CER and VBPR.

λ = 1 of CAR, ξ = .001 and 20 rounds of CNR are defaults. Batch, depth (one hidden layer of 64 units) and ε (.1) are
printed nowhere. Where the paper prints 1 and 3 for what is not mentioned, ``unmentioned`` stays zero: its Table 4
does not come out otherwise.
"""
