"""What stands between a person and an item, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphrec.answers.answer import Node
    from graphrec.answers.why import Why


@dataclass(frozen=True)
class Entry:
    """A change of what a person took with which an item would be in the list.

    Attributes:
        items: those that were never taken, or are taken too.
        rank: of the item with this change.
        score: of the item with this change.
    """

    items: tuple[Node, ...]
    rank: int
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON has it."""
        return {"items": [_id_and_name(item) for item in self.items], "rank": self.rank, "score": self.score}


@dataclass(frozen=True)
class NotListed:
    """Why an item is not in a person's list.

    Attributes:
        why: the reasons for and against the item; its ``rank`` is 0, for it is no recommendation.
        rank: of the item among all that may be recommended to the person, from 1.
        candidates: how many these are.
        k: length of the list.
        rival: the last item of the list, with its reasons; None where the item is in the list.
        without: the few taken items without which the item would be in the list; None where none were found.
        with_items: the few items that, taken too, would bring it in; None where none were found.
        largest: items of such a change, at most.
        addable: how many items were tried as additions: those that most people took who took the item.
    """

    why: Why
    rank: int
    candidates: int
    k: int
    rival: Why | None
    without: Entry | None
    with_items: Entry | None
    largest: int
    addable: int

    @property
    def is_listed(self) -> bool:
        """Whether the item is in the list after all."""
        return self.rank <= self.k

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON has it; no NaN, and no other people's ids or names."""
        return {
            "why": self.why.to_dict(),
            "rank": self.rank,
            "candidates": self.candidates,
            "k": self.k,
            "listed": self.is_listed,
            "rival": None if self.rival is None else self.rival.to_dict(),
            "without": None if self.without is None else self.without.to_dict(),
            "with": None if self.with_items is None else self.with_items.to_dict(),
            "largest": self.largest,
            "addable": self.addable,
        }


def _id_and_name(node: Node) -> dict[str, str]:
    return {"id": node.id, "name": node.name}
