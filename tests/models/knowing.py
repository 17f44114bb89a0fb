"""The toy data with a knowledge graph, and the battery of what scores on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_ENTITIES
from graphrec.dataset.knowledge import Knowledge
from tests.models.battery import Battery, RecommenderBattery
from tests.models.toy import toy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset


def with_facts(dataset: Dataset, facts: Sequence[tuple[str, str, str]], entities: Sequence[str]) -> Dataset:
    """Return a data set with these facts (head, relation, tail) and no others.

    Args:
        dataset: whose items may be heads and tails.
        facts: between ids of items and entities.
        entities: ids, those without facts too.
    """
    nodes = [*dataset.items.ids.to_pylist(), *entities]
    relations = sorted({relation for _, relation, _ in facts})
    columns = [
        np.array([place.index(fact[side]) for fact in facts], dtype=np.int32)
        for side, place in enumerate((nodes, relations, nodes))
    ]
    knowledge = Knowledge.of(*columns, relations, len(dataset.items), len(entities))
    return dataset.changed(
        nodes={"Entity": IdMap.of("Entity", list(entities))},
        links={ITEM_ENTITIES: knowledge.links("item", "entity")},
        knowledge=knowledge,
    )


def knowing(seed: int = 0, **sizes: int) -> Dataset:
    """Return the toy data with facts that go with its two tastes; one entity is linked to none, some items too.

    Even items are about ``love``, odd ones about ``war``, but for the last two, of which nothing is known; both have to
    do with a ``theme``; an item is the sequel of another.
    """
    data = toy(seed, **sizes)
    items = data.items.ids.to_pylist()
    facts = [(item, "about", ("love", "war")[number % 2]) for number, item in enumerate(items[:-2])]
    facts += [(items[0], "by", "Ito"), (items[0], "starring", "Ito"), (items[1], "by", "Lang")]
    facts += [("love", "is a", "theme"), ("war", "part of", "theme"), (items[2], "sequel of", items[0])]
    return with_facts(data, facts, ["love", "war", "Ito", "Lang", "theme", "alone"])


class Knowing(RecommenderBattery):
    """The battery of recommenders on data with a knowledge graph."""

    def data(self) -> Dataset:
        return knowing()


class KnowingModel(Battery):
    """The battery of models that can say why, on data with a knowledge graph."""

    def data(self) -> Dataset:
        return knowing()
