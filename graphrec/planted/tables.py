"""Planted data as graph tables, like any loader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.loading.interactions import INTERACTED
from graphrec.loading.undirected import undirected
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.ids import attribute_id

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.catalogue import Catalogue
    from graphrec.planted.config import PlantedConfig
    from graphrec.planted.drawing import DrawnInteractions
    from graphrec.planted.people import People

LIKEABLE, DECOY, OWN = "director", "studio", "group"
"""Kinds of attributes: of items, what users like and the decoy beside it; and the users' own."""

DAY = 86_400
"""Seconds between two rounds."""


class Ids:
    """Ids of everything that is planted, by its number.

    Args:
        config: says how many there are.
    """

    def __init__(self, config: PlantedConfig) -> None:
        self.users = numbered("u", config.users)
        self.items = numbered("i", config.items)
        self.entities = numbered("actor-", config.entities)
        self.likeable = attribute_ids("item", LIKEABLE, config.values)
        self.decoys = attribute_ids("item", DECOY, config.values)
        self.own = attribute_ids("user", OWN, config.groups)


def graph_tables(ids: Ids, catalogue: Catalogue, people: People, drawn: DrawnInteractions) -> GraphTables:
    """Return the graph: users, items, attributes, entities, and everything between them.

    Interactions carry the day of their round; a sequel is RELATED_TO its first part; every pair of a bundle is
    CO_PURCHASED.
    """
    nodes = {
        "User": named_nodes(ids.users, "User"),
        "Item": named_nodes(ids.items, "Film"),
        "Entity": named_nodes(ids.entities, "Actor").append_column("kind", pa.repeat("person", len(ids.entities))),
        "Attribute": pa.concat_tables(
            attribute_nodes(*of)
            for of in (
                (ids.likeable, "item", LIKEABLE),
                (ids.decoys, "item", DECOY),
                (ids.own, "user", OWN),
            )
        ),
    }
    edges = {
        INTERACTED: _interactions(ids, drawn),
        EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute"): _item_attributes(ids, catalogue),
        EdgeKind("HAS_ATTRIBUTE", "User", "Attribute"): pa.table({FROM: ids.users, TO: coded(people.group, ids.own)}),
        EdgeKind("HAS_ENTITY", "Item", "Entity"): pa.table(
            {
                FROM: ids.items,
                TO: coded(catalogue.entity, ids.entities),
                "relation": pa.repeat("starring", len(ids.items)),
            }
        ),
        EdgeKind("RELATED_TO", "Item", "Item"): _sequels(ids, catalogue),
        EdgeKind("CO_PURCHASED", "Item", "Item"): _bundles(ids, catalogue),
    }
    return GraphTables(nodes, {kind: table for kind, table in edges.items() if table.num_rows})


def numbered(prefix: str, count: int) -> pa.Array:
    """Return the prefix with 0, 1, … count − 1, all of one width."""
    width = len(str(count - 1))
    return pa.array([f"{prefix}{number:0{width}}" for number in range(count)])


def attribute_ids(owner: str, kind: str, count: int) -> pa.Array:
    """Return ids of attributes whose values are numbers."""
    return pa.array([attribute_id(owner, kind, value) for value in numbered("", count).to_pylist()])


def named_nodes(ids: pa.Array, word: str) -> pa.Table:
    """Return nodes named by a word and their number."""
    return pa.table({"id": ids, "name": [f"{word} {number}" for number in range(len(ids))]})


def attribute_nodes(ids: pa.Array, owner: str, kind: str) -> pa.Table:
    """Return nodes of the attributes that ``attribute_ids`` names."""
    table = named_nodes(ids, kind.capitalize())
    values = numbered("", len(ids))
    for name, column in (("owner", pa.repeat(owner, len(ids))), ("kind", pa.repeat(kind, len(ids))), ("value", values)):
        table = table.append_column(name, column)
    return table


def coded(positions: npt.NDArray[np.int64], ids: pa.Array) -> pa.DictionaryArray:
    """Return the ids at positions of any shape, flat, as a dictionary array."""
    return pa.DictionaryArray.from_arrays(pa.array(positions.ravel(), pa.int32()), ids)


def _interactions(ids: Ids, drawn: DrawnInteractions) -> pa.Table:
    users, rounds = drawn.item.shape
    n = drawn.item.size
    return pa.table(
        {
            FROM: coded(np.repeat(np.arange(users), rounds), ids.users),
            TO: coded(drawn.item, ids.items),
            "rating": pa.nulls(n, pa.float64()),
            "weight": np.ones(n),
            "timestamp": np.tile(np.arange(rounds) * DAY, users),
        }
    )


def _item_attributes(ids: Ids, catalogue: Catalogue) -> pa.Table:
    item, decoy = np.nonzero(catalogue.decoys)
    values = pa.concat_arrays([ids.likeable, ids.decoys])
    carried = np.concatenate([catalogue.value, decoy + len(ids.likeable)])
    return pa.table(
        {
            FROM: coded(np.concatenate([np.arange(len(ids.items)), item]), ids.items),
            TO: coded(carried, values),
        }
    )


def _sequels(ids: Ids, catalogue: Catalogue) -> pa.Table:
    sequels = np.flatnonzero(catalogue.before >= 0)
    return pa.table(
        {
            FROM: coded(sequels, ids.items),
            TO: coded(catalogue.before[sequels], ids.items),
            "relation": pa.repeat("sequel_of", len(sequels)),
        }
    )


def _bundles(ids: Ids, catalogue: Catalogue) -> pa.Table:
    order = np.argsort(catalogue.bundle, kind="stable")
    order = order[catalogue.bundle[order] >= 0]
    number, size = np.unique(catalogue.bundle[order], return_counts=True)
    width = int(size.max(initial=1))
    one, other = np.triu_indices(width, 1)
    members = order.reshape(len(number), width)
    first, second = (pa.array(members[:, side].ravel()) for side in (one, other))
    return undirected(
        ids.items.take(first),
        ids.items.take(second),
        count=pa.nulls(len(first), pa.int64()),
        source=pa.repeat("bundle", len(first)),
    )
