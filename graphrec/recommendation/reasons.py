"""Why these items: a batch weighed by an explainer, chosen and measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.explainers.counterfactual import SetExplainer
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.explaining.selection import ChosenReasons, choose
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.explainer import Explainer
    from graphrec.explaining.reason_sets import ReasonSets
    from graphrec.models.model import Model
    from graphrec.recommendation.request import Request


@dataclass(frozen=True, eq=False)
class RecommendedBatch:
    """Recommendations to be explained.

    Attributes:
        profiles: of B users, with at least one input each.
        items: int64 [B, k]; −1 where a user has fewer.
        scores: float32 [B, k]; 0 where a user has fewer.
        taken: B × items, what each user took.
        allowed: bool [items], what may be recommended to anybody who has not taken it.
        shown: bool [attributes], which may be shown as reasons.
    """

    profiles: Profiles
    items: torch.Tensor
    scores: torch.Tensor
    taken: Incidence
    allowed: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]

    def candidates(self) -> torch.Tensor:
        """Return bool [B, items]: what may be recommended to each user."""
        free = np.repeat(self.allowed[None, :], len(self.profiles), axis=0)
        free[self.taken.row_of_entry, self.taken.indices] = False
        return torch.from_numpy(free)

    def may_show(self, slots: Slots, protect: Sequence[str] = ()) -> torch.Tensor:
        """Return bool [B, n]: which slots may be reasons; nothing that came through a protected kind of attribute."""
        through = np.isin(np.asarray(slots.via_names), [f"attribute:{kind}" for kind in protect])
        may = (slots.labels >= 0) & ~through[slots.vias]
        attribute = slots.labels == EVIDENCE_LABELS.index("Attribute")
        may[attribute] = self.shown[slots.nodes[attribute]]
        return torch.from_numpy(may)


@dataclass(frozen=True, eq=False)
class Reasoned:
    """What an explainer found.

    Attributes:
        evidence: everything that was weighed.
        chosen: what becomes a reason.
        effects: float32 [B, k, R], measured; NaN where nothing can be removed.
        sets: where reasons only count together, what is measured of the sets.
    """

    evidence: Evidence
    chosen: ChosenReasons
    effects: torch.Tensor
    sets: ReasonSets | None = None


def reasoned(explainer: Explainer, model: Model, batch: RecommendedBatch, request: Request) -> Reasoned:
    """Weigh, choose and measure.

    The model's own reasons are its own in full, every node with all its ``vias``, and measured by the model; those of
    other explainers are inputs, and measured by scoring without them.
    """
    profiles, items = batch.profiles, batch.items.clamp(min=0)
    if isinstance(explainer, ModelExplainer):
        evidence = explainer.reasons(model, profiles, items)
        chosen = choose(
            evidence, batch.may_show(evidence, request.protect), reasons=request.reasons, against=request.against
        )
        return Reasoned(evidence, chosen, model.effects(profiles, items, batch.scores, evidence, chosen))
    sets = None
    if isinstance(explainer, SetExplainer):
        may = batch.may_show(model.inputs(profiles), request.protect)
        sets = explainer.find_sets(
            model, profiles, batch.items, candidates=batch.candidates(), removable=may, largest=request.reasons
        )
        evidence = sets.slots.weighed(sets.weights)
    else:
        evidence = explainer.reasons(model, profiles, items)
    chosen = choose(
        evidence, batch.may_show(evidence, request.protect), reasons=request.reasons, against=request.against
    )
    return Reasoned(evidence, chosen, measured_effects(model, profiles, items, batch.scores, evidence, chosen), sets)
