"""Settings of the additive model of review features."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from graphrec.models.reviews.config import ReviewConfig


class AspectsConfig(ReviewConfig):
    """Settings of ``Aspects``; letters are those of its docstring.

    Attributes:
        steps, least_epochs, validate_every, learning_rate: of training.
        averaging: share that a moving average of the weights keeps at a step.
        profile, unmentioned: as for all models of review features; what is not mentioned counts nothing here.
        overlap: whether there is a weight w_k for each feature that user and item share.
        item_profiles: whether what is said of a taken item speaks for items too, by E_h, or by E_i where tied.
        item_vectors: whether items have vectors of their own, z_i and y_j, beside their features; None where nobody
            mentions a feature alone: few interactions with many words are better off without.
        tied: whether an item is the same as one that was taken and as one to be found: v_j = q_j. Less to learn, for
            short histories.
        scale: s, what the user's features are multiplied with.
        dropout: share of the dimensions of x_u left out, for each example anew.
        weight_decay: of what features share, decoupled as in AdamW.
        vector_decay: of the items' own vectors.
        batch_size: positives in a step.
        sampled_above: items of a catalogue above which the softmax is over a sample.
        sampled_items: items in that sample, beside those to be found.
        members: networks of different seeds whose mean score is the model's.
    """

    steps: int = Field(220, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(12, ge=1, description="epochs, at least, where epochs is left out")
    validate_every: int = Field(20, ge=1, description="steps between two validations where epochs is left out")
    learning_rate: float = Field(0.003, gt=0, description="of the optimiser")
    averaging: float = Field(0.98, ge=0, lt=1, description="share that the average of the weights keeps at a step")
    profile: Literal["paper", "tfidf"] = Field("tfidf", description="paper, or tfidf")
    unmentioned: Literal["zero"] = Field("zero", description="what is not mentioned counts nothing")
    overlap: bool = Field(True, description="a weight for each feature that user and item share")
    item_profiles: bool = Field(True, description="what is said of taken items speaks for items")
    item_vectors: bool | None = Field(
        None, description="vectors of items beside their features; left out, where there are none"
    )
    tied: bool = Field(True, description="one vector of an item, taken or to be found")
    scale: float = Field(2.0, gt=0, description="what a user's features are multiplied with")
    dropout: float = Field(0.6, ge=0, lt=1, description="share of the dimensions left out for an example")
    weight_decay: float = Field(3.0, ge=0, description="of what features share, decoupled as in AdamW")
    vector_decay: float = Field(1.0, ge=0, description="of the vectors of items, decoupled as in AdamW")
    batch_size: int = Field(512, ge=1, description="positives in a step")
    sampled_above: int = Field(50_000, ge=1, description="items above which the softmax is over a sample")
    sampled_items: int = Field(8192, ge=1, description="items in that sample")
    members: int = Field(1, ge=1, description="networks of different seeds whose mean score is the model's")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.tied and not self.item_profiles:
            raise ValueError("item_profiles=false is for taken items apart from those to be found: it needs tied=false")
        return self
