"""eRAN: recommendations by attribute networks, explained by taken items and the attributes they are near through."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.errors import UsageError
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.shared_values import ItemValues
from graphrec.explaining.strengths import checked_strengths, input_nodes
from graphrec.explaining.ways import evidence_of_ways, shared_and_near
from graphrec.models.ensemble import Ensemble, by_member, numbered, seed_of_member
from graphrec.models.eran.config import ERANConfig
from graphrec.models.eran.member import Member
from graphrec.models.eran.reasons import nearness, parts_of_scores, scores_without
from graphrec.models.eran.task import ERANTask
from graphrec.sampling.attribute_networks import CO_TAKEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext

_DISTANCE = "is_distance"
"""Name of the array that says which form a member has."""
NEAREST = "nearest"
"""Name of the paper's own way to choose a reason."""
OVERLAP = "overlap"
"""Name of a way that looks at the attributes alone."""


class ERAN(Ensemble):
    """Items near to what a user took, in networks of items that share an attribute and were taken together.

    Source: "Explainable Recommendation based on Attribute Networks" (eRAN). For each kind k of attribute, the network
    has an edge between two items that a user took together and that share a value of k. A tower makes a vector h_i^k of
    an item's row in it (``towers``); attention says which networks matter of an item to a user (5, 6; ``items``); a
    history scores an item by products within the networks, or by the paper's distances (``scoring``). Newcomers are
    scored by their history like everybody, and items that nobody took through their attributes.

    A reason is a taken item j with what it brings through one network (``reasons``): ``attribute:KIND`` where both
    items carry the same value of the kind, ``neighbours:KIND`` where they are near through the network without. Weights
    are in the unit of the score, and sum to it less the item's bias (``constants``), its popularity. In the form of
    distance, nearly all are positive: hardly any taken item opposes. The way ``nearest`` gives the paper's choice: the
    taken item at the least distance, through the network of the largest attention. The way ``overlap`` asks no model: a
    taken item has 1 through each kind of which it shares a value.

    A score is divided by √n, and attention follows the history, so that effects are measured by scoring again; where
    attention does not follow it (``even``, or ``learned`` for each user), they have a closed form. Held, with n and
    attention as they are, an item takes away its weights alone.

    Departures from the paper are settings (``ERANConfig``); ``AS_PRINTED`` takes them back, but for two: the printed
    loss (11) has no lower bound, and BPR is in its place (``objective``); the scores (13) are divided by √n and one
    number is added for each user (``scoring``), which changes no ranking.
    """

    name: ClassVar[str] = "eran"
    Config: ClassVar[type[ModelConfig]] = ERANConfig
    method: ClassVar[str] = "attribute-networks"
    attributions: ClassVar[Mapping[str, str]] = MappingProxyType({NEAREST: "attention", OVERLAP: "affiliation"})
    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True
    effect_note: ClassVar[str] = "effect is null for a user's only input: nothing remains to score without it"

    # --- training

    @override
    def member_configs(self) -> list[Any]:
        """Return the settings of each network: ``members`` seeds of each form."""
        config = self.config
        return [
            config.model_copy(update={"forms": form, "seed": seed_of_member(config.seed, member)})
            for form in config.form_list
            for member in range(config.members)
        ]

    @override
    def training_task(self, config: Any, dataset: Dataset, context: FitContext) -> ERANTask:
        return ERANTask(dataset, config, context)

    @override
    def arrays_of(self, task: ERANTask) -> dict[str, npt.NDArray[Any]]:
        is_distance = np.array([task.config.forms == "distance"], dtype=np.uint8)
        return numbered([{**task.member().arrays(), _DISTANCE: is_distance}])

    @classmethod
    @override
    def joined(cls, parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of all members, numbered on; those of one part may be several."""
        return numbered([arrays for part in parts for arrays in by_member(part)])

    # --- scores

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        return self._mean([member.scores(profiles.items, profiles.known, items) for member in self._members])

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with items at any strength s_j; arguments as for ``Model``.

        Every sum over the history is weighted with s_j, and n is Σ_j s_j; of (14) an item is on above 0. Where all
        strengths are 0 the score is 0.
        """
        exact = checked_strengths(strengths)
        whole = self._scores_with(profiles, slots, exact, items, held=False)
        return whole * (exact.sum(dim=2) > 0)[:, :, None]

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with n and attention as with all items on; an item's bias where all are off."""
        return self._scores_with(profiles, slots, checked_strengths(strengths), items, held=True)

    def _scores_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
    ) -> torch.Tensor:
        nodes, all_on = input_nodes(slots), slots.filled.float() if held else None
        return self._mean(
            [member.scores_with(nodes, strengths, profiles.known, items, all_on) for member in self._members]
        )

    @property
    @override
    def constants(self) -> torch.Tensor:
        return self._mean([member.bias for member in self._members])

    # --- reasons

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = history_slots(profiles.items)
        values = self._values(profiles)
        kinds = [kind for kind in self.networks if kind != CO_TAKEN]
        shared = values.shared(slots.nodes, items.numpy())[..., [values.kinds.index(kind) for kind in kinds]]
        if attribution == OVERLAP:
            weights = torch.zeros(*shared.shape[:3], len(self.networks))
            weights[..., : len(kinds)] = torch.from_numpy(shared).float()
        else:
            weigh = nearness if attribution == NEAREST else parts_of_scores
            weights = self._mean([weigh(member, *_asked(profiles, items)) for member in self._members])
        ways, apart = shared_and_near(kinds, weights[..., : len(kinds)], shared)
        if self.config.all_pairs:
            ways, apart = [*ways, CO_TAKEN], torch.cat([apart, weights[..., len(kinds) :]], dim=3)
        return evidence_of_ways(profiles.items, ways, apart)

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        if self._follows_history or self.config.cold == "minimum":
            return measured_effects(self, profiles, items, scores, evidence, chosen)
        return self._in_closed_form(profiles, items, scores, chosen)

    def _in_closed_form(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Return effects where attention stays: √n · Σ_j w_j = (score − b) √n loses w_j √n, and √(n − 1) divides."""
        weights = self._whole_weights(profiles, items, chosen)
        parts = (scores - self.constants[items])[:, :, None]
        n = torch.from_numpy(profiles.items.counts).float()[:, None, None]
        effects = parts - (parts - weights) * (n / (n - 1).clamp(min=1)).sqrt()
        return effects.masked_fill(n < 2, float("nan"))

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        if self.config.cold == "minimum":
            return measured_effects(self, profiles, items, scores, evidence, chosen, held=True)
        return self._whole_weights(profiles, items, chosen)

    def _whole_weights(self, profiles: Profiles, items: torch.Tensor, chosen: ChosenReasons) -> torch.Tensor:
        """Return the weight of the chosen items over all ways that they came through, [B, k, R]."""
        asked = _asked(profiles, items)
        weights = self._mean([parts_of_scores(member, *asked).sum(dim=3) for member in self._members])
        return weights.gather(2, chosen.slots % max(weights.shape[2], 1))

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return () if self.config.cold == "minimum" else ("held_effect",)

    # --- networks

    @property
    def networks(self) -> tuple[str, ...]:
        """The kinds of attributes, a network each."""
        return self._kinds

    def attention(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return ã of B users for k items each, float32 [B, k, K]: how much each network matters.

        Args:
            profiles: of B users.
            items: int64 [B, k].
        """
        return self._mean([member.attention(profiles.items, profiles.known, items) for member in self._members])

    def score_without_network(self, profiles: Profiles, items: torch.Tensor, kind: str) -> torch.Tensor:
        """Score k items of B users with everything that comes through one network taken away, float32 [B, k].

        Attention to the other networks stays as it is.

        Args:
            profiles: of B users.
            items: int64 [B, k].
            kind: one of ``networks``.

        Raises:
            UsageError: there is no such network.
        """
        if kind not in self.networks:
            raise UsageError(f"the model has no network {kind!r}", remedy=f"It has {', '.join(self.networks)}")
        place = self.networks.index(kind)
        asked = _asked(profiles, items)
        return self._mean([scores_without(member, place, *asked) for member in self._members])

    def user_vectors(self, profiles: Profiles) -> torch.Tensor:
        """Return z of B users, float32 [B, d], those of all members side by side.

        Raises:
            UsageError: attention is even, so that users have no vectors.
        """
        found = [member.histories(profiles.items, profiles.known).users for member in self._members]
        vectors = [users[:, 0] for users in found if users is not None]
        if not vectors:
            raise UsageError("attention is even, so that users have no vectors", remedy="Train with attention=learned")
        return torch.cat(vectors, dim=1)

    # --- what was learned

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return numbered(
            [{**member.arrays(), _DISTANCE: np.array([member.is_distance], dtype=np.uint8)} for member in self._members]
        )

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._members = [
            Member.restored(
                part, self.config.model_copy(update={"forms": "distance" if part[_DISTANCE][0] else "networks"})
            )
            for part in by_member(arrays)
        ]
        self._kept_values: tuple[Incidence, ItemValues] | None = None

    @property
    def _kinds(self) -> tuple[str, ...]:
        kinds = self.record.attributes.columns["kind"]
        return tuple(kinds[int(place)].as_py() if place >= 0 else CO_TAKEN for place in self._members[0].kinds)

    @property
    def _follows_history(self) -> bool:
        """Whether attention depends on what was taken."""
        return bool(self.config.attention == "learned" and self.config.user_vectors == "history")

    def _values(self, profiles: Profiles) -> ItemValues:
        """Return what items carry, made ready once for all batches of the same data."""
        carried = profiles.item_attributes
        if self._kept_values is None or self._kept_values[0] is not carried:
            kinds = self.record.attributes.columns["kind"].to_pylist()
            owners = self.record.attributes.columns["owner"].to_pylist()
            named = [kind if owner == "item" else "" for kind, owner in zip(kinds, owners, strict=True)]
            self._kept_values = carried, ItemValues.of(carried, named)
        return self._kept_values[1]

    @staticmethod
    def _mean(parts: list[torch.Tensor]) -> torch.Tensor:
        return parts[0] if len(parts) == 1 else torch.stack(parts).mean(dim=0)


def _asked(
    profiles: Profiles, items: torch.Tensor
) -> tuple[Incidence, npt.NDArray[np.int32], torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return what the parts of scores are asked with: taken items, rows of users, padded items, which are filled."""
    slots = history_slots(profiles.items)
    return profiles.items, profiles.known, input_nodes(slots), slots.filled, items
