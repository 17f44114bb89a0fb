"""One user's part of a store's data, at a cost that does not grow with the number of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.from_store import read_interactions, read_knowledge, read_links, require_loaded
from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES, NODES, USER_ATTRIBUTES
from graphrec.dataset.knowledge import Knowledge
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.one_dataset import of_dataset
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.errors import UnknownIdError
from graphrec.tables.conform import shortened
from graphrec.tables.families import owner
from graphrec.tables.verbs import Verbs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.source import DataSource


def read_user(
    source: DataSource,
    user: str,
    nodes: Mapping[str, IdMap],
    positive_if: str = "",
    *,
    negative_if: str = "",
    facts: bool = True,
) -> Dataset:
    """Return the data of one user, with all items and what they carry, in a given numbering.

    A model that scores users from their profiles gives this user the same scores as from the whole data. What is
    counted over users (co-purchases, popularity) is not to be had, and features that users mention are left out.

    Args:
        source: where to read; of several data sets, the one that the user belongs to is read.
        user: id of the user.
        nodes: label → ids of the numbering, such as a fitted model's; those of users are not used.
        positive_if: which interactions are positive, such as ``rating>=3``; empty accepts all.
        negative_if: which are explicit dislikes, such as ``rating<=2``; empty finds none.
        facts: whether to read the relations of the knowledge graph, beside the entities of items.

    Raises:
        UnknownIdError: the store holds no data, or no such user.
        InputError: the latest load did not finish.
        StoreLockedError: another process changed the store each time that it was read.
    """
    rules = PositiveRule(positive_if), NegativeRule(negative_if)
    return source.consistent(lambda: _read_user(source, user, nodes, rules, facts=facts), "data")


def _read_user(
    source: DataSource,
    user: str,
    nodes: Mapping[str, IdMap],
    rules: tuple[PositiveRule, NegativeRule],
    *,
    facts: bool,
) -> Dataset:
    store = of_dataset(source, _dataset_of(source, user))
    fingerprint = require_loaded(store)
    batches = list(store.read_nodes("User", ["id", *NODES["User"].columns], only=user))
    found = pa.Table.from_batches(batches) if batches else None
    if found is None or not found.num_rows:
        raise UnknownIdError(
            f"there is no User with id {shortened(user)}", where=store.uri, remedy="Ids are case-sensitive"
        )
    numbered = {**nodes, "User": IdMap.from_table("User", found)}
    return Dataset(
        nodes=numbered,
        interactions=read_interactions(store, numbered["User"], numbered["Item"], only=user),
        links={
            USER_ATTRIBUTES: read_links(store, USER_ATTRIBUTES, numbered, only=user),
            **{kind: read_links(store, kind, numbered) for kind in (ITEM_ATTRIBUTES, ITEM_ENTITIES)},
        },
        positive_if=rules[0],
        negative_if=rules[1],
        fingerprint=fingerprint,
        knowledge=read_knowledge(store, numbered) if facts else Knowledge.empty(0, 0),
        verbs=Verbs.of(store.datasets()),
        id=store.datasets()[0].id,
    )


def _dataset_of(source: DataSource, user: str) -> str:
    """Return the id of the data set that a user belongs to; empty, for the default, where none fits."""
    found = owner(source.datasets(), user)
    return "" if found is None else found.id
