"""A person's profile after items were taken away or added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.item_sets import ItemSets
from graphrec.dataset.kinds import USER_ATTRIBUTES, USER_FEATURES

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles


def with_added(profile: Profiles, items: npt.NDArray[Any]) -> Profiles:
    """Return the profile of one person, of whom these items are input too.

    Args:
        profile: of one person.
        items: int, positions.
    """
    joined = _row(np.union1d(profile.items.indices, items), profile.items.n_columns)
    return profile.with_inputs(np.zeros(1, dtype=np.int64), joined, {})


def without(
    profile: Profiles, dataset: Dataset, position: int, items: npt.NDArray[Any], attributes: npt.NDArray[Any]
) -> Profiles:
    """Return the profile of one person as if these items had never been taken.

    What only these items bring goes with them: their attributes and entities, and what the person says of them.

    Args:
        profile: of one person.
        dataset: in the numbering of the profile.
        position: of the person in ``dataset.users``.
        items: int, positions of items; those that are no input change nothing.
        attributes: int, positions of the person's own attributes that go too.
    """
    left_out = _row(np.intersect1d(profile.items.indices, items), profile.items.n_columns)
    changed = ItemSets(np.zeros(1, dtype=np.int64), left_out).never_taken(profile)
    kept = np.setdiff1d(profile.disliked.indices, items)
    carried = profile.links[USER_ATTRIBUTES]
    own = _row(np.setdiff1d(carried.indices, attributes), carried.n_columns)
    changed = replace(
        changed, links={**changed.links, USER_ATTRIBUTES: own}, disliked=_row(kept, profile.disliked.n_columns)
    )
    said = dataset.mentions
    unsaid = (said.user == position) & np.isin(said.item, items)
    if not unsaid.any():
        return changed
    shape = (len(dataset.users), profile.links[USER_FEATURES].n_columns)
    sentiment, counts = (part.rows(np.array([position])) for part in said.where(~unsaid).by_user(*shape))
    return replace(
        changed,
        links={**changed.links, USER_FEATURES: sentiment},
        mention_counts={**changed.mention_counts, USER_FEATURES: counts},
    )


def _row(columns: npt.NDArray[Any], width: int) -> Incidence:
    """Return a matrix of one row with these columns, ascending."""
    return Incidence(np.array([0, len(columns)], dtype=np.int64), columns.astype(np.int32), width)
