"""A person's list before and after some inputs are taken away or added, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphrec.tables.verbs import DEFAULT_VERB

if TYPE_CHECKING:
    from graphrec.answers.answer import Node
    from graphrec.explaining.leaving_attributes import Carried


@dataclass(frozen=True)
class Removed:
    """A selection that was taken away.

    Attributes:
        selection: as it was written, such as ``attribute:genre=Horror``.
        kind: ``item``, ``item_attribute``, ``user_attribute``, ``entity`` or ``factor``.
        node: the item, attribute, entity or factor that it names.
        items: what the user took of it, in the order of the data; empty for the user's own attribute.
        inputs: how many of these items, or whether the own attribute (1 or 0), the model uses as input. An item that
            is no positive interaction is none; for a model of reviews one counts of which the person mentions a
            feature that goes with it.
    """

    selection: str
    kind: str
    node: Node
    items: tuple[Node, ...]
    inputs: int

    def to_dict(self) -> dict[str, Any]:
        """Return the selection as JSON has it."""
        items = [_id_and_name(item) for item in self.items]
        named = {"selection": self.selection, "kind": self.kind, **_id_and_name(self.node)}
        return {**named, "items": items, "inputs": self.inputs}


@dataclass(frozen=True)
class Standing:
    """An item of either list, as it stands before and after.

    Attributes:
        item: the item.
        rank_before: its rank among all items that may be recommended, from 1; None where it may not be, because it
            is taken.
        rank_after: likewise after the change.
        score_before: the model's score; None where there is nothing to score with.
        score_after: likewise after the change.
    """

    item: Node
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON has it."""
        row = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "item"}
        return {"item": _id_and_name(self.item), **row}


@dataclass(frozen=True)
class ChangedList:
    """A person's list of k items before and after a change of what they took.

    Attributes:
        user: whose list.
        model: name of the model.
        k: length of the lists, at most.
        attributes: ``go``, scored as a history truly without the removed items, whose attributes and entities are gone
            where no remaining item carries them; or ``stay``, the items alone are switched off.
        recommend_removed: whether removed items may be recommended; else what was taken stays taken.
        removed: what was taken away.
        added: items that joined the history.
        inputs_before: how many inputs the model has of the person.
        inputs_after: how many remain after the change.
        items: every item of either list, those of the list after first.
        verb: what users do with items, as it follows “which they”.
        uncounted: why the model uses none of the person's interactions, in words; empty if it uses some.
        through_reviews: whether features that the person mentions of items are inputs, alone or beside the items.
    """

    user: Node
    model: str
    k: int
    attributes: Carried
    recommend_removed: bool
    removed: tuple[Removed, ...]
    added: tuple[Node, ...]
    inputs_before: int
    inputs_after: int
    items: tuple[Standing, ...]
    verb: str = DEFAULT_VERB
    uncounted: str = ""
    through_reviews: bool = False

    @property
    def before(self) -> tuple[Standing, ...]:
        """The list before, best first."""
        listed = [row for row in self.items if self._is_listed(row.rank_before)]
        return tuple(sorted(listed, key=lambda row: row.rank_before or 0))

    @property
    def after(self) -> tuple[Standing, ...]:
        """The list after, best first."""
        listed = [row for row in self.items if self._is_listed(row.rank_after)]
        return tuple(sorted(listed, key=lambda row: row.rank_after or 0))

    @property
    def entered(self) -> tuple[Standing, ...]:
        """Items of the list after that are not in the one before."""
        return tuple(row for row in self.after if not self._is_listed(row.rank_before))

    @property
    def left(self) -> tuple[Standing, ...]:
        """Items of the list before that are not in the one after."""
        return tuple(row for row in self.before if not self._is_listed(row.rank_after))

    @property
    def moved(self) -> tuple[Standing, ...]:
        """Items of both lists whose rank changed, in the order of the list after."""
        return tuple(
            row for row in self.after if self._is_listed(row.rank_before) and row.rank_before != row.rank_after
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON has it; no NaN."""
        lists = {
            name: [row.to_dict() for row in getattr(self, name)]
            for name in ("before", "after", "entered", "left", "moved")
        }
        return {
            "user": _id_and_name(self.user),
            "model": self.model,
            "k": self.k,
            "verb": self.verb,
            "attributes": self.attributes,
            "recommend_removed": self.recommend_removed,
            "without": [removed.to_dict() for removed in self.removed],
            "with": [_id_and_name(item) for item in self.added],
            "inputs": {"before": self.inputs_before, "after": self.inputs_after},
            "uncounted": self.uncounted,
            **lists,
        }

    def _is_listed(self, rank: int | None) -> bool:
        return rank is not None and rank <= self.k


def _id_and_name(node: Node) -> dict[str, str]:
    return {"id": node.id, "name": node.name}
