"""Groups of items of the catalogue, whoever took them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.explainers.groups.communities import community_names, community_of_items
from graphrec.explaining.factors import NO_FACTORS
from graphrec.explaining.group_texts import group_ids
from graphrec.explaining.input_groups import items_by_group
from graphrec.schema.property_graph import USER_CLUSTER
from graphrec.tables.ids import attribute_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.ids import IdMap
    from graphrec.explainers.groups.config import GroupsConfig
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.factors import Factors


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups of items, which may overlap.

    Attributes:
        items: items × groups.
        ids: string array, typed, such as ``attribute:item.genre=Horror``.
        names: string array, as a person reads it, such as ``genre Horror``.
        attributes: int32 [groups], the attribute that the group is named after; −1 for other groups.
    """

    items: Incidence
    ids: pa.Array
    names: pa.Array
    attributes: npt.NDArray[np.int32]

    def may_show(self, shown: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return bool [groups]: those that are not named after an attribute that must not be shown.

        Args:
            shown: bool [attributes].
        """
        is_named = self.attributes >= 0
        may = np.ones(len(self.attributes), dtype=np.bool_)
        may[is_named] = shown[self.attributes[is_named]]
        return may


def grouping_of(config: GroupsConfig, model: Explainable, dataset: Dataset) -> Grouping:
    """Return the groups that the settings ask for.

    Args:
        config: the settings.
        model: fitted; it has the factors.
        dataset: in the model's numbering.

    Raises:
        UsageError: the data or the model has nothing to group by.
        UnknownIdError: a list names an item that is not there.
    """
    parts = []
    for kind, named in config.kinds:
        if kind == "attribute":
            parts.append(_by_attribute(dataset, named))
        elif kind == "entity":
            parts.append(_by_entity(dataset, named))
        elif kind == "factor":
            parts.append(_by_factor(model.factors(dataset), model.name, config.belonging))
        elif kind == "community":
            parts.append(_by_community(dataset, config.seed))
        else:
            parts.append(_by_list(dataset.items, config.lists))
    return _joined(parts)


def _by_attribute(dataset: Dataset, kind: str) -> Grouping:
    attributes, carried = dataset.attributes, items_by_group("item_attribute", dataset.links, NO_FACTORS)
    kinds = np.asarray(attributes.columns["kind"].to_pylist(), dtype=object)
    is_carried = np.bincount(carried.indices, minlength=len(attributes)) > 0
    chosen = np.flatnonzero(is_carried & (kinds == kind) if kind else is_carried)
    if not len(chosen):
        there = sorted(set(kinds[is_carried]))
        raise UsageError(
            f"no item has an attribute{f' of the kind {kind!r}' if kind else ''} to group by",
            remedy=f"Items have {', '.join(there)}"
            if there
            else "Load attributes of items, or group by something else",
        )
    named = attributes.take(chosen)
    pairs = zip(named.ids.to_pylist(), named.columns["name"].to_pylist(), strict=True)
    names = pa.array([attribute_name(*pair) for pair in pairs], pa.string())
    return Grouping(_columns(carried, chosen), group_ids("attribute", named.ids), names, chosen.astype(np.int32))


def _by_entity(dataset: Dataset, relation: str) -> Grouping:
    entities, facts = dataset.entities, dataset.knowledge
    linked = items_by_group("entity", dataset.links, NO_FACTORS)
    links = facts.links("item", "entity", relation=relation) if relation else linked
    chosen = np.flatnonzero(np.bincount(links.indices, minlength=len(entities)))
    if not len(chosen):
        raise UsageError(
            f"no item has an entity{f' by the relation {relation!r}' if relation else ''} to group by",
            remedy=f"Relations are {', '.join(facts.relations[:20])}"
            if facts.relations
            else "Load a knowledge graph, or group by something else",
        )
    named = entities.take(chosen)
    return _unnamed_by_attributes(_columns(links, chosen), group_ids("entity", named.ids), named.columns["name"])


def _by_factor(factors: Factors, model: str, belonging: float) -> Grouping:
    weights = factors.members.get("Item")
    if weights is not None:  # to a cluster of people items belong by who took them, and are not alike
        weights = np.where(np.isin(np.arange(weights.shape[1]), factors.of_kind(USER_CLUSTER)), 0.0, weights)
    if weights is None or not (weights >= belonging).any():
        raise UsageError(
            f"{model} has no factor that an item belongs to"
            + ("" if weights is None else f" by {belonging:g}: the most is {weights.max(initial=0):.2g}"),
            remedy="Take a model with factors, such as resolved, or group by something else"
            if weights is None
            else "Lower the setting belonging",
        )
    item, factor = np.nonzero(weights >= belonging)
    members = Incidence.from_pairs(item, factor, weights.shape)
    return _unnamed_by_attributes(members, group_ids("factor", factors.ids.ids), factors.ids.columns["name"])


def _by_community(dataset: Dataset, seed: int) -> Grouping:
    community = community_of_items(dataset.co_purchases, len(dataset.items), seed)
    count = int(community.max(initial=-1)) + 1
    if not count:
        raise UsageError(
            "no two items were taken by five users, so that there is no community of items",
            remedy="Group by something else",
        )
    item = np.flatnonzero(community >= 0)
    members = Incidence.from_pairs(item, community[item], (len(community), count))
    ids = pa.array([str(number + 1) for number in range(count)])
    names = community_names(community, dataset.taken, dataset.items.columns["name"])
    return _unnamed_by_attributes(members, group_ids("community", ids), names)


def _by_list(items: IdMap, lists: Mapping[str, Sequence[str]]) -> Grouping:
    item = [items.require(ids) for ids in lists.values()]
    number = np.repeat(np.arange(len(lists)), [len(positions) for positions in item])
    members = Incidence.from_pairs(np.concatenate(item), number, (len(items), len(lists)))
    names = pa.array(list(lists), pa.string())
    return _unnamed_by_attributes(members, group_ids("list", names), names)


def _unnamed_by_attributes(items: Incidence, ids: pa.Array, names: pa.Array) -> Grouping:
    return Grouping(items, ids, names, np.full(len(ids), -1, dtype=np.int32))


def _columns(links: Incidence, chosen: npt.NDArray[np.int64]) -> Incidence:
    """Return the links to some columns alone, which are numbered anew in the given order."""
    place = np.full(links.n_columns, -1)
    place[chosen] = np.arange(len(chosen))
    return links.pattern.renumbered(np.arange(links.n_rows), place, (links.n_rows, len(chosen)))


def _joined(parts: Sequence[Grouping]) -> Grouping:
    shifts = np.cumsum([0, *(part.items.n_columns for part in parts)])
    rows = np.concatenate([part.items.row_of_entry for part in parts])
    columns = np.concatenate([part.items.indices + shift for part, shift in zip(parts, shifts[:-1], strict=True)])
    return Grouping(
        Incidence.from_pairs(rows, columns, (parts[0].items.n_rows, int(shifts[-1]))),
        pa.concat_arrays([part.ids for part in parts]),
        pa.concat_arrays([part.names.cast(pa.string()) for part in parts]),
        np.concatenate([part.attributes for part in parts]),
    )
