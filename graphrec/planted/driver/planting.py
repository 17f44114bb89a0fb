"""Planting data of people of whom each takes films for one value of one kind of attribute.

**Items** are films. The film of popularity rank r has the weight 1 / rˢ (s = ``zipf``). It has one director and
``cast`` actors, dealt out evenly, and ``labels`` genres, the genre of rank r drawn with weight 1 / rˢ (``uneven``), so
that half of the films may carry the first. All of them are independent of popularity.

**Decoys.** Beside each director stands a studio, beside each actor an agency, beside each genre a theme, as frequent
and followed by nobody. The φ coefficient between a value and its decoy, over films, is ``correlation``: at .5, more
than half of what a person took for a director comes from one studio too.

**Users** follow one value each: a director, an actor or a genre, a third of them each. A share ``noise`` of what they
take is drawn by popularity alone, the rest by popularity among the films that carry their value.

So for a recommended film that carries the user's value, the true reason is known: taken films that carry it too, and
the kind of attribute that it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.digests import digest
from graphrec.planted.driver.config import DRIVERS
from graphrec.planted.driver.items import DriverItems
from graphrec.planted.driver.tables import Ids, graph_tables
from graphrec.planted.driver.taking import DrivenUsers, take
from graphrec.planted.planting import Planted
from graphrec.planted.truth import Truth, settings_text, truth_table
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from graphrec.planted.driver.config import DriverConfig


@dataclass(frozen=True, eq=False)
class PlantedDrivers(Planted):
    """Planted data, its truth, and what was drawn.

    Attributes:
        items, users: as drawn.
    """

    items: DriverItems
    users: DrivenUsers


def plant_drivers(config: DriverConfig) -> PlantedDrivers:
    """Plant data with drivers; the same settings give the same data.

    The truth has a row of the part ``driver`` for each user, and a row of the part ``interaction`` for each item that
    was taken.

    Raises:
        UsageError: settings that contradict each other.
    """
    config.require_sense()
    rng = np.random.default_rng(config.seed)
    items = DriverItems.draw(config, rng)
    users = take(config, items, rng)
    ids, settings = Ids(config), settings_text(config)
    info = DatasetInfo(f"driver-{digest(settings, digits=10)}", f"planted drivers, seed {config.seed}", "plant")
    followed = _followed(ids, users)
    truth = Truth(truth_table(_drivers(ids, users, followed), _taken(ids, users, followed)), settings)
    return PlantedDrivers(graph_tables(ids, items, users), info, truth, items, users)


def _followed(ids: Ids, users: DrivenUsers) -> pa.Array:
    """Return the id of each user's value."""
    begin = np.cumsum([0, *(len(ids.values[kind]) for kind in DRIVERS)])
    every = pa.concat_arrays([ids.values[kind] for kind in DRIVERS])
    return every.take(pa.array(begin[users.kind] + users.value))


def _drivers(ids: Ids, users: DrivenUsers, followed: pa.Array) -> pa.Table:
    return pa.table(
        {
            "part": pa.repeat("driver", len(ids.users)),
            "user": ids.users,
            "kind": pa.array(DRIVERS).take(pa.array(users.kind)),
            "label": pa.repeat("Attribute", len(ids.users)),
            "evidence": followed,
        }
    )


def _taken(ids: Ids, users: DrivenUsers, followed: pa.Array) -> pa.Table:
    n_users, rounds = users.item.shape
    user, driven = np.repeat(np.arange(n_users), rounds), users.driven.ravel()
    return pa.table(
        {
            "part": pa.repeat("interaction", len(user)),
            "user": ids.users.take(pa.array(user)),
            "item": ids.items.take(pa.array(users.item.ravel())),
            "kind": pa.array(["noise", "attribute"]).take(pa.array(driven.astype(np.int64))),
            "label": pa.array(["Attribute"]).take(pa.array(np.zeros(len(user), dtype=np.int64), mask=~driven)),
            "evidence": followed.take(pa.array(user, mask=~driven)),
        }
    )
