"""What every model that can say why shares. A model file holds its own arithmetic and nothing else.

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
from graphrec.dataset.profiles import Profiles
from graphrec.errors import UsageError
from graphrec.explaining.evidence import Slots, history_slots
from graphrec.explaining.factors import NO_FACTORS
from graphrec.models.recommender import Recommender
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.tables.explanations import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainer import Explainer
    from graphrec.explaining.factors import Factors
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.tables.explanations import Explanations


class Model(Recommender):
    """A recommender that can say why.

    Attributes:
        method: what ``EXPLAINS.method`` says of this model's reasons.
        weight_unit: unit of the weights: score, attention, affiliation, perturbation or path.
        max_hops: entity hops that a reason's data path may take.
        effect_note: why effects may be null, for ``Run.notes``; empty if they never are.
        attributions: further ways to weigh the same evidence, each a method of its own, and the unit of its weights;
            ``graphrec recommend --explainer own --explain-set attribution=NAME`` stores them.
    """

    method: ClassVar[str]
    weight_unit: ClassVar[str] = "score"
    max_hops: ClassVar[int] = 1
    effect_note: ClassVar[str] = ""
    attributions: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def recommend(
        self,
        dataset: Dataset,
        users: str | Sequence[str] | None = None,
        k: int = 10,
        *,
        reasons: int = 10,
        explainer: Explainer | None = None,
    ) -> Explanations:
        """Return the k best items that each user has not taken, with their reasons, as one pair of tables.

        For a whole catalogue of users, ``graphrec.recommendation.batches.recommend`` yields the same batch by batch.

        Args:
            dataset: what is known of the users.
            users: one id, several, or None for all.
            k: items a user.
            reasons: supporting reasons an item, at most.
            explainer: who weighs; None for the model itself.

        Raises:
            UnknownIdError: a user that the data set does not have.
        """
        from graphrec.recommendation.batches import recommend
        from graphrec.recommendation.request import Request

        asked = (users,) if isinstance(users, str) else users
        request = Request(k=k, reasons=reasons, users=None if asked is None else tuple(asked))
        return joined(recommend(self, dataset, request, explainer=explainer))

    def explain(
        self,
        dataset: Dataset,
        users: str | Sequence[str],
        items: str | Sequence[str],
        *,
        reasons: int = 10,
        against: int = 0,
        explainer: Explainer | None = None,
    ) -> Explanations:
        """Return the reasons for given pairs of user and item, recommended or not; ``rank`` is 1 throughout.

        Args:
            dataset: what is known of the users.
            users: one id, or one for each item.
            items: one id, or one for each user.
            reasons: supporting reasons a pair, at most.
            against: opposing reasons a pair, at most.
            explainer: who weighs; None for the model itself.

        Raises:
            UnknownIdError: a user or an item that is not known.
            UsageError: as many users as items are needed.
        """
        from graphrec.recommendation.batches import explain
        from graphrec.recommendation.request import Request

        pairs = [[one] if isinstance(one, str) else list(one) for one in (users, items)]
        if len(pairs[0]) != len(pairs[1]):
            raise UsageError(
                f"{len(pairs[0])} users and {len(pairs[1])} items are no pairs", remedy="Give one item for each user"
            )
        who, what = dataset.users.require(pairs[0]), self.record.items.require(pairs[1])
        request = Request(reasons=reasons, against=against)
        return joined(explain(self, dataset, who, what[:, None].astype(np.int64), request, explainer))

    # --- what a model implements

    @abstractmethod
    def evidence(self, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Weigh all evidence of B users for k items each.

        Args:
            profiles: of B users, with at least one input each.
            items: int64 [B, k].

        Returns:
            The evidence; a user's taken items fill the first slots in ascending order.
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
            evidence: as ``evidence`` returned it.
            chosen: the slots to measure.

        Returns:
            float32 [B, k, R]; NaN where nothing can be removed.
        """

    # --- what a model may leave as it is, or do faster

    def unit_of(self, attribution: str) -> str:
        """Return the unit of the weights of one way to weigh, by its method's name or ``preferred``.

        Raises:
            UsageError: the model has no such way.
        """
        units = {"preferred": self.weight_unit, self.method: self.weight_unit, **self.attributions}
        if attribution not in units:
            names = ", ".join([self.method, *self.attributions])
            raise UsageError(f"{self.name} has no attribution {attribution!r}", remedy=f"It has {names}")
        return units[attribution]

    def evidence_by(self, attribution: str, profiles: Profiles, items: torch.Tensor) -> Evidence:  # noqa: ARG002 - one way
        """Weigh in one of the ways that ``unit_of`` knows; arguments else as for ``evidence``."""
        return self.evidence(profiles, items)

    def factors(self, dataset: Dataset) -> Factors:  # noqa: ARG002 - a model without factors needs no data
        """Return the factors that the fit found, named by what the data says of their members; unless there are, none.

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
        self, profiles: Profiles, slots: Slots, kept: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score B users with M subsets of their inputs each; everything else about them stays as it is.

        An item that is switched off takes nothing with it: attributes that it carries are inputs of their own.

        Args:
            profiles: of B users.
            slots: their inputs, n at most, as ``inputs`` returns them.
            kept: bool [B, M, n], which inputs each subset has; padding is never kept.
            items: int64 [B, k] to score only these.

        Returns:
            float32 [B, M, k], or [B, M, items]; a subset without any input scores 0.
        """
        users, subsets, _ = kept.shape
        row, subset, slot = (part.numpy() for part in torch.nonzero(kept, as_tuple=True))
        label, node, place = slots.labels[row, slot], slots.nodes[row, slot], row * subsets + subset
        of_item = label == EVIDENCE_LABELS.index("Item")
        of_attribute = label == EVIDENCE_LABELS.index("Attribute")
        carries = profiles.item_attributes
        given = Profiles(
            np.repeat(profiles.known, subsets),
            Incidence.from_pairs(place[of_item], node[of_item], (users * subsets, profiles.items.n_columns)),
            Incidence.from_pairs(place[of_attribute], node[of_attribute], (users * subsets, carries.n_columns)),
            Incidence.empty(carries.n_rows, carries.n_columns),
            profiles.item_entities,
        )
        scores = self.score(given).view(users, subsets, -1)
        return scores if items is None else scores.gather(2, items[:, None, :].expand(-1, subsets, -1))
