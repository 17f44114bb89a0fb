"""Data with planted drivers as graph tables, like any loader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.loading.interactions import INTERACTED
from graphrec.planted.driver.config import DECOY_OF
from graphrec.planted.tables import DAY, attribute_ids, attribute_nodes, coded, named_nodes, numbered
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import FROM, TO, GraphTables

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.driver.config import DriverConfig
    from graphrec.planted.driver.items import DriverItems
    from graphrec.planted.driver.taking import DrivenUsers


class Ids:
    """Ids of everything that is planted, by its number.

    Args:
        config: says how many there are.
    """

    def __init__(self, config: DriverConfig) -> None:
        self.users = numbered("u", config.users)
        self.items = numbered("i", config.items)
        self.values = {
            kind: attribute_ids("item", kind, config.values[driver])
            for driver, decoy in DECOY_OF.items()
            for kind in (driver, decoy)
        }


def graph_tables(ids: Ids, items: DriverItems, users: DrivenUsers) -> GraphTables:
    """Return the graph: users, items, the values of drivers and decoys; an interaction a day."""
    n_users, rounds = users.item.shape
    carried = {
        kind: matrix
        for driver, decoy in DECOY_OF.items()
        for kind, matrix in ((driver, items.carries[driver]), (decoy, items.decoys[driver]))
    }
    nodes = {
        "User": named_nodes(ids.users, "User"),
        "Item": named_nodes(ids.items, "Film"),
        "Attribute": pa.concat_tables(attribute_nodes(values, "item", kind) for kind, values in ids.values.items()),
    }
    edges = {
        INTERACTED: pa.table(
            {
                FROM: coded(np.repeat(np.arange(n_users), rounds), ids.users),
                TO: coded(users.item, ids.items),
                "rating": pa.nulls(users.item.size, pa.float64()),
                "weight": np.ones(users.item.size),
                "timestamp": np.tile(np.arange(rounds) * DAY, n_users),
            }
        ),
        EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute"): pa.concat_tables(
            _links(ids, kind, matrix) for kind, matrix in carried.items()
        ),
    }
    return GraphTables(nodes, edges)


def _links(ids: Ids, kind: str, carried: npt.NDArray[np.bool_]) -> pa.Table:
    item, value = np.nonzero(carried)
    return pa.table(
        {FROM: ids.items.take(pa.array(item)), TO: ids.values[kind].take(pa.array(value))},
    )
