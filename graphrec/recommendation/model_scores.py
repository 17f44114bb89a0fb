"""The scores of one person by any model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.explaining.input_matching import slots_of_nodes
from graphrec.recommendation.one_person import Scored, Used
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.factors import Factors
    from graphrec.models.model import Model

_ITEM, _ATTRIBUTE, _FEATURE = (EVIDENCE_LABELS.index(label) for label in ("Item", "Attribute", "Feature"))


@dataclass(frozen=True, eq=False)
class ModelScores:
    """A fitted model that scores one person; an ``OnePerson``.

    Attributes:
        model: fitted.
        factors: of the fit.
    """

    model: Model
    factors: Factors

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.model.name

    def inputs(self, profile: Profiles) -> Used:
        """Return what the model uses of a person."""
        slots = self.model.inputs(profile)
        return Used(*(slots.nodes[slots.labels == label] for label in (_ITEM, _ATTRIBUTE, _FEATURE)))

    def scores(self, profile: Profiles) -> Scored:
        """Return the scores of a person."""
        (inputs,) = self.model.count_inputs(profile)
        return Scored(int(inputs), self.model.score(profile).numpy()[0] if inputs else None)

    def scores_without(
        self, profile: Profiles, items: npt.NDArray[np.int32], attributes: npt.NDArray[np.int64]
    ) -> Scored:
        """Return the scores with these inputs switched off by ``score_with``, and nothing else."""
        slots = self.model.inputs(profile)
        strengths = slots.filled
        for label, nodes in (("Item", items), ("Attribute", attributes)):
            off = slots_of_nodes(slots, label, np.zeros(len(nodes), dtype=np.int64), nodes)
            strengths[0, torch.from_numpy(off[off >= 0])] = False
        if not strengths.any():
            return Scored(0, None)
        scores: npt.NDArray[np.float32] = self.model.score_with(profile, slots, strengths[:, None, :])[0, 0].numpy()
        return Scored(int(strengths.sum()), scores)
