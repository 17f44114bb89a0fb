"""Settings of InDGRM, and those of its paper."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from graphrec.models.linear_path.config import LinearPathConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


class InDGRMConfig(LinearPathConfig):
    """Settings; letters are the paper's. Defaults are what works; ``AS_PRINTED`` has the paper's own.

    What departs from the paper has a setting of its own, so that each can be taken back by itself. The paper's variants
    are ``clusters=1`` (InDGRM-a), ``groups=0`` (-b), and ``categories`` (-p).

    Attributes:
        steps, least_epochs, validate_every, learning_rate, patience, averaging: of training; with a validation part the
            best averaged weights by ``metric`` are kept. The paper averages none (0).
        reg: L2 penalty of all weights, in Adam. The paper has none (0).
        embedding_size: d, dimensions of z, of items and of prototypes.
        batch_size: users in a step of the optimiser.
        clusters: K, components of the mixture and user clusters; 1 has neither mixture nor gate.
        groups: G, item groups, where ``categories`` does not say how many; 0 has no groups.
        categories: kind of item attributes whose values are the groups, such as ``genre``: the paper's privileged
            information. Empty for groups of whatever items are near each other.
        category_vectors: a file of word vectors, a word and its numbers a line, in which the names of categories are
            looked up for ``triplets=prototypes``; empty compares categories by the items that carry them.
        triplets: what is put in order (7). ``items``: an item is nearer to the prototype of its category than to any
            other's; without categories, to that of its group, by which prototypes alone learn. ``prototypes``: they are
            as near to each other as categories are, which is the paper's. ``none``: nothing.
        triplet_weight: λp, what the triplets count.
        encoder: ``linear``, the sum of the vectors of the items taken over the root of their number; ``network``, a
            layer with tanh beside it, f of (14).
        tied: whether items have the same vectors in the encoder and in the decoder, as printed.
        component_maps: W of (14) for the mean of each component: a ``full`` matrix, a ``diagonal`` one, or ``none``.
        deviation_maps: W of (14) for the deviations: a ``full`` matrix for each component, or a ``scalar``, one row of
            it for all dimensions.
        gate: what a user belongs to clusters by: ``cosine`` to their centres, ``attention`` (15), or ``variance``, the
            density of the components (16).
        gate_temperature: of the cosine; the other gates have none.
        gate_divergence: of the gate to the stick-breaking weights: of the ``batch-mean``, or ``per-user`` as printed.
        gate_weight: what that divergence counts.
        sticks: v of (3): ``learned`` with their prior, or ``expected`` under it.
        alpha: α of (3).
        kl_weight: λ_r of (10), what the divergence of z counts in the end.
        anneal_steps: steps of the optimiser until then, from 0 in equal parts; 0 has the full weight from the start.
        prior_variance: λ of (5) at the start.
        eta_a, eta_b: of the inverse Gamma distribution of λ (5).
        prune_below: dimensions of a component whose λ is below this are left out in scoring, all but its largest; 0
            keeps all.
        prune_unit: what ``prune_below`` is a share of: the ``mean`` λ of the component, or 1 (``absolute``).
        similarity: of items to prototypes and to users: ``cosine`` over τ, or the ``inner`` product (figure 6).
        temperature: τ of (6), (7) and (9); the inner product has none.
        gumbel: whether groups are drawn in training, by noise; else each item is of its nearest group.
        gumbel_temperature: of the soft assignment whose gradient the one-hot assignment takes.
        decoder: f of (9) for each group: an ``affine`` map, a small ``network``, or the ``identity``.
        decoder_size: hidden units of that network.
        mapping: whether there is a factor-to-group mapping O.
        lasso: λ_o of (10), the penalty that switches off links of a cluster and a group.
        item_bias: whether an item has a bias, which starts at half the logarithm of the users who took it.
        cost: ``multinomial`` likelihood, ``squared`` distance to the softmax of the scores as printed, or
            ``double-softmax``, with a second softmax as in algorithm 3.
        targets: whether the loss is of the ``dropped`` items alone, or of ``all`` that a user took, as printed.
        inputs_in_softmax: whether the softmax of a step is over the items that were its input, too.
        least_kept, most_kept: share of a user's items that a step gives to the encoder, drawn for every user and step
            between these two. The paper's dropout has .5 for both.
        user_weight: power of the number of a user's targets that the user counts in a step; 0 counts users the same,
            1 interactions.
        negatives: items that a step draws evenly for the softmax, beside the targets of its users; 0 for a softmax over
            the catalogue.
        inner_steps: L of algorithm 2, steps of the local variational optimisation; 0 is plain gradient descent.
        inner_rate: η_ψ of these steps, by Adam.
    """

    steps: int = Field(500, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(70, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(3e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.99, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    reg: float = Field(0.0, ge=0, description="L2 penalty of all weights")
    embedding_size: int = Field(200, ge=1, description="d, dimensions of users, items and prototypes")
    batch_size: int = Field(256, ge=1, description="users in a step of the optimiser")
    clusters: int = Field(24, ge=1, description="K, user clusters; 1 for no clusters")
    groups: int = Field(18, ge=0, description="G, item groups, where categories is empty; 0 for no groups")
    categories: str = Field("", description="kind of item attributes whose values are the groups, such as genre")
    category_vectors: str = Field("", description="file of word vectors for triplets=prototypes")
    triplets: Literal["items", "prototypes", "none"] = Field(
        "items", description="what is put in order by categories: items, prototypes, or none"
    )
    triplet_weight: float = Field(0.3, ge=0, description="λp, what the triplets count")
    encoder: Literal["linear", "network"] = Field("linear", description="linear, or network with a layer beside it")
    tied: bool = Field(True, description="the same vectors of items in encoder and decoder")
    component_maps: Literal["full", "diagonal", "none"] = Field("diagonal", description="of each component's mean")
    deviation_maps: Literal["full", "scalar"] = Field("scalar", description="of each component's deviations")
    gate: Literal["cosine", "attention", "variance"] = Field("cosine", description="what users belong to clusters by")
    gate_temperature: float = Field(0.03, gt=0, description="of gate=cosine")
    gate_divergence: Literal["batch-mean", "per-user"] = Field("batch-mean", description="batch-mean or per-user")
    gate_weight: float = Field(1.0, ge=0, description="what the divergence of the gate counts")
    sticks: Literal["learned", "expected"] = Field("learned", description="stick-breaking weights")
    alpha: float = Field(24.0, gt=0, description="α of the sticks")
    kl_weight: float = Field(1e-3, ge=0, description="λr, what the divergence of z counts in the end")
    anneal_steps: int = Field(200, ge=0, description="steps until the divergence of z counts so much")
    prior_variance: float = Field(0.135, gt=0, description="λ at the start")
    eta_a: float = Field(1.0, ge=0, description="ηa of the prior of λ")
    eta_b: float = Field(0.01, ge=0, description="ηb of the prior of λ")
    prune_below: float = Field(0.1, ge=0, description="dimensions with a smaller λ are left out in scoring")
    prune_unit: Literal["mean", "absolute"] = Field("mean", description="what prune_below is a share of")
    similarity: Literal["cosine", "inner"] = Field("cosine", description="cosine over a temperature, or inner product")
    temperature: float = Field(0.1, gt=0, description="τ of the cosine")
    gumbel: bool = Field(False, description="draw the groups of items in training")
    gumbel_temperature: float = Field(1.0, gt=0, description="of the soft assignment to groups")
    decoder: Literal["affine", "network", "identity"] = Field("identity", description="f of each group")
    decoder_size: int = Field(8, ge=1, description="hidden units of decoder=network")
    mapping: bool = Field(True, description="a factor-to-group mapping")
    lasso: float = Field(3.0, ge=0, description="λo, penalty of the mapping")
    item_bias: bool = Field(True, description="a bias of items that starts at their popularity")
    cost: Literal["multinomial", "squared", "double-softmax"] = Field("multinomial", description="cost of a score")
    targets: Literal["dropped", "all"] = Field("dropped", description="items that the loss is of: dropped or all")
    inputs_in_softmax: bool = Field(False, description="whether the input of a step is among its candidates")
    least_kept: float = Field(0.3, ge=0, le=1, description="share of the items taken that is input, at least")
    most_kept: float = Field(0.95, ge=0, le=1, description="share of the items taken that is input, at most")
    user_weight: float = Field(0.7, ge=0, le=1, description="power of the targets that a user counts")
    negatives: int = Field(0, ge=0, description="items drawn for the softmax of a step; 0 for the whole catalogue")
    inner_steps: int = Field(0, ge=0, description="L, steps of the local variational optimisation")
    inner_rate: float = Field(0.02, gt=0, description="of these steps")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.least_kept > self.most_kept:
            raise ValueError(f"least_kept is {self.least_kept} and most_kept {self.most_kept}")
        if self.targets == "dropped" and self.least_kept == 1:
            raise ValueError("targets=dropped needs least_kept below 1: else nothing is dropped")
        if self.encoder == "network" and self.component_maps != "full":
            raise ValueError("encoder=network needs component_maps=full: the layer comes into z through them")
        if self.negatives and self.cost != "multinomial":
            raise ValueError("negatives needs cost=multinomial: the squared costs are over the catalogue")
        if self.category_vectors and not (self.categories and self.triplets == "prototypes"):
            raise ValueError("category_vectors is for triplets=prototypes with categories")
        return self

    def kl_weight_at(self, step: int) -> float:
        """Return what the divergence of z counts at a step of the optimiser, counted from 0."""
        return self.kl_weight * min(1.0, step / self.anneal_steps if self.anneal_steps else 1.0)


AS_PRINTED: Mapping[str, Any] = MappingProxyType(
    {
        "epochs": 200,
        "learning_rate": 1e-3,
        "averaging": 0.0,
        "embedding_size": 150,
        "batch_size": 128,
        "triplets": "prototypes",
        "triplet_weight": 1.0,
        "encoder": "network",
        "component_maps": "full",
        "deviation_maps": "full",
        "gate": "attention",
        "gate_divergence": "per-user",
        "gate_weight": 1.2,
        "kl_weight": 1.2,
        "anneal_steps": 0,
        "prior_variance": 1.0,
        "prune_below": 0.001,
        "prune_unit": "absolute",
        "gumbel": True,
        "decoder": "network",
        "lasso": 1.0,
        "item_bias": False,
        "cost": "double-softmax",
        "targets": "all",
        "inputs_in_softmax": True,
        "least_kept": 0.5,
        "most_kept": 0.5,
        "user_weight": 0.0,
        "inner_steps": 5,
    }
)
"""The settings of the paper (4.6, 4.7, 6.1) that differ from the defaults, but for what the paper does not print: G,
α, ηa, ηb, λp, the rates and L are choices. Gates by (16) are ``gate=variance``."""

LIFTED: Mapping[str, Any] = MappingProxyType({name: InDGRMConfig.model_fields[name].default for name in AS_PRINTED})
"""The same settings as they are by default."""
