"""The graph model with resolved representations."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
import torch
from typing_extensions import override

from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.ensemble import Ensemble, by_member, numbered
from graphrec.models.resolved.attribution import importances, responsibilities
from graphrec.models.resolved.config import ResolvedConfig
from graphrec.models.resolved.describing import ATTRIBUTES, GRAPH, Describing
from graphrec.models.resolved.evidence_slots import evidence_slots
from graphrec.models.resolved.factors import factor_ids, factors_of, user_memberships
from graphrec.models.resolved.input_strengths import scores_with
from graphrec.models.resolved.inputs import Inputs
from graphrec.models.resolved.member import Member
from graphrec.models.resolved.network import ResolvedNetwork
from graphrec.models.resolved.task import ResolvedTask
from graphrec.models.saving import fit_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.factors import Factors
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext

    Weighing = Callable[[Member, Inputs, Incidence, torch.Tensor], torch.Tensor]


_BY_ATTRIBUTES = "by_attributes"
"""Name of the array that says that attributes stand for entities."""
_FURTHER = {"importance": importances}


class Resolved(Ensemble):
    """Users – items – entities, resolved by source and by factor: each part of a representation has one origin.

    Source: Liu, Ge, Li, Hu, Chen, Choi, "Explainable Recommender Systems via Resolving Learning Representations",
    CIKM 2020. A user has a segment for each factor of items and of entities (``segments``, 3 to 12); an item's score is
    the logarithm of what stands in the decoder (13) (``decoder``); the bound (14) is trained (``objective``). Scores
    come from what a user took, so that new users need no retraining. Weights are responsibilities, which sum to the
    score (``attribution``); the further way ``importance`` gives those of appendix A.1. Effects are measured by scoring
    again (``input_strengths``) with the whole node switched off, so that a node has one effect, the same under each
    of the factors it came through. Every mean over |N_u| and |N_t|, and the length in a cosine, follows what is on;
    held effects leave them as they are. The logarithm of (13) keeps even these from adding up exactly.

    Choices where the paper leaves room, beside those that the named modules state: entities are those of HAS_ENTITY,
    whatever the relation, each pair once, and facts between items are left out, since the paper's graph has none; the
    decoder's dictionary is free, so that the divergence is of the users' segments alone; the bound is averaged over
    interactions, with the divergence in each, as (14) has it; Adam with an L2 penalty; the best epoch by ``metric`` on
    the validation part is kept, and training stops ``patience`` epochs after it.

    Without a knowledge graph, the attributes of items stand for entities: a setting (``entities``). Reasons then are
    attributes of taken items, through the factors that entities would have.

    Departures are settings (``ResolvedConfig``); ``AS_PRINTED`` takes all of them back. Several members rank by the
    mean of their log-probabilities, and so by that of their scores; reasons are the members' mean, each through factors
    of its own.
    """

    name: ClassVar[str] = "resolved"
    Config: ClassVar[type[ModelConfig]] = ResolvedConfig
    method: ClassVar[str] = "responsibility"
    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True
    attributions: ClassVar[Mapping[str, str]] = MappingProxyType({"importance": "affiliation"})
    effect_note: ClassVar[str] = (
        "effect is null for a factor, which cannot be switched off, and for a user's only input: nothing remains to "
        "score without it"
    )

    _learned: dict[str, npt.NDArray[Any]]
    _members: list[Member]
    _named: pa.Array | None
    _describing: Describing

    # --- fitting

    @override
    def training_task(self, config: Any, dataset: Dataset, context: FitContext) -> ResolvedTask:
        return ResolvedTask(dataset, config, context)

    @override
    def arrays_of(self, task: ResolvedTask) -> dict[str, npt.NDArray[Any]]:
        return numbered([{name: tensor.numpy() for name, tensor in task.inference_arrays().items()}])

    @classmethod
    @override
    def joined(cls, parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
        return numbered([member for arrays in parts for member in by_member(arrays)])

    # --- scoring

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        scores = [member.scores(profiles.items, self._described(profiles), items) for member in self._members]
        return torch.stack(scores).mean(dim=0)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return self._inputs(profiles).sizes

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        return self._inputs(profiles).slots()

    @override
    def score_with(
        self,
        profiles: Profiles,
        slots: Slots,
        strengths: torch.Tensor,
        items: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Score with inputs at any strength (``input_strengths``); arguments as for ``Model``."""
        return self._switched(profiles, strengths, items, held=False)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with counts, lengths and segments as they are with all inputs on (``input_strengths``)."""
        return self._switched(profiles, strengths, items, held=True)

    def _switched(
        self, profiles: Profiles, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
    ) -> torch.Tensor:
        """Return the members' mean score with inputs at any strength, [B, M, k] or [B, M, items]."""
        inputs, exact, linked = self._inputs(profiles), checked_strengths(strengths), self._described(profiles)
        scores = [scores_with(member, inputs, linked, exact, items, held=held) for member in self._members]
        return torch.stack(scores).mean(dim=0)

    def _inputs(self, profiles: Profiles) -> Inputs:
        return Inputs.of(profiles.items, self._described(profiles), self._describing)

    def _described(self, profiles: Profiles) -> Incidence:
        """Return items × entities, or × the attributes that stand for them."""
        return self._describing.of(profiles.links)

    # --- explaining

    @property
    @override
    def data_note(self) -> str:
        if self._describing == ATTRIBUTES:
            return "Attributes of items stand for entities."
        if self._members[0].shape[1]:
            return ""
        return (
            "The data has no entities, so that reasons are taken items alone. Load a knowledge graph, or attributes of "
            "items, which stand for entities with entities=auto."
        )

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        weigh: Weighing = _FURTHER.get(attribution, responsibilities)
        inputs = self._inputs(profiles)
        slots = evidence_slots(inputs, [member.shape for member in self._members], self._factor_ids)
        weights = [weigh(member, inputs, self._described(profiles), items) for member in self._members]
        return slots.weighed(torch.cat(weights, dim=2) / len(weights))

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return measured_effects(self, profiles, items, scores, evidence, chosen)

    @property
    def _factor_ids(self) -> pa.Array:
        """Ids of the factors, member by member."""
        if self._named is None:
            self._named = pa.array(factor_ids(fit_id(self), [member.shape for member in self._members]))
        return self._named

    @override
    def factors(self, dataset: Dataset) -> Factors:
        return factors_of(self._members, fit_id(self), dataset, self._describing)

    @override
    def user_memberships(self, profiles: Profiles, factors: Factors) -> npt.NDArray[np.float32]:
        return user_memberships(profiles.items, factors.members["Item"])

    # --- what was learned

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return dict(self._learned)

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._learned = dict(arrays)
        self._members = [self._member(member) for member in by_member(arrays)]
        self._named = None
        self._describing = ATTRIBUTES if f"0.{_BY_ATTRIBUTES}" in arrays else GRAPH

    def _member(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Member:
        network = ResolvedNetwork(len(arrays["items"]), len(arrays["entities"]), self.config)
        learned = {name: torch.from_numpy(array) for name, array in arrays.items() if name != _BY_ATTRIBUTES}
        network.load_state_dict({"entity_layers": network.entity_layers} | learned)
        return Member(network, self.config)
