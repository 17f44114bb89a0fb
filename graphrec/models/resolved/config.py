"""Settings of the model with resolved representations, and those of its paper."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from graphrec.models.config import Chances, GradientConfig, chances_of_draws, lowest_share

if TYPE_CHECKING:
    from collections.abc import Mapping


class ResolvedConfig(GradientConfig):
    """Settings; letters are the paper's. Defaults are what works; ``AS_PRINTED`` has the paper's own.

    What departs from the paper has a setting of its own, so that each can be taken back by itself.

    Attributes:
        least_epochs, learning_rate, patience: of training; with a validation part the best epoch by ``metric`` is kept.
        averaging: share that a moving average of the weights keeps at a step. The paper has none (0).
        embedding_size: D, length of every segment.
        item_factors: C2, factors of items, and item segments of a user.
        entity_factors: C1, factors of entities, and entity segments of a user and of an item.
        entities: what describes items: the entities of the knowledge ``graph``, or item ``attributes`` in their place;
            ``auto`` takes attributes where no item is linked to an entity and ``levels`` is 1. The paper has a graph.
        gamma: γ of (9) and (10), below 1 sharpens the affiliations.
        levels: entity levels (4.2): 1 takes the entities of items, 2 also what those are related to, and so on.
        activation: g of (6) and (7), ``tanh`` of a linear map or the ``linear`` map alone. The paper's is non-linear.
        decoder: ``inner`` product as in (13), or ``cosine`` over a temperature.
        temperature: of the cosine; the inner product has none.
        unit_means: segment means of unit length. Not in the paper.
        noise: standard deviation of a segment at log-variance 0, of posterior and prior alike. The paper's is 1.
        kl: the divergence in the bound (14): ``full`` as in the paper, ``variance`` that of the spread alone, for means
            of unit length, or ``none``.
        kl_weight: β, what the divergence counts; the paper's bound has 1.
        kl_annealing: epochs in which β grows from 0. The paper has none (0).
        input_dropout: share of a user's items that an epoch leaves out of the input. The paper has none (0).
        input_dropout_from: where given, each user's share is drawn anew for every step, uniformly between this and
            ``input_dropout``: a departure from the paper, taken over from the fit of InDGRM.
        dropped_only: the likelihood is of the items left out alone; with ``False``, of all that the user took.
        mask_inputs: the softmax leaves out the items that are a user's input, so that no weight is spent on ranking
            them below those asked for: a departure from the paper, taken over from the fit of InDGRM
            (its ``inputs_in_softmax``). It needs items that are left out, and a likelihood of these alone.
        negatives: items drawn for the softmax of a step, which the normaliser is estimated by (``sampled_softmax``); 0
            for the whole catalogue.
        negatives_by: ``uniform``, every item with the same chance, or ``popularity``, in proportion to its takers.
        reg: L2 penalty of the weights.
        batch_size: users in a step of the optimiser.
        user_fanout, item_fanout, entity_fanout: items drawn for a user, entities for an item, and entities below an
            entity in training; −1 takes all. None can be 0: what training never draws, inference would rest on.
        members: networks of different seeds whose mean log-probability ranks (``members``). The paper has one.
    """

    added_later: ClassVar[frozenset[str]] = GradientConfig.added_later | {
        "entities",
        "input_dropout_from",
        "mask_inputs",
        "negatives",
        "negatives_by",
    }
    least_epochs: int = Field(150, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(3e-3, gt=0, description="of the optimiser")
    patience: int = Field(20, ge=1, description="validations without a better validation value before training stops")
    averaging: float = Field(0.995, ge=0, lt=1, description="share that the average of the weights keeps at a step")
    embedding_size: int = Field(64, ge=1, description="D, length of every segment")
    item_factors: int = Field(4, ge=1, description="C2, factors of items")
    entity_factors: int = Field(4, ge=1, description="C1, factors of entities")
    entities: Literal["auto", "graph", "attributes"] = Field(
        "auto", description="what describes items: graph, attributes, or auto, attributes where there is no graph"
    )
    gamma: float = Field(0.1, gt=0, description="γ, below 1 sharpens the affiliations")
    levels: int = Field(1, ge=1, description="entity levels: 1 takes the entities of items")
    activation: Literal["linear", "tanh"] = Field("linear", description="g: linear or tanh")
    decoder: Literal["cosine", "inner"] = Field("cosine", description="cosine over a temperature, or inner product")
    temperature: float = Field(0.1, gt=0, description="of the cosine")
    unit_means: bool = Field(True, description="segment means of unit length")
    noise: float = Field(0.075, gt=0, description="standard deviation of a segment at log-variance 0")
    kl: Literal["full", "variance", "none"] = Field("variance", description="divergence: full, variance or none")
    kl_weight: float = Field(0.2, ge=0, description="β, what the divergence counts")
    kl_annealing: int = Field(20, ge=0, description="epochs in which β grows from 0")
    input_dropout: float = Field(0.5, ge=0, le=0.95, description="share of a user's items left out of the input")
    input_dropout_from: float | None = Field(
        None, ge=0, description="each user's share is drawn between this and input_dropout"
    )
    dropped_only: bool = Field(True, description="the likelihood is of the items left out alone")
    mask_inputs: bool = Field(False, description="the softmax leaves out the items that are input")
    negatives: int = Field(0, ge=0, description="items drawn for the softmax of a step; 0 for the whole catalogue")
    negatives_by: Chances = Field("uniform", description="chance of an item to be drawn: uniform, or by popularity")
    reg: float = Field(1e-8, ge=0, description="L2 penalty of the weights")
    batch_size: int = Field(128, ge=1, description="users in a step of the optimiser")
    user_fanout: int = Field(-1, ge=-1, description="items drawn for a user in training; -1 takes all")
    item_fanout: int = Field(-1, ge=-1, description="entities drawn for an item in training; -1 takes all")
    entity_fanout: int = Field(-1, ge=-1, description="entities drawn below an entity in training; -1 takes all")
    members: int = Field(1, ge=1, description="networks of different seeds whose mean log-probability ranks")

    @field_validator("input_dropout_from")
    @classmethod
    def _range_of_shares(cls, lowest: float | None, info: ValidationInfo) -> float | None:
        """Return the lowest share; raises ValueError for one that is not below the highest."""
        return lowest_share(lowest, info, "input_dropout")

    @field_validator("mask_inputs")
    @classmethod
    def _asks_for_other_items(cls, mask_inputs: bool, info: ValidationInfo) -> bool:
        """Return the choice; raises ValueError where the inputs are asked for."""
        if mask_inputs and not (info.data.get("dropped_only") and info.data.get("input_dropout")):
            raise ValueError("the inputs are asked for: take dropped_only=true and an input_dropout above 0")
        return mask_inputs

    @field_validator("negatives_by")
    @classmethod
    def _something_is_drawn(cls, chances: str, info: ValidationInfo) -> str:
        """Return the chances; raises ValueError for some where nothing is drawn."""
        return chances_of_draws(chances, info)

    @field_validator("levels")
    @classmethod
    def _attributes_have_one_level(cls, levels: int, info: ValidationInfo) -> int:
        """Return the number of levels; raises ValueError for several levels of attributes."""
        if levels > 1 and info.data.get("entities") == "attributes":
            raise ValueError("attributes have one level: take 1, or entities=graph")
        return levels

    @field_validator("user_fanout", "item_fanout", "entity_fanout")
    @classmethod
    def _draws_something(cls, fanout: int) -> int:
        """Return the fan-out; raises ValueError for one that draws nothing."""
        if not fanout:
            raise ValueError("take 1 or more, or −1 for all: what training never draws, inference would rest on")
        return fanout


AS_PRINTED: Mapping[str, Any] = MappingProxyType(
    {
        "epochs": 100,
        "learning_rate": 2e-4,
        "patience": 100,
        "averaging": 0.0,
        "embedding_size": 16,
        "activation": "tanh",
        "decoder": "inner",
        "unit_means": False,
        "noise": 1.0,
        "kl": "full",
        "kl_weight": 1.0,
        "kl_annealing": 0,
        "input_dropout": 0.0,
        "dropped_only": False,
    }
)
"""The settings of the paper's own row on LastFM (Table 1) that differ from the defaults."""
