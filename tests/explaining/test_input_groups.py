"""From groups to masks over the items of many users."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES
from graphrec.explaining.factors import NO_FACTORS, Factors
from graphrec.explaining.input_groups import BELONGING, InputGroup, in_groups, items_by_group, items_of_factors

# Items 0 … 3; attribute 0 is carried by 0 and 2, attribute 1 by 2; entity 0 is linked to 1 and 3.
LINKS = {
    ITEM_ATTRIBUTES: Incidence.from_pairs(np.array([0, 2, 2]), np.array([0, 0, 1]), (4, 2)),
    ITEM_ENTITIES: Incidence.from_pairs(np.array([1, 3]), np.array([0, 0]), (4, 1)),
}
# Item 3 belongs to none.
FACTORS = Factors(
    IdMap.of(
        "Factor",
        ["fit/item-1", "fit/item-2", "fit/entity-1", "fit/entity-2"],
        kind=["factor"] * 4,
        index=pa.array([0, 1, 2, 3]),
    ),
    "fit",
    {"Item": np.array([[0.6, 0.4, 0.9, 0.1], [0.3, 0.7, 0, 0], [0.5, 0.5, 0.2, 0.8], [0, 0, 0, 0]], dtype=np.float32)},
)
# User 0 took 0 and 1, user 1 took 2, user 2 nothing, user 3 took all.
ITEMS = Incidence.from_pairs(np.array([0, 0, 1, 3, 3, 3, 3]), np.array([0, 1, 2, 0, 1, 2, 3]), (4, 4))
GROUPS = [
    InputGroup("1", "item", 1),
    InputGroup("attribute:a", "item_attribute", 0),
    InputGroup("attribute:b", "item_attribute", 1),
    InputGroup("attribute:user.c", "user_attribute", 0),
    InputGroup("entity:e", "entity", 0),
    InputGroup("factor:fit/item-1", "factor", 0),
    InputGroup("factor:fit/entity-2", "factor", 3),
]


def test_each_group_has_its_items_of_every_user() -> None:
    assert in_groups(GROUPS, ITEMS, LINKS, FACTORS).astype(int).tolist() == [
        [0, 1, 0, 0, 1, 0, 0],
        [1, 0, 1, 1, 0, 1, 0],
        [0, 0, 1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 1, 0, 1],
        [1, 0, 1, 1, 0, 1, 0],
        [0, 0, 1, 0, 0, 1, 0],
    ]
    assert in_groups([], ITEMS, LINKS, FACTORS).shape == (0, 7)
    assert in_groups(GROUPS, ITEMS.rows(np.array([2])), LINKS, FACTORS).shape == (7, 0)


def test_an_item_belongs_to_each_factor_from_a_membership_on() -> None:
    """By half or more: the first item to two factors, the third to three, the last to none."""
    half = items_of_factors(FACTORS, 4, BELONGING)
    assert [half.row(item).tolist() for item in range(4)] == [[0, 2], [1], [0, 1, 3], []]
    less = items_by_group("factor", LINKS, FACTORS, 0.3)
    assert [less.row(item).tolist() for item in range(4)] == [[0, 1, 2], [0, 1], [0, 1, 3], []]
    assert items_of_factors(NO_FACTORS, 4, BELONGING).n_entries == 0
    assert in_groups(GROUPS[5:], ITEMS, LINKS, FACTORS, 0.55).astype(int).tolist() == [
        [1, 0, 0, 1, 0, 0, 0],
        [0, 0, 1, 0, 0, 1, 0],
    ]


def test_all_groups_of_users_are_reached_through_their_items() -> None:
    reached = ITEMS.reach(items_by_group("item_attribute", LINKS, NO_FACTORS))
    assert [reached.row(user).tolist() for user in range(4)] == [[0], [0, 1], [], [0, 1]]
    assert ITEMS.reach(items_by_group("item", LINKS, NO_FACTORS)).indices.tolist() == ITEMS.indices.tolist()
