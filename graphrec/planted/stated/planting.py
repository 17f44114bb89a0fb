"""Planting data of people who state what they like and dislike.

**Items** are films. The film of popularity rank r has the weight 1 / rˢ (s = ``zipf``). It carries one to three
genres, ``carried`` on average. Genres are uneven (``uneven``) and fall into ``themes``: a film has a theme, whose
genres it carries e^``together`` times more readily, so that genres of one theme occur together. Popularity is
independent of genres. Every genre is an attribute and an entity too, for models that read one or the other.

**People** like a share ``likes`` of the genres and dislike as many; a share ``common`` of the variance of tastes is the
same for everybody. Each belongs to one of the ``groups``, which says nothing of tastes.

**Exposure.** A person sees a share ``seen`` of the catalogue. Each group is shown more of some genres and less of
others, by a bias of the standard deviation ``bias``, independent of what its people like.

**Interactions.** Of what is seen, a person takes ``interactions`` films one after the other, film i with a probability
in proportion to popularity · exp(``strength`` · mean of the stated tastes of i's genres), a taste being 1, 0 or −1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.digests import digest
from graphrec.planted.planting import Planted
from graphrec.planted.stated.items import StatedItems
from graphrec.planted.stated.people import StatedPeople
from graphrec.planted.stated.tables import Ids, graph_tables
from graphrec.planted.stated.taking import take
from graphrec.planted.truth import Truth, settings_text, truth_table
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.stated.config import StatedConfig


@dataclass(frozen=True, eq=False)
class PlantedTastes(Planted):
    """Planted data, its truth, and what was drawn.

    Attributes:
        items, people: as drawn.
        seen: bool [users, items].
        taken: int64 [users, interactions], in the order in which they were taken.
    """

    items: StatedItems
    people: StatedPeople
    seen: npt.NDArray[np.bool_]
    taken: npt.NDArray[np.int64]


def plant_tastes(config: StatedConfig) -> PlantedTastes:
    """Plant data with stated tastes; the same settings give the same data.

    The truth has a row of the part ``taste`` for each taste that is stated, a row of the part ``link`` for each value
    that an item carries, and a row of the part ``same`` for each value's entity.

    Raises:
        UsageError: settings that contradict each other.
    """
    config.require_sense()
    rng = np.random.default_rng(config.seed)
    items, people = StatedItems.draw(config, rng), StatedPeople.draw(config, rng)
    seen, taken = take(config, items, people, rng)
    ids, settings = Ids(config), settings_text(config)
    info = DatasetInfo(
        f"stated-{digest(settings, digits=10)}", f"planted tastes, seed {config.seed}", "plant", verb="watched"
    )
    truth = Truth(truth_table(_tastes(ids, people), _links(ids, items), _entities(ids)), settings)
    return PlantedTastes(graph_tables(ids, items, people, taken), info, truth, items, people, seen, taken)


def _tastes(ids: Ids, people: StatedPeople) -> pa.Table:
    user, value = np.nonzero(people.stated)
    liked = pa.array(people.stated[user, value] > 0)
    return pa.table(
        {
            "part": pa.repeat("taste", len(user)),
            "user": ids.users.take(pa.array(user)),
            "kind": pa.array(["dislike", "like"]).take(liked.cast(pa.int8())),
            "label": pa.repeat("Attribute", len(user)),
            "evidence": ids.values.take(pa.array(value)),
        }
    )


def _links(ids: Ids, items: StatedItems) -> pa.Table:
    item, value = np.nonzero(items.carries)
    return pa.table(
        {
            "part": pa.repeat("link", len(item)),
            "item": ids.items.take(pa.array(item)),
            "kind": pa.repeat("attribute", len(item)),
            "label": pa.repeat("Attribute", len(item)),
            "evidence": ids.values.take(pa.array(value)),
        }
    )


def _entities(ids: Ids) -> pa.Table:
    return pa.table(
        {
            "part": pa.repeat("same", len(ids.entities)),
            "label": pa.repeat("Entity", len(ids.entities)),
            "evidence": ids.entities,
            "through": ids.values,
        }
    )
