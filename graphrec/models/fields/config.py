"""Settings of models of users' and items' features that are trained on sampled negatives."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class CaseConfig(GradientConfig):
    """Settings of models that learn to tell taken items from sampled ones by ids and attributes.

    Attributes:
        embedding_size: d, length of a feature's vector.
        item_attributes: the attributes of an item are features of it.
        user_attributes: the attributes of a user are features of the user.
        loss: ``logistic`` tells what was taken from what was drawn; ``bpr`` puts the former above the latter.
        negatives: items drawn for each positive; one that the user took as well does not count.
        reg: λ, the L2 penalty on the vectors of the features of each training case.
        batch_size: positives in a step of the optimiser.
    """

    embedding_size: int = Field(64, ge=1, description="d, length of a feature's vector")
    item_attributes: bool = Field(True, description="the attributes of an item are features of it")
    user_attributes: bool = Field(True, description="the attributes of a user are features of the user")
    loss: str = Field("logistic", pattern="^(logistic|bpr)$", description="logistic or bpr")
    negatives: int = Field(4, ge=1, description="items drawn for each positive")
    reg: float = Field(0.008, ge=0, description="λ, the L2 penalty on the vectors of the features of a training case")
    batch_size: int = Field(8192, ge=1, description="positives in a step of the optimiser")


class FieldConfig(CaseConfig):
    """Settings of models of fields; negatives are drawn evenly from the items that somebody took.

    Attributes:
        steps: of the optimiser, at least, where ``epochs`` is left out.
        least_epochs: at least, where ``epochs`` is left out.
        validate_every: steps between two validations; one scores the whole catalogue, which costs as much as several
            epochs of training.
        learning_rate: of the optimiser.
        reg: λ, as for ``CaseConfig``.
        batch_size: positives in a step of the optimiser.
        pooling: what a field of several values is: the ``mean`` or the ``sum`` of their vectors.
        id_dropout: share of the users and of the items of a training batch whose id counts as unknown, so that the
            model has seen newcomers, and items that nobody took.
    """

    steps: int = Field(600, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(12, ge=1, description="epochs, at least, where epochs is left out")
    validate_every: int = Field(180, ge=1, description="steps between two validations where epochs is left out")
    learning_rate: float = Field(3e-3, gt=0, description="of the optimiser")
    reg: float = Field(0.014, ge=0, description="λ, the L2 penalty on the vectors of the features of a training case")
    batch_size: int = Field(1024, ge=1, description="positives in a step of the optimiser")
    pooling: str = Field("mean", pattern="^(mean|sum)$", description="of a field's values: mean or sum")
    id_dropout: float = Field(0.0, ge=0, lt=1, description="share of ids that count as unknown in a training batch")
