"""What a refresh changed in people's lists."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.refreshing.lists import Lists

EXAMPLES = 3
"""People who are told by name."""


@dataclass(frozen=True)
class ChangedList:
    """What changed in one person's list; items are told by name, by rank.

    Attributes:
        user: id of the person.
        name: what they are called.
        came: items that are new in the list.
        went: items that it no longer has.
    """

    user: str
    name: str
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True)
class ListChanges:
    """What changed in the lists of all people.

    Attributes:
        lists: people who have a list now.
        changed: those of them who had one, which has other items.
        reordered: those who have the same items in another order.
        new: people who had no list.
        gone: people who had a list and have none now.
        came: items that came into a list, counted for each list.
        went: items that went out of one.
        examples: the people whose lists changed most.
    """

    lists: int
    changed: int
    reordered: int
    new: int
    gone: int
    came: int
    went: int
    examples: tuple[ChangedList, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as a JSON object."""
        return asdict(self)


def changes_between(before: Lists, after: Lists, dataset: Dataset) -> ListChanges:
    """Return what is in the lists of ``after`` that was not in those of ``before``, and the other way round.

    Args:
        before: lists of the earlier run.
        after: of the later one.
        dataset: that both are numbered by.
    """
    n_items = len(dataset.items)
    old, new = (lists.user.astype(np.int64) * n_items + lists.item for lists in (before, after))
    came, went = ~np.isin(new, old), ~np.isin(old, new)
    counts = [np.bincount(lists.user, minlength=len(dataset.users)) for lists in (before, after)]
    had, has = (each > 0 for each in counts)
    arrived, left = (
        np.bincount(lists.user[mask], minlength=len(dataset.users)) for lists, mask in ((after, came), (before, went))
    )
    other_items = had & has & (arrived + left > 0)
    same_items = had & has & (arrived + left == 0)
    before_rows, after_rows = (lists.item[same_items[lists.user]] for lists in (before, after))
    moved = after.user[same_items[after.user]][before_rows != after_rows]
    most = np.argsort(-(arrived + left) * other_items, kind="stable")[:EXAMPLES]
    return ListChanges(
        lists=int(has.sum()),
        changed=int(other_items.sum()),
        reordered=len(np.unique(moved)),
        new=int((has & ~had).sum()),
        gone=int((had & ~has).sum()),
        came=int(came.sum()),
        went=int(went.sum()),
        examples=tuple(
            ChangedList(
                dataset.users.ids[int(user)].as_py(),
                dataset.users.columns["name"][int(user)].as_py(),
                _names(dataset, after.item[came & (after.user == user)]),
                _names(dataset, before.item[went & (before.user == user)]),
            )
            for user in most
            if other_items[user]
        ),
    )


def _names(dataset: Dataset, items: npt.NDArray[np.int32]) -> tuple[str, ...]:
    return tuple(dataset.items.dictionary(items, "name").to_pylist())
