"""The base of every model that explains its scores: an ``Explainable``.

``graphrec.models.recommender`` owns ids, validation of inputs and the record of a fit; ``graphrec.explaining`` owns
choosing and ranking reasons; the stores own writing.
"""

from __future__ import annotations

from abc import abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, USER_ATTRIBUTES
from graphrec.errors import UsageError
from graphrec.explaining.evidence import Slots, history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.factors import NO_FACTORS
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.strengths import on_or_off
from graphrec.models.recommender import Recommender
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.factors import Factors
    from graphrec.explaining.selection import ChosenReasons


class Model(Recommender):
    """A recommender that explains its scores, the base of ``graphrec.explaining.explainable.Explainable``.

    Attributes:
        method: what ``EXPLAINS.method`` says of this model's reasons.
        weight_unit: unit of the weights: score, attention, affiliation, perturbation or path.
        max_hops: entity hops that a reason's data path may take.
        effect_note: why effects may be null, for ``Run.notes``; empty if they never are.
        attributions: further attributions of the same evidence, each a method of its own, and the unit of its weights;
            ``graphrec recommend --explainer model --explain-set attribution=NAME`` stores them.
        differentiable: whether ``score_with`` can be differentiated with respect to the strengths.
        normalises: whether a score is divided by a count or a length that depends on which inputs are on; such a model
            overrides ``score_held``.
        scores_follow_inputs: whether a score follows from which inputs are on and from nothing else of the history;
            inputs are then taken items and attributes.
    """

    method: ClassVar[str]
    weight_unit: ClassVar[str] = "score"
    max_hops: ClassVar[int] = 1
    effect_note: ClassVar[str] = ""
    attributions: ClassVar[Mapping[str, str]] = MappingProxyType({})
    differentiable: ClassVar[bool] = False
    normalises: ClassVar[bool] = False
    scores_follow_inputs: ClassVar[bool] = False

    # --- what a model implements

    @abstractmethod
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        """Weigh all evidence of B users for k items each.

        Args:
            profiles: of B users, with at least one input each.
            items: int64 [B, k].
            attribution: name of the method that weighs, one that ``unit_of`` knows.

        Returns:
            The evidence, weights float32 [B, k, n] in the unit of the attribution; a user's taken items fill the first
            slots in ascending order.

        Raises:
            UsageError: the model has no such attribution.
        """

    @abstractmethod
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure the chosen evidence: score before minus score with this input alone switched off.

        Args:
            profiles: of B users.
            items: int64 [B, k].
            scores: float32 [B, k], of these items.
            evidence: as ``evidence`` returned it, by any attribution.
            chosen: the slots to measure.

        Returns:
            float32 [B, k, R]; NaN where nothing can be removed.
        """

    # --- what a model may leave as it is, or do faster

    def unit_of(self, attribution: str) -> str:
        """Return the unit of the weights of an attribution, by its method's name or ``preferred``.

        Raises:
            UsageError: the model has no such attribution.
        """
        units = {PREFERRED: self.weight_unit, self.method: self.weight_unit, **self.attributions}
        if attribution not in units:
            names = ", ".join([self.method, *self.attributions])
            raise UsageError(f"{self.name} has no attribution {attribution!r}", remedy=f"It has {names}")
        return units[attribution]

    @property
    def additive_measures(self) -> tuple[str, ...]:
        """Which of ``effect`` and ``held_effect`` may be added up over a user's inputs for one item; none by default.

        For a measure that is listed, the sum over some inputs is what switching all of them off together costs. Of one
        that is not, nothing is said.
        """
        return ()

    @property
    def constants(self) -> torch.Tensor | None:
        """What each item scores whatever the inputs, such as its popularity, float32 [items]; None where that is 0.

        Weights in the unit of the score sum to the score less this number, and it is the ``rest`` of a recommendation
        all of whose reasons are stored.
        """
        return None

    @property
    def has_exact_shapley(self) -> bool:
        """Whether ``exact_shapley`` returns values; False by default."""
        return False

    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor | None:  # noqa: ARG002
        """Return the exact Shapley values of all inputs, where the model has a closed form; None by default.

        The players are the inputs, the value of a set of them is the score with these alone on (``score_with``), and 0
        for the empty set.

        Args:
            profiles: of B users; one without any input has padding alone.
            items: int64 [B, k].

        Returns:
            float32 [B, k, n] over the slots of ``inputs(profiles)``, 0 in padding; or None.
        """
        return None

    def factors(self, dataset: Dataset) -> Factors:  # noqa: ARG002 - a model without factors needs no data
        """Return the factors of the fit, named after their members in the data; none by default.

        Args:
            dataset: in the model's numbering.
        """
        return NO_FACTORS

    def user_memberships(self, profiles: Profiles, factors: Factors) -> npt.NDArray[np.float32]:
        """Return how much each of B users belongs to each factor, float32 [B, factors]."""
        return np.zeros((len(profiles), len(factors.ids)), dtype=np.float32)

    def inputs(self, profiles: Profiles) -> Slots:
        """Return the inputs of B users that can be switched off one by one, a slot for each node.

        Unless a model says otherwise, the taken items. Slots of taken items come first, in ascending order.
        """
        return history_slots(profiles.items)

    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score B users with M settings of their inputs each; everything else about them stays as it is.

        An item that is switched off takes nothing with it: attributes that it carries are inputs of their own. Unless a
        model says otherwise, an input is on or off, and each setting is scored as a user of its own.

        Args:
            profiles: of B users.
            slots: their inputs, n at most, as ``inputs`` returns them.
            strengths: [B, M, n], how strongly each input counts, float32 from 0 (off) to 1 (on), or bool; 0 in padding.
            items: int64 [B, k] to score only these.

        Returns:
            float32 [B, M, k], or [B, M, items]; 0 where every input is off.

        Raises:
            UsageError: a strength outside of 0 to 1, or between the two where that has no meaning in the model; or
                strengths that require a gradient, where the model is not differentiable.
        """
        is_on = on_or_off(strengths, self.name)
        users, settings, _ = is_on.shape
        row, setting, slot = (part.numpy() for part in torch.nonzero(is_on, as_tuple=True))
        label, node, place = slots.labels[row, slot], slots.nodes[row, slot], row * settings + setting
        of_item = label == EVIDENCE_LABELS.index("Item")
        of_attribute = label == EVIDENCE_LABELS.index("Attribute")
        n_attributes = profiles.item_attributes.n_columns
        alone = profiles.with_inputs(
            np.repeat(np.arange(users), settings),
            Incidence.from_pairs(place[of_item], node[of_item], (users * settings, profiles.items.n_columns)),
            {
                USER_ATTRIBUTES: Incidence.from_pairs(
                    place[of_attribute], node[of_attribute], (users * settings, n_attributes)
                ),
                ITEM_ATTRIBUTES: Incidence.empty(profiles.items.n_columns, n_attributes),
            },
        )
        named = None if items is None else items.repeat_interleave(settings, dim=0)
        return self.score(alone, named).view(users, settings, -1)

    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength, and all denominators and lengths as they are with all inputs on.

        So an input that is switched off takes away what it put in, and the others are not weighed up for it. Unless a
        model says otherwise, ``score_with``, which is exact for a model that does not normalise. Arguments and errors
        as for ``score_with``; with all inputs on the two are the same.

        Returns:
            float32 [B, M, k], or [B, M, items].
        """
        return self.score_with(profiles, slots, strengths, items)

    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure the chosen evidence: score minus ``score_held`` without this input; arguments as for ``effects``.

        The effects themselves for a model that does not normalise.

        Returns:
            float32 [B, k, R]; NaN for what is no input. A user's only input is measured too.
        """
        if not self.normalises:
            return self.effects(profiles, items, scores, evidence, chosen)
        return measured_effects(self, profiles, items, scores, evidence, chosen, held=True)
