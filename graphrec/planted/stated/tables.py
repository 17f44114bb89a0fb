"""Data with stated tastes as graph tables, like any loader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.loading.interactions import INTERACTED
from graphrec.planted.tables import DAY, attribute_ids, attribute_nodes, coded, named_nodes, numbered
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import FROM, TO, GraphTables

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.stated.config import StatedConfig
    from graphrec.planted.stated.items import StatedItems
    from graphrec.planted.stated.people import StatedPeople

VALUE, OWN = "genre", "group"
"""Kinds of attributes: of items, what people like or dislike; and the users' own."""


class Ids:
    """Ids of everything that is planted, by its number.

    Args:
        config: says how many there are.
    """

    def __init__(self, config: StatedConfig) -> None:
        self.users = numbered("u", config.users)
        self.items = numbered("i", config.items)
        self.values = attribute_ids("item", VALUE, config.values)
        self.entities = numbered(f"{VALUE}-", config.values)
        self.own = attribute_ids("user", OWN, config.groups)


def graph_tables(ids: Ids, items: StatedItems, people: StatedPeople, taken: npt.NDArray[np.int64]) -> GraphTables:
    """Return the graph: users, items, values as attributes and as entities, groups; an interaction a day.

    Args:
        ids: of everything.
        items: as drawn.
        people: as drawn.
        taken: int64 [users, interactions].
    """
    users, rounds = taken.shape
    item, value = np.nonzero(items.carries)
    entities = named_nodes(ids.entities, VALUE.capitalize())
    nodes = {
        "User": named_nodes(ids.users, "User"),
        "Item": named_nodes(ids.items, "Film"),
        "Entity": entities.append_column("kind", pa.repeat(VALUE, len(ids.entities))),
        "Attribute": pa.concat_tables(
            attribute_nodes(*of) for of in ((ids.values, "item", VALUE), (ids.own, "user", OWN))
        ),
    }
    edges = {
        INTERACTED: pa.table(
            {
                FROM: coded(np.repeat(np.arange(users), rounds), ids.users),
                TO: coded(taken, ids.items),
                "rating": pa.nulls(taken.size, pa.float64()),
                "weight": np.ones(taken.size),
                "timestamp": np.tile(np.arange(rounds) * DAY, users),
            }
        ),
        EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute"): pa.table(
            {FROM: coded(item, ids.items), TO: coded(value, ids.values)}
        ),
        EdgeKind("HAS_ATTRIBUTE", "User", "Attribute"): pa.table({FROM: ids.users, TO: coded(people.group, ids.own)}),
        EdgeKind("HAS_ENTITY", "Item", "Entity"): pa.table(
            {
                FROM: coded(item, ids.items),
                TO: coded(value, ids.entities),
                "relation": pa.repeat(f"has {VALUE}", len(item)),
            }
        ),
    }
    return GraphTables(nodes, edges)
