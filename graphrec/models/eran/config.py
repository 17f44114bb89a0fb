"""Settings of eRAN, and those of its paper."""

from __future__ import annotations

import csv
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator, model_validator

from graphrec.models.config import GradientConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


class ERANConfig(GradientConfig):
    """Settings; letters are the paper's. Defaults are what works; ``AS_PRINTED`` has the paper's own.

    What departs from the paper has a setting of its own, so that each can be taken back by itself.

    Attributes:
        steps, least_epochs, validate_every, learning_rate, patience: of training; with a validation part the best
            weights by ``metric`` are kept.
        averaging: share that a moving average of the weights keeps at a step. The paper has none (0).
        attributes: kinds of item attributes, a network each, separated by commas, in double quotes where a name has a
            comma; empty for all kinds in whose network a tenth of the taken items has an edge (``covering``).
        all_pairs: whether there is a further network of all pairs that were taken together, whatever they share. Not in
            the paper, and what comes through it names no attribute.
        co_purchase: the interactions that make two items taken together: ``positives``, or ``taken``, low ratings too.
        max_share: a value that a larger share of the items carries makes no edges.
        threshold: users who took both items of an edge, at least, where ``tower`` is the autoencoder (the paper's is
            1); the linear tower weighs edges by these users instead.
        tower: from an item's row in a network to its vector: one ``linear`` layer on the row weighted by users and
            shared values, normalised by degrees, and made a vector of unit length; or the paper's ``autoencoder`` on
            the row of ones.
        hidden_sizes: of the autoencoder between the row and the vector.
        embedding_size: d, length of an item's vector in each network.
        forms: how a history scores an item: ``networks`` is the sum of the inner products within each network, weighed
            by attention; ``distance`` the paper's sum of negative squared distances (13) between weighed vectors.
            Both, separated by a comma, is the mean of two networks that are trained apart.
        attention: ``learned`` (5, 6), or ``even`` over the networks that an item has an edge in.
        user_vectors: z_u as the mean of what the items of the ``history`` carry, so that newcomers have one; or one
            ``learned`` for each user of the training data as in the paper, newcomers having their mean.
        scale: what the sum over the history is multiplied with, after it is divided by the root of its length.
        objective: ``softmax`` over the catalogue for the masked part of each history; ``pairs``, the ranking loss
            (11) in the form of BPR.
        network_loss: whether rows are reconstructed as well (3), by the decoder of the autoencoder, or by one layer
            behind the linear tower. Without it, the paper's eRAN-L1.
        alpha: α of (12), what the ranking loss counts beside the network loss; 0 leaves it out: eRAN-L2, where users'
            vectors stay at 1.
        beta: β of (3), what an absent edge counts in the reconstruction.
        rows_in_loss: items whose rows the network loss is over in a step.
        least_masked, most_masked: share of a history that is masked, drawn for every user and step between these two.
        time_masks: share of steps in which the latest part of the histories is masked, instead of a random one.
        dropout: share of the dimensions left out of a step's scores.
        weight_decay: decoupled, as in AdamW; of the towers and of what attention rests on.
        rebuilt: share of the items that a step sees as if they were new, with edges to all items of the same values.
        cold: how an item is scored that nobody took in training: by the ``sum`` over the history like any other, or by
            the ``minimum`` over it, as printed (14), with the distance form.
        batch_size: users in a step, or pairs of items for the objective ``pairs``.
        sampled_above: items of a catalogue above which the softmax is over a sample.
        sampled_items: items in that sample, beside those to be found.
        members: networks of different seeds of each form, whose mean score is the model's. The paper has one.
    """

    steps: int = Field(90, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(10, ge=1, description="epochs, at least, where epochs is left out")
    validate_every: int = Field(15, ge=1, description="steps between two validations where epochs is left out")
    learning_rate: float = Field(0.004, gt=0, description="of the optimiser")
    averaging: float = Field(0.97, ge=0, lt=1, description="share that the average of the weights keeps at a step")
    attributes: str = Field(
        "", description="kinds of item attributes, separated by commas; empty for those of many items"
    )
    all_pairs: bool = Field(False, description="a further network of all pairs that were taken together")
    co_purchase: Literal["positives", "taken"] = Field("positives", description="interactions that make edges")
    max_share: float = Field(1.0, gt=0, le=1, description="largest share of the items that may carry a value")
    threshold: int = Field(1, ge=1, description="users who took both items of an edge, with the autoencoder")
    tower: Literal["linear", "autoencoder"] = Field("linear", description="linear, or autoencoder as printed")
    hidden_sizes: tuple[int, ...] = Field((1024, 256), description="layers of the autoencoder")
    embedding_size: int = Field(96, ge=1, description="d, length of an item's vector in each network")
    forms: str = Field("networks", description="networks, distance, or both with a comma")
    attention: Literal["learned", "even"] = Field("learned", description="over the networks: learned or even")
    user_vectors: Literal["history", "learned"] = Field("history", description="z of a user: from history, or learned")
    scale: float = Field(4.0, gt=0, description="what the sum over the history is multiplied with")
    objective: Literal["softmax", "pairs"] = Field("softmax", description="softmax over the catalogue, or pairs (BPR)")
    network_loss: bool = Field(False, description="learn the reconstruction of the networks as well")
    alpha: float = Field(1500.0, ge=0, description="α, what the ranking loss counts beside the network loss")
    beta: float = Field(0.2, ge=0, description="β, what an absent edge counts in the reconstruction")
    rows_in_loss: int = Field(128, ge=1, description="items whose rows are reconstructed in a step")
    least_masked: float = Field(0.2, gt=0, lt=1, description="share of a history that is masked, at least")
    most_masked: float = Field(0.8, gt=0, lt=1, description="share of a history that is masked, at most")
    time_masks: float = Field(0.0, ge=0, le=1, description="share of steps that mask the latest part of histories")
    dropout: float = Field(0.3, ge=0, lt=1, description="share of the dimensions left out of a step")
    weight_decay: float = Field(2.0, ge=0, description="decoupled, as in AdamW")
    rebuilt: float = Field(0.0, ge=0, lt=1, description="share of the items that a step sees as if they were new")
    cold: Literal["sum", "minimum"] = Field("sum", description="score of a new item: sum, or minimum as printed")
    batch_size: int = Field(128, ge=1, description="users in a step, or pairs of items")
    sampled_above: int = Field(50_000, ge=1, description="items above which the softmax is over a sample")
    sampled_items: int = Field(8192, ge=1, description="items in that sample")
    members: int = Field(1, ge=1, description="networks of different seeds whose mean score is the model's")

    @field_validator("forms")
    @classmethod
    def _known_forms(cls, text: str) -> str:
        forms = [form.strip() for form in text.split(",")]
        if not set(forms) <= {"networks", "distance"} or len(set(forms)) < len(forms):
            raise ValueError(f"{text!r}: write networks, distance, or networks,distance")
        return ",".join(forms)

    @field_validator("attributes")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if len(text.splitlines()) > 1:
            raise ValueError(f"{text!r}: write kinds on one line, separated by commas")
        return text

    @field_validator("hidden_sizes")
    @classmethod
    def _some_units(cls, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if any(size < 1 for size in sizes):
            raise ValueError("a layer needs 1 unit or more")
        return sizes

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.least_masked > self.most_masked:
            raise ValueError(f"least_masked is {self.least_masked} and most_masked {self.most_masked}")
        if self.cold == "minimum" and self.forms != "distance":
            raise ValueError("cold=minimum is a distance (14): it needs forms=distance")
        if self.objective == "pairs" and self.forms != "distance":
            raise ValueError("objective=pairs compares distances (11): it needs forms=distance")
        if not self.alpha and not self.network_loss:
            raise ValueError("alpha=0 leaves out the ranking loss: it needs network_loss=true")
        if self.threshold > 1 and self.tower != "autoencoder":
            raise ValueError("threshold is for the edges of tower=autoencoder; the linear tower weighs them")
        if self.rebuilt and self.tower != "linear":
            raise ValueError("rebuilt is for tower=linear")
        return self

    @property
    def form_list(self) -> list[str]:
        """The forms, each for the networks of ``members`` seeds."""
        return self.forms.split(",")

    @property
    def kinds(self) -> list[str] | None:
        """The kinds of attributes; None for all."""
        if not self.attributes.strip():
            return None
        return [kind.strip() for kind in next(csv.reader([self.attributes], skipinitialspace=True))]


AS_PRINTED: Mapping[str, Any] = MappingProxyType(
    {
        "learning_rate": 1e-3,
        "averaging": 0.0,
        "tower": "autoencoder",
        "embedding_size": 32,
        "forms": "distance",
        "user_vectors": "learned",
        "objective": "pairs",
        "network_loss": True,
        "dropout": 0.0,
        "weight_decay": 0.0,
        "cold": "minimum",
        "batch_size": 2000,
    }
)
"""The settings of the paper (4.3) that differ from the defaults."""
