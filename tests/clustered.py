"""A model with two user clusters and two item groups that can be worked out by hand, and data for it.

Six films: the first three are mostly of group 1, the others of group 2. A score is Σ_j Σ_g s_jg s_ig over the films j
that were taken, so that every film weighs s_jg s_ig through each group. A user's gate is the square of the mean of s
over what was taken, made to sum to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.clusters import clusters_and_groups, group_ids, memberships_of_users
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.ways import evidence_of_ways
from graphrec.models import Model, ModelConfig
from graphrec.models.saving import fit_id
from graphrec.schema import EdgeKind
from graphrec.tables import GraphTables
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.factors import Factors
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.recommender import FitContext

FILMS = ("alien", "blade", "dune", "emma", "fargo", "gigi")
TOOK = {
    "ann": ("alien", "blade"),
    "bob": ("alien", "blade", "dune"),
    "cid": ("blade", "dune"),
    "dot": ("alien", "dune", "emma"),
    "eve": ("emma", "fargo"),
    "fay": ("emma", "gigi"),
    "gus": ("fargo", "gigi", "dune"),
    "hal": ("emma", "fargo", "gigi"),
}
GENRES = {film: ("item.genre=space" if film in FILMS[:3] else "item.genre=drama",) for film in FILMS}
AGES = {user: ("user.age=young" if user in ("ann", "bob", "cid", "dot") else "user.age=old",) for user in TOOK}
ATTRIBUTES = {
    "item.genre=space": ("item", "genre"),
    "item.genre=drama": ("item", "genre"),
    "user.age=young": ("user", "age"),
    "user.age=old": ("user", "age"),
}


def films() -> Dataset:
    """Return eight users: four take films of space and four take drama, but for one film of dot and one of gus."""
    ratings = {user: dict.fromkeys(taken, 5.0) for user, taken in TOOK.items()}
    return build(ratings, FILMS, carried={**GENRES, **AGES}, attributes=ATTRIBUTES)


class ClusteredConfig(ModelConfig):
    """Settings: the first so many films are of group 1, the others of group 2, and so much."""

    first: int = 3
    second: float = 0.9


class Clustered(Model):
    """The model; what is learned are the groups of the films: .9 and .1, or .1 and .9."""

    name: ClassVar[str] = "clustered"
    Config = ClusteredConfig
    method: ClassVar[str] = "additive"
    effect_note: ClassVar[str] = "effect is null for groups and clusters, which cannot be removed"

    _groups: npt.NDArray[np.float32]

    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        del context
        first = np.arange(len(dataset.items)) < self.config.first
        self._groups = np.where(first[:, None], [0.9, 0.1], [1 - self.config.second, self.config.second]).astype(
            np.float32
        )
        return {}

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        whole = torch.from_numpy(profiles.items.pattern.csr() @ (self._groups @ self._groups.T))
        return whole if items is None else whole.gather(1, items)

    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        ways = [f"factor:{name}" for name in group_ids(fit_id(self), 2)]
        slots = evidence_of_ways(
            profiles.items, ways, torch.zeros(*items.shape, int(profiles.items.counts.max(initial=0)), 2)
        )
        groups = torch.from_numpy(self._groups)
        taken = torch.from_numpy(np.maximum(slots.nodes, 0)).long()
        through = torch.from_numpy(slots.vias).long()
        sent = groups[taken, through] * slots.filled
        return slots.weighed(sent[:, None] * groups[items].gather(2, through[:, None].expand(-1, items.shape[1], -1)))

    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        del profiles, scores
        groups = torch.from_numpy(self._groups)
        between = groups @ groups.T
        node = torch.from_numpy(np.maximum(evidence.nodes, 0)).long()[:, None].expand(-1, items.shape[1], -1)
        return between[node.gather(2, chosen.slots), items[:, :, None]]

    additive_measures = ("effect",)

    def factors(self, dataset: Dataset) -> Factors:
        everybody = profiles_of(dataset, np.full(len(dataset.users), -1, dtype=np.int32), np.arange(len(dataset.users)))
        return clusters_and_groups(fit_id(self), self.gates(everybody.items), self._groups, dataset)

    def user_memberships(self, profiles: Profiles, factors: Factors) -> npt.NDArray[np.float32]:
        return memberships_of_users(self.gates(profiles.items), profiles.items, factors)

    def gates(self, taken: Incidence) -> npt.NDArray[np.float32]:
        """Return π, float32 [B, 2]; zeros for who took nothing."""
        squares = (np.asarray(taken.pattern.csr() @ self._groups) / np.maximum(taken.counts, 1)[:, None]) ** 2
        gates: npt.NDArray[np.float32] = squares / np.maximum(squares.sum(axis=1, keepdims=True), 1e-9)
        return gates.astype(np.float32)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"groups": self._groups}

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._groups = np.asarray(arrays["groups"])


def films_graph() -> GraphTables:
    """Return the same films and users as ``films``, as a store holds them."""
    people, things = list(TOOK), list(FILMS)
    marks = {mark: mark.partition(".")[2].partition("=") for mark in ATTRIBUTES}
    attributes = {
        "id": list(marks),
        "name": [value for _, _, value in marks.values()],
        "owner": [owner for owner, _ in ATTRIBUTES.values()],
        "kind": [kind for kind, _, _ in marks.values()],
        "value": [value for _, _, value in marks.values()],
    }
    took = [(user, film) for user, films in TOOK.items() for film in films]
    edges = {
        "INTERACTED": ("User", "Item", took),
        "HAS_ATTRIBUTE": ("Item", "Attribute", [(film, mark) for film, owned in GENRES.items() for mark in owned]),
    }
    tables = {
        EdgeKind(name, source, target): pa.table({"from": [one for one, _ in rows], "to": [two for _, two in rows]})
        for name, (source, target, rows) in edges.items()
    }
    own = [(user, mark) for user, owned in AGES.items() for mark in owned]
    tables[EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")] = pa.table(
        {"from": [one for one, _ in own], "to": [two for _, two in own]}
    )
    interacted = EdgeKind("INTERACTED", "User", "Item")
    tables[interacted] = tables[interacted].append_column("weight", pa.array([1.0] * len(took)))
    nodes = {
        "User": pa.table({"id": people, "name": [user.capitalize() for user in people]}),
        "Item": pa.table({"id": things, "name": [film.capitalize() for film in things]}),
        "Attribute": pa.table(attributes),
    }
    return GraphTables(nodes, tables)
