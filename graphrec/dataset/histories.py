"""Histories of new users as a data set of their own that shares the items of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_FEATURES, USER_ATTRIBUTES, USER_FEATURES
from graphrec.dataset.mentions import Mentions
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


def with_histories(
    dataset: Dataset, histories: Mapping[str, Sequence[str]], attributes: Mapping[str, Sequence[str]] | None = None
) -> Dataset:
    """Return a data set of new users with these histories; items and their links are shared, not copied.

    Every item of a history is a positive interaction, whatever ``positive_if`` says, and none is a
    dislike: a history has no ratings.

    Args:
        dataset: whose items and attributes are shared.
        histories: ids of items by user.
        attributes: ids of the users' own attributes by user, such as ``user.gender=F``; none if left out.

    Raises:
        UnknownIdError: an item or an attribute that the data set does not have.
        UsageError: an attribute of items.
    """
    users = IdMap.of("User", list(histories))
    _require_of_users(dataset, attributes or {})
    carried = {user: (attributes or {}).get(user, ()) for user in histories}
    taken, own = _incidence(histories, dataset.items), _incidence(carried, dataset.attributes)
    unknown = np.full(taken.n_entries, np.nan)
    interactions = Interactions(
        taken.row_of_entry.astype(np.int32),
        taken.indices,
        unknown.astype(np.float32),
        np.ones(taken.n_entries, dtype=np.float32),
        unknown,
    )
    new = dataset.changed(
        nodes={"User": users},
        links={USER_ATTRIBUTES: own},
        interactions=interactions,
        mentions=Mentions.empty(),
        positive_if=PositiveRule(),
        negative_if=NegativeRule(),
        report=None,
    )
    # Features of items come from the reviews of all users, whom the new data set does not hold.
    nothing = Incidence.empty(len(users), len(dataset.nodes["Feature"]))
    for name in ("all_links", "mention_counts"):
        of_items = getattr(dataset, name)[ITEM_FEATURES]
        links = new.links if name == "all_links" else {}
        new.__dict__[name] = {**links, USER_FEATURES: nothing, ITEM_FEATURES: of_items}
    return new


def _require_of_users(dataset: Dataset, attributes: Mapping[str, Sequence[str]]) -> None:
    """Refuse attributes that items carry: a person does not have a genre."""
    named = [text for texts in attributes.values() for text in texts]
    owners = dataset.attributes.columns["owner"].take(pa.array(dataset.attributes.require(named))).to_pylist()
    strange = next((text for text, owner in zip(named, owners, strict=True) if owner != "user"), None)
    if strange is not None:
        raise UsageError(
            f"{strange!r} is an attribute of items, not of a person", remedy="Name attributes such as user.gender=F"
        )


def _incidence(columns: Mapping[str, Sequence[str]], ids: IdMap) -> Incidence:
    """Return users × nodes from lists of ids."""
    lists = [list(column) for column in columns.values()]
    rows: npt.NDArray[Any] = np.repeat(np.arange(len(lists)), [len(history) for history in lists])
    return Incidence.from_pairs(
        rows, ids.require([node_id for history in lists for node_id in history]), (len(lists), len(ids))
    )
