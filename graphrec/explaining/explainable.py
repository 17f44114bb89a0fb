"""The protocol of a model that can be explained, as explainers, measures of reasons and recommending use it.

Nothing here knows a model. ``graphrec.models.model.Model`` implements the protocol; anything else that does may be
explained as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import torch

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.factors import Factors
    from graphrec.explaining.selection import ChosenReasons

PREFERRED = "preferred"
"""The name of a model's default attribution."""


class Explainable(Protocol):
    """A fitted model whose inputs can be switched, and which has weights of its own for them.

    Shapes: B users of a batch, k items for each, n input slots (the most that a user of the batch has), M settings of
    the inputs. Scores are float32 on the CPU, in whatever unit the model has.

    Attributes:
        name: registered name.
        method: name of the model's own attribution, for ``EXPLAINS.method``.
        weight_unit: unit of the weights of that attribution: score, attention, affiliation, perturbation or path.
        max_hops: entity hops that a reason's data path may take.
        effect_note: why effects may be null, for ``Run.notes``; empty if they never are.
        attributions: further attributions of the same evidence: the unit of the weights, by method.
        differentiable: whether ``score_with`` can be differentiated with respect to the strengths.
        normalises: whether a score is divided by a count or a length that depends on which inputs are on, so that
            switching one off changes what the others add. Then ``score_held`` is another measurement than
            ``score_with``.
        scores_follow_inputs: whether a score follows from which inputs are on and from nothing else of the history, so
            that items switched off together with the attributes that no other item carries are as good as never taken.
    """

    name: ClassVar[str]
    method: ClassVar[str]
    weight_unit: ClassVar[str]
    max_hops: ClassVar[int]
    effect_note: ClassVar[str]
    attributions: ClassVar[Mapping[str, str]]
    differentiable: ClassVar[bool]
    normalises: ClassVar[bool]
    scores_follow_inputs: ClassVar[bool]

    @property
    def additive_measures(self) -> tuple[str, ...]:
        """Which of ``effect`` and ``held_effect`` may be added up over a user's inputs for one item.

        For a measure that is listed, the sum over some inputs is what switching all of them off together costs.
        """

    @property
    def constants(self) -> torch.Tensor | None:
        """What each item scores whatever the inputs, float32 [items]; None where that is 0."""

    @property
    def has_exact_shapley(self) -> bool:
        """Whether ``exact_shapley`` returns values."""

    def align(self, dataset: Dataset) -> tuple[Dataset, npt.NDArray[np.int32]]:
        """Return a data set in the model's numbering, and int32 [users], each user's row in the training data or −1."""

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return float32 [B, items] for the whole catalogue, or [B, k] for the named items, int64 [B, k]."""

    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        """Return int64 [B], the number of inputs of each user."""

    def inputs(self, profiles: Profiles) -> Slots:
        """Return the inputs of B users that can be switched, one slot for each node; taken items come first."""

    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score B users with M settings of their inputs each.

        Args:
            profiles: of B users.
            slots: their inputs, as ``inputs`` returns them.
            strengths: [B, M, n], how strongly each input counts: float32 from 0 (off) to 1 (on), or bool; 0 in
                padding.
            items: int64 [B, k]; None for the whole catalogue.

        Returns:
            float32 [B, M, k] or [B, M, items]; 0 where every strength is 0.

        Raises:
            UsageError: a strength outside of 0 to 1, or between the two where that has no meaning in this model.
        """

    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score as ``score_with`` does, but with all denominators and lengths as they are with all inputs on."""

    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        """Weigh all evidence of B users for k items each, int64 [B, k], by one of the model's attributions."""

    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure chosen evidence, float32 [B, k, R]: score minus score without it; NaN where nothing is removed."""

    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure chosen evidence by ``score_held``, float32 [B, k, R]; NaN for what is no input."""

    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor | None:
        """Return Shapley values of ``score_with`` over ``inputs``, float32 [B, k, n]; None where none are offered."""

    def unit_of(self, attribution: str) -> str:
        """Return the unit of an attribution's weights; raise UsageError where the model has no such attribution."""

    def factors(self, dataset: Dataset) -> Factors:
        """Return the factors of the fit, named by a data set in the model's numbering."""

    def user_memberships(self, profiles: Profiles, factors: Factors) -> npt.NDArray[np.float32]:
        """Return float32 [B, factors], how much each user belongs to each factor."""
