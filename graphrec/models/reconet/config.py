"""Settings of RecoNet."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from graphrec.models.config import Chances, GradientConfig, chances_of_draws, lowest_share


class RecoNetConfig(GradientConfig):
    """Settings of RecoNet; letters are the paper's.

    Attributes:
        learning_rate: of the optimiser.
        metric: what the validation value is; that of RecoNet's paper.
        embedding_size: d, length of a feature's vector.
        hidden_size: units of the ReLU layer of "RecoNet + Layer"; 0 is the linear model.
        item_attributes: take the attributes of taken items as input.
        user_attributes: take the user's own attributes as input.
        beta: β; after r removals one more follows with probability 1/(r + 1)^β.
        examples_per_user: training examples that a user gives in an epoch, at most one for each positive.
        thinning: share of a user's items and attributes that an epoch leaves out, chosen anew for every epoch, before
            examples are drawn from the rest. Not in the paper; 0 is its own scheme.
        thinning_from: where given, each user's share is drawn anew for every epoch, uniformly between this and
            ``thinning``. Like the two below a departure from the paper, taken over from the fit of InDGRM.
        labels: ``removed``, what the paper's process removes from the features that thinning leaves, or ``left-out``,
            the items that thinning leaves out, with all that it leaves as input (``left_out``); β then counts nothing.
        mask_inputs: the softmax of an example leaves out the items that are its input, so that no weight is spent on
            ranking them below the label (``inputs_in_softmax`` of InDGRM).
        negatives: items drawn for the softmax of a step, which the normaliser is estimated by (``sampled_softmax``); 0
            for the whole catalogue.
        negatives_by: ``uniform``, every item with the same chance, or ``popularity``, in proportion to its takers.
        cold_examples: share of the training examples with the user's own attributes as their only input, for users
            without history. Not in the paper; 0 is its own scheme.
        batch_size: examples in a step of the optimiser.
        weight_decay: decoupled, as in AdamW.
        members: networks of different seeds whose mean score is the model's (``members``). Not in the paper, which has
            one.
    """

    added_later: ClassVar[frozenset[str]] = GradientConfig.added_later | {
        "thinning_from",
        "labels",
        "mask_inputs",
        "negatives",
        "negatives_by",
    }
    learning_rate: float = Field(3e-3, gt=0, description="of the optimiser")
    metric: str = Field("recall@50", description="what the validation value is")
    embedding_size: int = Field(200, ge=1, description="d, length of a feature's vector")
    hidden_size: int = Field(0, ge=0, description="units of the ReLU layer; 0 is the linear model")
    item_attributes: bool = Field(True, description="take the attributes of taken items as input")
    user_attributes: bool = Field(True, description="take the user's own attributes as input")
    beta: float = Field(1.0, ge=0.1, description="after r removals one more follows with probability 1/(r + 1)^β")
    examples_per_user: int = Field(20, ge=1, description="training examples that a user gives in an epoch, at most")
    thinning: float = Field(0.0, ge=0, le=0.95, description="share of a user's features left out of an epoch")
    thinning_from: float | None = Field(None, ge=0, description="each user's share is drawn between this and thinning")
    labels: Literal["removed", "left-out"] = Field(
        "removed", description="removed, by the paper's process, or left-out, the items that thinning leaves out"
    )
    mask_inputs: bool = Field(False, description="the softmax leaves out the items that are input")
    negatives: int = Field(0, ge=0, description="items drawn for the softmax of a step; 0 for the whole catalogue")
    negatives_by: Chances = Field("uniform", description="chance of an item to be drawn: uniform, or by popularity")
    cold_examples: float = Field(0.0, ge=0, le=0.95, description="share of examples with the user's attributes alone")
    batch_size: int = Field(1024, ge=1, description="examples in a step of the optimiser")
    weight_decay: float = Field(0.0, ge=0, description="decoupled, as in AdamW")
    members: int = Field(1, ge=1, description="networks of different seeds whose mean score is the model's")

    @field_validator("thinning_from")
    @classmethod
    def _range_of_shares(cls, lowest: float | None, info: ValidationInfo) -> float | None:
        """Return the lowest share; raises ValueError for one that is not below the highest."""
        return lowest_share(lowest, info, "thinning")

    @field_validator("negatives_by")
    @classmethod
    def _something_is_drawn(cls, chances: str, info: ValidationInfo) -> str:
        """Return the chances; raises ValueError for some where nothing is drawn."""
        return chances_of_draws(chances, info)

    @field_validator("labels")
    @classmethod
    def _something_is_left_out(cls, labels: str, info: ValidationInfo) -> str:
        """Return what the labels are; raises ValueError for items left out where nothing is."""
        if labels == "left-out" and not info.data.get("thinning"):
            raise ValueError("nothing is left out: take thinning above 0")
        return labels
