"""The toy data with a knowledge graph, and the battery of what scores items on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_ENTITIES
from graphrec.dataset.knowledge import Knowledge
from graphrec.testing.explaining import ModelBattery
from graphrec.testing.scoring import RecommenderBattery
from graphrec.testing.toy import toy

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
    head, relation, tail = (
        np.array([place.index(fact[side]) for fact in facts], dtype=np.int32)
        for side, place in enumerate((nodes, relations, nodes))
    )
    knowledge = Knowledge.of(head, relation, tail, relations, len(dataset.items), len(entities))
    return dataset.changed(
        nodes={"Entity": IdMap.of("Entity", list(entities))},
        links={ITEM_ENTITIES: knowledge.links("item", "entity")},
        knowledge=knowledge,
    )


def toy_with_knowledge(seed: int = 0, *, n_users: int = 24, n_items: int = 12) -> Dataset:
    """Return the toy data with facts that go with its two tastes; one entity and two items have none.

    Even items are about ``love``, odd ones about ``war``, but for the last two, of which nothing is known; both are
    linked to a ``theme``; an item is the sequel of another.
    """
    data = toy(seed, n_users=n_users, n_items=n_items)
    items = data.items.ids.to_pylist()
    facts = [(item, "about", ("love", "war")[number % 2]) for number, item in enumerate(items[:-2])]
    facts += [(items[0], "by", "Ito"), (items[0], "starring", "Ito"), (items[1], "by", "Lang")]
    facts += [("love", "is a", "theme"), ("war", "part of", "theme"), (items[2], "sequel of", items[0])]
    return with_facts(data, facts, ["love", "war", "Ito", "Lang", "theme", "alone"])


class KnowledgeBattery(RecommenderBattery):
    """Assertions on anything that scores items, on data with a knowledge graph."""

    @override
    def make_dataset(self) -> Dataset:
        return toy_with_knowledge()


class KnowledgeModelBattery(ModelBattery):
    """Assertions on a model that can say why, on data with a knowledge graph."""

    @override
    def make_dataset(self) -> Dataset:
        return toy_with_knowledge()
