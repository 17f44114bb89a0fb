"""RecoNet: recommendations from the mean of a user's features, with exact relevances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch
from typing_extensions import override

from graphrec.explaining.evidence import Slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.ensemble import Ensemble
from graphrec.models.pair_products import pair_products
from graphrec.models.reconet.config import RecoNetConfig
from graphrec.models.reconet.features import FeatureSets
from graphrec.models.reconet.item_products import ItemProducts
from graphrec.models.reconet.members import joined_members
from graphrec.models.reconet.network import pooled_mean
from graphrec.models.reconet.relevance import (
    directions,
    effects_by_scoring_again,
    effects_in_closed_form,
    relevances,
    shapley_in_closed_form,
)
from graphrec.models.reconet.task import RecoNetTask
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext

_VIAS = ("self", "profile")


class RecoNet(Ensemble):
    """The mean of the vectors of FS_u, x_u = Q I_u / |FS_u|, mapped to scores of all items, ŷ = W x_u (4.1).

    FS_u holds what the user took, the attributes of those items, and the user's own attributes; a user is nothing but
    this set. So a new user is scored without retraining, and one who took nothing is scored by attributes alone.
    With ``hidden_size`` the scores are W ReLU(V x_u), the paper's "RecoNet + Layer".

    Source: Fusco, Vlachos, Vasileiadis, Wardatzky, Schneider, "RecoNet: An Interpretable Neural Architecture for
    Recommender Systems", IJCAI 2019. Training examples: ``examples``; relevances and effects: ``relevance``.

    Choices where the paper leaves room: neither W nor V has a bias, so that relevances sum to the score; AdamW; with a
    validation part, training stops early by ``metric``. Weights are relevances in the unit of the score (a logit).
    The effect of an input is closed-form in the linear model and measured by scoring again with a layer. Held, with
    |FS_u| as it is, an input takes its own vector alone away, x = Σ_k s_k q_k / |FS_u|: in the linear model its weight,
    and of a user's only input the whole score, with a layer too.
    """

    name: ClassVar[str] = "reconet"
    Config: ClassVar[type[ModelConfig]] = RecoNetConfig
    method: ClassVar[str] = "lrp"
    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True
    effect_note: ClassVar[str] = "effect is null for a user's only input: nothing remains to score without it"

    @override
    def training_task(self, config: Any, dataset: Dataset, context: FitContext) -> RecoNetTask:
        return RecoNetTask(dataset, config, context)

    @override
    def arrays_of(self, task: RecoNetTask) -> dict[str, npt.NDArray[Any]]:
        return {name: tensor.cpu().numpy() for name, tensor in task.network.state_dict().items()}

    @classmethod
    @override
    def joined(cls, parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
        return joined_members(parts)

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        pooled = self._pooled(FeatureSets.of(profiles, self.config))
        hidden = pooled if self._hidden is None else torch.relu(pooled @ self._hidden.T)
        return hidden @ self._output.T if items is None else pair_products(hidden, self._output, items)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return FeatureSets.of(profiles, self.config).sizes

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        sets = FeatureSets.of(profiles, self.config)
        slots = sets.padded(fill=len(self._features) - 1)
        return self._slots(sets, slots).weighed(self._relevances(sets, slots, items))

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        sets = FeatureSets.of(profiles, self.config)
        return self._slots(sets, sets.padded(fill=len(self._features) - 1))

    @override
    def score_with(
        self,
        profiles: Profiles,
        slots: Slots,
        strengths: torch.Tensor,
        items: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Score with inputs at any strength; arguments as for ``Model``.

        The mean of the inputs is weighted, x = Σ_k s_k q_k / Σ_k s_k, and goes on through the layer where there is one.
        Halving all strengths alike changes nothing; where all are 0 the score is 0.
        """
        exact = checked_strengths(strengths)
        total = exact.sum(dim=2, keepdim=True)
        return self._scores_of_means(slots, exact, torch.where(total > 0, total, torch.ones_like(total)), items)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with x = Σ_k s_k q_k / |FS_u|, linear in the strengths but for a layer; 0 where all are 0."""
        sizes = slots.filled.sum(dim=1).clamp(min=1)[:, None, None]
        return self._scores_of_means(slots, checked_strengths(strengths), sizes, items)

    def _scores_of_means(
        self, slots: Slots, strengths: torch.Tensor, divisors: torch.Tensor, items: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the scores of x = Σ_k s_k q_k / divisor, for divisors that broadcast to [B, M, 1]."""
        pooled = torch.bmm(strengths, self._features[self._feature_of(slots)]) / divisors
        hidden = pooled if self._hidden is None else torch.relu(pooled @ self._hidden.T)
        return hidden @ self._output.T if items is None else torch.bmm(hidden, self._output[items].transpose(1, 2))

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        if self._hidden is None:
            return effects_in_closed_form(chosen.weights, scores, self._sizes(profiles))
        return self._measured_with_layer(profiles, items, scores, evidence, chosen, self._hidden)

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        if self._hidden is None:
            return chosen.weights
        return self._measured_with_layer(profiles, items, scores, evidence, chosen, self._hidden, held=True)

    def _measured_with_layer(
        self,
        profiles: Profiles,
        items: torch.Tensor,
        scores: torch.Tensor,
        evidence: Evidence,
        chosen: ChosenReasons,
        hidden: torch.Tensor,
        *,
        held: bool = False,
    ) -> torch.Tensor:
        """Return effects, held ones or not, of the model with the layer V; arguments as for ``effects``."""
        features = self._feature_of(evidence)
        rows = torch.arange(len(features))[:, None, None]
        removed = self._features[features[rows, chosen.slots]]
        pooled, sizes = self._pooled(FeatureSets.of(profiles, self.config)), self._sizes(profiles)
        return effects_by_scoring_again(items, self._output, hidden, pooled, removed, sizes, scores, held=held)

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("held_effect",) if self._hidden is None else ()

    @property
    @override
    def has_exact_shapley(self) -> bool:
        return self._hidden is None

    @override
    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor | None:
        """Return the Shapley values of the linear model (``relevance``), float32 [B, k, n]; None with a layer."""
        if self._hidden is not None:
            return None
        sets = FeatureSets.of(profiles, self.config)
        weights = self._relevances(sets, sets.padded(fill=len(self._features) - 1), items)
        return shapley_in_closed_form(weights, self._sizes(profiles))

    def _relevances(self, sets: FeatureSets, slots: npt.NDArray[np.int64], items: torch.Tensor) -> torch.Tensor:
        """Return the relevances of padded features [B, n] for items [B, k], float32 [B, k, n]."""
        places, sizes = torch.from_numpy(slots), torch.from_numpy(sets.sizes.astype(np.float32))
        if self._hidden is None and self._products.pay_off(items, places):
            return self._products.relevances(items, places, sizes)
        towards = directions(items, self._output, self._pooled(sets), self._hidden)
        return relevances(towards, self._features, places, sizes)

    def _sizes(self, profiles: Profiles) -> torch.Tensor:
        """Return |FS_u|, float32 [B]."""
        return torch.from_numpy(self.count_inputs(profiles).astype(np.float32))

    def _pooled(self, sets: FeatureSets) -> torch.Tensor:
        return pooled_mean(sets, self._features)

    def _feature_of(self, slots: Slots) -> torch.Tensor:
        """Return the feature in each slot, int64 [B, n]; padding gives the row of zeros."""
        shift = np.where(slots.labels == EVIDENCE_LABELS.index("Attribute"), len(self._output), 0)
        return torch.from_numpy(np.where(slots.labels < 0, len(self._features) - 1, slots.nodes + shift))

    def _slots(self, sets: FeatureSets, slots: npt.NDArray[np.int64]) -> Slots:
        """Return the slots: node, ground and via of each."""
        place = np.arange(slots.shape[1])[None, :]
        from_items = sets.items.counts[:, None]
        from_attributes = from_items + sets.item_attributes.counts[:, None]
        item, carried, padding = place < from_items, place < from_attributes, place >= sets.sizes[:, None]
        kinds = pc.dictionary_encode(self.record.attributes.columns["kind"])
        kind_of = np.append(np.asarray(kinds.indices, dtype=np.int32), -1) + len(_VIAS)
        nodes = np.where(item, slots, slots - len(self._output)).astype(np.int32)
        label = np.where(item, EVIDENCE_LABELS.index("Item"), EVIDENCE_LABELS.index("Attribute"))
        ground = np.where(carried, GROUNDS.index("item_attribute"), GROUNDS.index("profile"))
        via = np.where(carried, kind_of[np.where(item | padding, -1, nodes)], _VIAS.index("profile"))
        return Slots(
            labels=np.where(padding, -1, label).astype(np.int8),
            nodes=np.where(padding, -1, nodes),
            grounds=np.where(item, GROUNDS.index("history"), ground).astype(np.int8),
            vias=np.where(item, _VIAS.index("self"), via).astype(np.int32),
            via_names=pa.concat_arrays(
                [pa.array(_VIAS), pc.binary_join_element_wise("attribute", kinds.dictionary.cast(pa.string()), ":")]
            ),
        )

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        arrays = {"features": self._features[:-1], "hidden": self._hidden, "output": self._output}
        return {name: tensor.numpy() for name, tensor in arrays.items() if tensor is not None}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._features = torch.nn.functional.pad(torch.from_numpy(arrays["features"]), (0, 0, 0, 1))
        """Q and one row of zeros more, the vector of padding."""
        self._hidden = torch.from_numpy(arrays["hidden"]) if "hidden" in arrays else None
        self._output = torch.from_numpy(arrays["output"])
        self._products = ItemProducts(self._output, self._features)
