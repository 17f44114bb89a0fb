"""The input and the output of every explainer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import torch

from graphrec.explaining.evidence import Slots
from graphrec.explaining.selection import choose
from graphrec.schema.property_graph import EVIDENCE_LABELS, VIA_ATTRIBUTE, VIA_NEIGHBOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.reason_sets import SlotSets
    from graphrec.explaining.selection import ChosenReasons


@dataclass(frozen=True, eq=False)
class RecommendedBatch:
    """Recommendations to be explained.

    Attributes:
        profiles: of B users, with at least one input each.
        items: int64 [B, k]; −1 where a user has fewer.
        scores: float32 [B, k]; 0 where a user has fewer.
        taken: B × items, what each user took.
        allowed: bool [items], the items that may be recommended to users who have not taken them.
        shown: bool [attributes], which may be shown as reasons.
    """

    profiles: Profiles
    items: torch.Tensor
    scores: torch.Tensor
    taken: Incidence
    allowed: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]

    @property
    def named_items(self) -> torch.Tensor:
        """The items with 0 in empty places, so that all of them can be scored and weighed: int64 [B, k]."""
        return self.items.clamp(min=0)

    def candidates(self) -> torch.Tensor:
        """Return bool [B, items]: the items that may be recommended to each user."""
        free = np.repeat(self.allowed[None, :], len(self.profiles), axis=0)
        free[self.taken.row_of_entry, self.taken.indices] = False
        return torch.from_numpy(free)

    def may_show(self, slots: Slots, protect: Sequence[str] = ()) -> torch.Tensor:
        """Return bool [B, n]: the slots that may be reasons.

        None that came through a protected kind of attribute, and no user: what a model has learned of somebody as such
        is an input, but nothing that a reader could check.
        """
        hidden = [f"{way}:{kind}" for way in (VIA_ATTRIBUTE, VIA_NEIGHBOURS) for kind in protect]
        through = np.isin(np.asarray(slots.via_names), hidden)
        may = (slots.labels >= 0) & (slots.labels != EVIDENCE_LABELS.index("User")) & ~through[slots.vias]
        attribute = slots.labels == EVIDENCE_LABELS.index("Attribute")
        may[attribute] = self.shown[slots.nodes[attribute]]
        return torch.from_numpy(may)


@dataclass(frozen=True, eq=False)
class Explanation:
    """The reasons of B × k recommendations.

    Attributes:
        evidence: everything that was weighed, over n slots.
        chosen: which of it becomes a reason, R at most.
        effects: float32 [B, k, R], measured of the reason's node in score units; NaN where nothing can be removed.
        held_effects: float32 [B, k, R], the same with denominators and lengths held; None where the model does not
            normalise.
        sets: where reasons only count together, what is measured of the sets; None where each stands alone.
        counterfactual: bool [B, k], whether a set of changes was found that moves the item; None where none was sought.
    """

    evidence: Evidence
    chosen: ChosenReasons
    effects: torch.Tensor
    held_effects: torch.Tensor | None = None
    sets: SlotSets | None = None
    counterfactual: torch.Tensor | None = None

    @classmethod
    def without_reasons(cls, users: int, k: int) -> Explanation:
        """Return that of recommendations for which no reasons are asked: no evidence is weighed."""
        nothing = np.empty((users, 0), dtype=np.int32)
        slots = Slots(nothing.astype(np.int8), nothing, nothing.astype(np.int8), nothing, pa.array([], pa.string()))
        weights = torch.zeros(users, k, 0)
        evidence = slots.weighed(weights)
        return cls(evidence, choose(evidence, slots.filled, reasons=0, against=0), weights)
