"""InDGRM: an interpretable deep generative recommendation model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import torch
from typing_extensions import override

from graphrec.explaining.clusters import group_ids, memberships_of_users
from graphrec.explaining.evidence import Slots, history_slots, history_weights
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.indgrm.config import InDGRMConfig
from graphrec.models.indgrm.factors import factors_of, gates_of
from graphrec.models.indgrm.network import InDGRMNetwork
from graphrec.models.indgrm.reasons import history_weights_of
from graphrec.models.indgrm.scoring import Scorer
from graphrec.models.indgrm.switching import scores_with
from graphrec.models.indgrm.task import InDGRMTask
from graphrec.models.linear_path.path import LinearPath, require_linear_path
from graphrec.models.linear_switching import weighted_sums
from graphrec.models.model import Model
from graphrec.models.saving import fit_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.factors import Factors
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext

_NETWORK = "network."
"""What the names of the network's arrays begin with."""
_MAPPING = _NETWORK + "decoder.mapping.weight"


class InDGRM(Model):
    """A mixture over user clusters, a decoder over item groups: score_i = f_g(cos(h_i, z)/τ + o^(g) · z) + b_i.

    Source: Liu, Jing, Wen, Xu, Wang, Yu, Ng, "Interpretable Deep Generative Recommendation Models", JMLR 22, 2021: the
    mixture with stick-breaking weights, each component with variances of its own (3, 5: ``prior``), prototypes and
    groups (6, 7: ``groups``, ``triplets``), the sparse mapping of factors to groups (8: ``mapping``), the decoder (9:
    ``decoder``), the bound (10, 11: ``task``, ``objective``), the encoder (14: ``encoder``, ``components``), the gate
    (15, 16: ``gate``) and local variational optimisation (17: ``inner``). z, gate and mapping of a user come from what
    the user took, so that newcomers are scored like anybody else; scoring takes means and draws nothing.

    Weights (``reasons``) are exact parts of the score with the gate and the length of z held, each through the group of
    the taken item; they sum to the score less ``constants``. Effects are measured by scoring again without the item:
    number of items, gate and length follow; held effects leave them as they are. With ``linear_path``, what EASE adds
    for a taken item is in the same slot as the rest of it: an item speaks once, through its group.

    Choices and departures are settings (``InDGRMConfig``); ``AS_PRINTED`` takes all departures back.
    """

    name: ClassVar[str] = "indgrm"
    Config: ClassVar[type[ModelConfig]] = InDGRMConfig
    method: ClassVar[str] = "additive"
    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True
    effect_note: ClassVar[str] = (
        "effect is null for a user's only item: nothing remains to score without it; and for groups and clusters, "
        "which cannot be switched off"
    )

    _scorer: Scorer
    _linear: LinearPath | None
    _constants: torch.Tensor
    _ways: pa.Array | None

    # --- fitting

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        require_linear_path(dataset, context, self.config)
        task = InDGRMTask(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        self._take_up(task.network.cpu(), None)
        self._linear = LinearPath.fit(dataset, context, self.config, self._decoded)
        metrics |= self._sizes()
        return metrics if self._linear is None else {**metrics, **self._linear.metrics}

    def _sizes(self) -> dict[str, float]:
        """Return how many dimensions components keep, and which share of the links of O is left."""
        dimensions = self.dimensions()
        sizes = {"least_dimensions": float(min(dimensions)), "most_dimensions": float(max(dimensions))}
        mapping = self._scorer.network.decoder.mapping
        return sizes if mapping is None else {**sizes, "linked": mapping.share_of_links}

    def _take_up(self, network: InDGRMNetwork, linear: LinearPath | None) -> None:
        self._scorer = Scorer.of(network.requires_grad_(requires_grad=False))
        self._linear = linear
        self._constants = self._scorer.items.constants()
        self._ways = None

    # --- what the components and the mapping are

    def dimensions(self) -> list[int]:
        """Return how many dimensions each component keeps, one number for each of K (``pruning``)."""
        return [int(count) for count in self._scorer.kept.sum(dim=1)]

    @property
    def cluster_dimensions(self) -> tuple[int, ...]:
        """How many dimensions each user cluster keeps, by the cluster's ``index`` among the factors."""
        return tuple(self.dimensions())

    def pruned(self, below: float, *, relative: bool = True) -> Self:
        """Return the same fit, pruned at another limit.

        Args:
            below: dimensions of a component with a smaller λ are left out; 0 keeps all.
            relative: whether the limit is a share of the component's mean λ, else a number.
        """
        unit = "mean" if relative else "absolute"
        changed = {"prune_below": below, "prune_unit": unit}
        return self._copied(self.Config.read({**self.config.model_dump(), **changed}), self.arrays())

    def without_mapping(self) -> Self:
        """Return the same fit with O = 0, to see what it is good for."""
        arrays = self.arrays()
        zeros = {name: np.zeros_like(array) for name, array in arrays.items() if name == _MAPPING}
        return self._copied(self.config, {**arrays, **zeros})

    def mapping_of(self, profiles: Profiles) -> torch.Tensor:
        """Return o_u^(g) of B users, float32 [B, G, d]; zeros where O links nothing, or there is none."""
        scorer = self._scorer
        count = scorer.network.n_groups
        if scorer.mapping is None:
            return torch.zeros(len(profiles), count, self.config.embedding_size)
        every = torch.arange(count).expand(len(profiles), -1)
        return scorer.mapping.vectors(scorer.users(profiles.items).gates, every) * _has_input(profiles)[:, :, None]

    def cluster_mapping(self) -> torch.Tensor:
        """Return O^(k) of every cluster, float32 [K, G, d]: exact zeros where a cluster and a group are not linked."""
        mapping = self._scorer.mapping
        if mapping is None:
            return torch.zeros(self.config.clusters, self._scorer.network.n_groups, self.config.embedding_size)
        return mapping.weight.detach()

    def _copied(self, config: ModelConfig, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        copy = type(self)(config)
        copy.restore(arrays)
        copy.record = self.record
        return copy

    # --- scoring

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        scores = self._decoded(profiles, items)
        return scores if self._linear is None else scores + self._linear.scores(profiles.items, items)

    def _decoded(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return the scores without the linear path; zeros for a user without input."""
        return self._scorer.scores(self._scorer.users(profiles.items), items) * _has_input(profiles)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @property
    @override
    def constants(self) -> torch.Tensor:
        """f(0) + b of each item, float32 [items]."""
        return self._constants

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength (``switching``); arguments as for ``Model``."""
        return self._switched(slots, strengths, items, held=False)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with n, gate and length of z as with all inputs on (``switching``); the constants where all are off."""
        return self._switched(slots, strengths, items, held=True)

    def _switched(
        self, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
    ) -> torch.Tensor:
        exact = checked_strengths(strengths)
        scores = scores_with(self._scorer, slots, exact, items, held=held)
        if self._linear is None:
            return scores
        if items is None:
            return scores + weighted_sums(slots, exact, self._linear.weights)
        return scores + torch.bmm(exact, history_weights(slots, self._linear.weights, items).transpose(1, 2))

    # --- explaining

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self._through_groups(history_slots(profiles.items))
        weights = history_weights_of(self._scorer, slots, items)
        if self._linear is not None:
            weights = weights + history_weights(slots, self._linear.weights, items)
        return slots.weighed(weights)

    def _through_groups(self, slots: Slots) -> Slots:
        """Return the slots of taken items, each through its own group."""
        group = self._scorer.group
        if group is None:
            return slots
        if self._ways is None:
            names = group_ids(fit_id(self), self._scorer.network.n_groups)
            self._ways = pa.array([f"factor:{name}" for name in names], pa.string())
        vias = group.numpy()[np.maximum(slots.nodes, 0)].astype(np.int32)
        return Slots(slots.labels, slots.nodes, slots.grounds, vias, self._ways)

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return measured_effects(self, profiles, items, scores, evidence, chosen)

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure as ``Model`` says: the weights, where what they are parts of is linear with the divisors held."""
        if self.additive_measures:
            return chosen.weights
        return measured_effects(self, profiles, items, scores, evidence, chosen, held=True)

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        """Held effects, unless a network stands in the encoder or behind the fit of an item."""
        network = self._scorer.network
        is_linear = network.encoder.hidden_items is None and network.decoder.link.is_affine
        return ("held_effect",) if is_linear else ()

    @override
    def factors(self, dataset: Dataset) -> Factors:
        return factors_of(self._scorer, fit_id(self), dataset)

    @override
    def user_memberships(self, profiles: Profiles, factors: Factors) -> npt.NDArray[np.float32]:
        return memberships_of_users(gates_of(self._scorer, profiles.items), profiles.items, factors)

    # --- the latent space: graphrec.models.latent.LatentModel

    def user_latents(self, profiles: Profiles) -> torch.Tensor:
        """Return z of B users as scoring has it, float32 [B, d]; 0 for a user without input.

        Where O links clusters and groups, scores depend on the gate beside z: it stands behind z then, [B, d + K].
        """
        users = self._scorer.users(profiles.items)
        latents = torch.cat([users.latents, users.gates], dim=1) if self._scorer.mapping else users.latents
        return latents * _has_input(profiles)

    def scores_of_latents(self, latents: torch.Tensor) -> torch.Tensor:
        """Return what the decoder makes of any vectors as ``user_latents`` has them, [B, d or d + K]: [B, items]."""
        size = self.config.embedding_size
        return self._scorer.items.scores(latents[:, :size], latents[:, size:])

    def item_latents(self) -> torch.Tensor:
        """Return the vectors of items in the decoder, float32 [items, d]."""
        return self._scorer.items.vectors.clone()

    # --- what was learned

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        state = self._scorer.network.state_dict()
        linear = {} if self._linear is None else self._linear.arrays()
        return {**{_NETWORK + name: tensor.numpy() for name, tensor in state.items()}, **linear}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        state = {
            name.removeprefix(_NETWORK): torch.from_numpy(array)
            for name, array in arrays.items()
            if name.startswith(_NETWORK)
        }
        prototypes = state.get("prototypes.vectors")
        n_groups = 0 if prototypes is None else len(prototypes)
        with torch.random.fork_rng(devices=[]):
            network = InDGRMNetwork(len(state["decoder.items"]), n_groups, self.config)
        network.load_state_dict(state)
        self._take_up(network, LinearPath.restored(arrays))


def _has_input(profiles: Profiles) -> torch.Tensor:
    """Return [B, 1], whether each user took anything."""
    return torch.from_numpy(profiles.items.counts > 0)[:, None]
