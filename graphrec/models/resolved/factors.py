"""The factors of a fit as nodes of the graph: ids, names and memberships.

An item belongs to a factor of items by its affiliation (10), an entity to a factor of entities by (9). What flows
through them gives the others: an item belongs to a factor of entities by the mean over its entities, a user to a factor
by the mean over the items taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import torch

from graphrec.dataset.ids import IdMap
from graphrec.explaining.factors import Factors
from graphrec.explaining.naming import names_by_items
from graphrec.models.resolved.describing import ATTRIBUTES, GRAPH, Describing, linked
from graphrec.models.resolved.segments import mean_over

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.member import Member


def factor_ids(fit: str, shapes: Sequence[tuple[int, int, int]]) -> list[str]:
    """Return an id for each factor: member by member, factors of items first.

    Args:
        fit: id of the fit.
        shapes: C2, C1 and D of each member.
    """
    return [
        f"{fit}/{prefix}{kind}-{number + 1}"
        for member, (n_item_factors, n_entity_factors, _) in enumerate(shapes)
        for prefix in [f"member-{member + 1}/" if len(shapes) > 1 else ""]
        for kind, count in (("item", n_item_factors), ("entity", n_entity_factors))
        for number in range(count)
    ]


def factors_of(members: Sequence[Member], fit: str, dataset: Dataset, describing: Describing = GRAPH) -> Factors:
    """Return the factors of a fit with their names and members.

    Args:
        members: the networks.
        fit: id of the fit.
        dataset: in the model's numbering; its attributes and entities give names.
        describing: what stands for entities; nodes that describe no item are no members.
    """
    ids = factor_ids(fit, [member.shape for member in members])
    links = describing.of(dataset.links)
    items, entities = item_memberships(members, links), entity_memberships(members)
    if describing == ATTRIBUTES:  # those of users are attributes too
        entities = entities * linked(links)[:, None]
    kinds = [count for member in members for count in member.shape[:2]]
    groups = np.repeat(np.arange(len(kinds)), kinds)
    named = pa.array(names_by_items(items, groups, dataset), pa.string())
    numbered = IdMap.of(
        "Factor",
        ids,
        name=named,
        kind=pa.array(["factor"] * len(ids), pa.string()),
        index=pa.array(np.arange(len(ids)), pa.int64()),
    )
    return Factors(numbered, fit, {"Item": items, describing.label: entities})


def item_memberships(members: Sequence[Member], item_entities: Incidence) -> npt.NDArray[np.float32]:
    """Return the membership of each item in each factor, float32 [items, factors]."""
    parts = [
        part
        for member in members
        for part in (member.item_affiliation, mean_over(item_entities, member.entity_affiliation))
    ]
    belonging: npt.NDArray[np.float32] = torch.cat(parts, dim=1).numpy()
    return belonging


def entity_memberships(members: Sequence[Member]) -> npt.NDArray[np.float32]:
    """Return the membership of each entity in each factor, float32 [entities, factors]; 0 for factors of items."""
    parts = [
        part
        for member in members
        for part in (torch.zeros(len(member.entity_affiliation), member.shape[0]), member.entity_affiliation)
    ]
    belonging: npt.NDArray[np.float32] = torch.cat(parts, dim=1).numpy()
    return belonging


def user_memberships(taken: Incidence, of_items: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the membership of each user in each factor, the mean over the items taken, float32 [B, factors].

    Args:
        taken: B × items.
        of_items: as ``item_memberships`` returns it.
    """
    belonging: npt.NDArray[np.float32] = mean_over(taken, torch.from_numpy(of_items)).numpy()
    return belonging
