"""EASE: the baseline for every other model. Closed form, exactly additive, fitted in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.dataset.incidence import Incidence
from graphrec.explaining.dislikes import beside_dislikes
from graphrec.explaining.evidence import history_evidence, history_slots, history_weights
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.shared_values import ItemValues
from graphrec.explaining.ways import evidence_of_ways
from graphrec.models.additive_items import AdditiveItems
from graphrec.models.ease_config import EASEConfig
from graphrec.models.ease_parts import SharedValues
from graphrec.models.ease_weights import MAX_ITEMS, gram_of, precision_of
from graphrec.models.linear_switching import weighted_sums
from graphrec.models.pair_products import sums_over_taken
from graphrec.models.row_sums import row_sums
from graphrec.schema.property_graph import VIA_ENTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class EASE(AdditiveItems):
    """Item–item regression in closed form: B = I − P · diag(1 / diag P), P = (XᵀX + λI)⁻¹, score = x_u B.

    Source: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, equation 8. The collective form
    stacks attribute (and entity) rows under X, each row one value, scaled by the square root of its weight.

    The weight of taken item j for item i is B_ji; switching j off lowers the score by exactly as much, so that weight
    and effect are the same number. In the collective form it splits exactly (``ease_parts``): through
    ``attribute:KIND`` goes what the rows of shared values of that kind put in, through ``relation:entities`` likewise,
    and through ``self`` the rest, with what was shared at the time of the fit and is no longer. These are ways of a
    taken item and no inputs: users are scored by what they took, and there is no attribute to switch off, so that the
    effect stays that of the whole item.

    Explicit dislikes j, where the data has them, are inputs too, and no part of X: each adds −α B_ji with α the
    ``dislike_weight``, so that what people who took j take falls, and what they leave rises.
    """

    name: ClassVar[str] = "ease"
    Config: ClassVar[type[ModelConfig]] = EASEConfig
    most_items: ClassVar[int | None] = MAX_ITEMS

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        context.progress("inverting", 0, 1)
        kind = np.dtype(self.config.precision)
        gram = gram_of(dataset.positives.csr(kind))
        if self.config.attribute_weight:
            gram += self.config.attribute_weight * gram_of(dataset.item_attributes.csr(kind).T)
        if self.config.entity_weight:
            gram += self.config.entity_weight * gram_of(dataset.item_entities.csr(kind).T)
        precision = precision_of(gram, self.config.reg)
        self._weights = precision.weights()
        stacked = [
            (weight, links)
            for weight, links in (
                (self.config.attribute_weight, dataset.item_attributes),
                (self.config.entity_weight, dataset.item_entities),
            )
            if weight
        ]
        self._shared = SharedValues.of(precision.whole(), stacked) if stacked else None
        context.progress("inverting", 1, 1)
        return {}

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        scores = self._sums(profiles.items, items)
        if profiles.disliked.n_entries:
            scores -= self.config.dislike_weight * self._sums(profiles.disliked, items)
        return scores

    def _sums(self, taken: Incidence, items: torch.Tensor | None) -> torch.Tensor:
        """Return Σ_j B_ji over the items j of each user, for all items i or for those named."""
        return row_sums(taken, self._weights) if items is None else sums_over_taken(taken, self._weights, items)

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        if self._shared is None:
            return super().evidence(profiles, items, attribution)
        self.unit_of(attribution)
        whole = history_evidence(profiles.items, self._weights, items)
        names, group = self._ways()
        parts = torch.from_numpy(self._shared.parts(profiles.items, self._weights, items.numpy(), group))
        now = self._carried_now(profiles, [names[1 + part] for part in group])
        shared = now.shared(history_slots(profiles.items).nodes, items.numpy())
        parts = parts.masked_fill(~torch.from_numpy(shared), 0.0)
        rest = whole.weights - parts.sum(dim=3)
        liked = evidence_of_ways(profiles.items, names, torch.cat([rest[..., None], parts], dim=3))
        if not profiles.disliked.n_entries:
            return liked
        disliked = history_evidence(profiles.disliked, self._weights, items).weights
        return beside_dislikes(liked, profiles, -self.config.dislike_weight * disliked)

    @override
    def weights_between(self, slots: Slots, items: torch.Tensor) -> torch.Tensor:
        return history_weights(slots, self._weights, items)

    @override
    def sums_of_weights(self, slots: Slots, strengths: torch.Tensor) -> torch.Tensor:
        return weighted_sums(slots, strengths, self._weights)

    def _carried_now(self, profiles: Profiles, part_of_value: list[str]) -> ItemValues:
        """Return what items carry in the data as they are: since the fit, a value may have gone from an item."""
        carried = [profiles.item_attributes] if self.config.attribute_weight else []
        carried += [profiles.item_entities] if self.config.entity_weight else []
        return ItemValues.of(Incidence.beside(carried), part_of_value)

    def _ways(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """Return the ways of a taken item's weight, the rest first; and which of them each stacked value is."""
        kinds: list[str] = []
        group = np.empty(0, dtype=np.int64)
        if self.config.attribute_weight:
            kind_of_value = np.asarray(self.record.nodes["Attribute"].columns["kind"].to_pylist(), dtype=str)
            found, group = np.unique(kind_of_value, return_inverse=True)
            kinds = found.tolist()
        names = ["self", *(f"attribute:{kind}" for kind in kinds)]
        if self.config.entity_weight:
            group = np.append(group, np.full(len(self.record.nodes["Entity"]), len(kinds)))
            names.append(VIA_ENTITIES)
        return names, group

    @override
    def effects(
        self,
        profiles: Profiles,
        items: torch.Tensor,
        scores: torch.Tensor,
        evidence: Evidence,
        chosen: ChosenReasons,
    ) -> torch.Tensor:
        if self._shared is None:
            return chosen.weights
        return self.slot_weights(evidence, items).gather(2, chosen.slots)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"item_weights": self._weights} | ({} if self._shared is None else self._shared.arrays())

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._weights = np.asarray(arrays["item_weights"], dtype=np.float32)
        self._shared = SharedValues.restored(arrays)
