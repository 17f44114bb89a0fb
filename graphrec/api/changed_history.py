"""One person's list before and after a change of what they took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np

from graphrec.answers.answer import Node
from graphrec.answers.changed_list import Removed, Standing
from graphrec.answers.text import attribute
from graphrec.answers.whatif import WhatIf
from graphrec.dataset.changed_profiles import with_added, without
from graphrec.dataset.kinds import USER_ATTRIBUTES
from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.uncounted import why_none_counts
from graphrec.errors import UsageError
from graphrec.explaining.group_texts import FORMS, parse_group, parse_item
from graphrec.explaining.input_groups import BELONGING, in_groups
from graphrec.explaining.leaving_attributes import Carried
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.explaining.input_groups import InputGroup
    from graphrec.recommendation.one_person import OnePerson, Scored, Used


@dataclass(frozen=True)
class Change:
    """A change of what a person took, and how it is measured; fields as the arguments of ``whatif``.

    Raises:
        UsageError: nothing is changed, or a setting is out of its range.
    """

    without: Sequence[str]
    with_items: Sequence[str]
    k: int = 10
    attributes: Carried = "go"
    recommend_removed: bool = False
    belonging: float = BELONGING

    def __post_init__(self) -> None:
        if not self.without and not self.with_items:
            raise UsageError("nothing is changed", remedy=f"Name what to leave out ({FORMS}), or items to add")
        if self.attributes not in get_args(Carried):
            raise UsageError(f"attributes is {self.attributes!r}", remedy=f"Give {' or '.join(get_args(Carried))}")
        if not self.belonging > 0:
            raise UsageError(f"belonging is {self.belonging:g}", remedy=f"Give a number above 0, such as {BELONGING}")
        Request(k=self.k)


class Ranking(NamedTuple):
    """Scores and ranks of all items, before or after a change.

    Attributes:
        scores: float32 [items]; None where there is nothing to score with.
        ranks: int64 [items], from 1 among the items that may be recommended; 0 for the others.
    """

    scores: npt.NDArray[np.float32] | None
    ranks: npt.NDArray[np.int64]

    def among_best(self, k: int) -> npt.NDArray[np.bool_]:
        """Return the mask of the k best items, bool [items]."""
        return (self.ranks > 0) & (self.ranks <= k)

    def rank(self, item: int) -> int | None:
        """Return the rank of an item; None where it may not be recommended."""
        return int(self.ranks[item]) or None

    def score(self, item: int) -> float | None:
        """Return the score of an item; None where there is nothing to score with."""
        return None if self.scores is None else float(self.scores[item])


@dataclass(frozen=True, eq=False)
class Person:
    """One person of a data set in the model's numbering.

    Attributes:
        scoring: what scores the person, by a fitted model.
        data: in the model's numbering.
        known: int32 [users], the row of each user in the training data, or −1.
        position: of the person in ``data.users``.
        name: id of the person in answers.
    """

    scoring: OnePerson
    data: Dataset
    known: npt.NDArray[np.int32]
    position: int
    name: str

    def whatif(self, change: Change) -> WhatIf:
        """Return the lists before and after a change; errors as for the function ``whatif``."""
        data = self.data
        nodes = {**data.nodes, "Factor": self.scoring.factors.ids}
        groups = list({(g.kind, g.node): g for g in (parse_group(text, nodes) for text in change.without)}.values())
        added = np.unique(np.array([parse_item(text, data.items) for text in change.with_items], dtype=np.int64))
        taken = data.taken.rows(np.array([self.position]))
        self._refuse_taken(added, taken)
        gone = in_groups(groups, taken, data.links, self.scoring.factors, change.belonging)
        before = profiles_of(data, self.known, np.array([self.position]))
        joined = with_added(before, added)
        used = self.scoring.inputs(joined)
        removed = [
            self._removed(group, taken.indices[row], used, change) for group, row in zip(groups, gone, strict=True)
        ]
        items = taken.indices[gone.any(axis=0)]
        own = np.array([group.node for group in groups if group.kind == "user_attribute"], dtype=np.int64)
        scored_before = self.scoring.scores(before)
        if change.attributes == "go":
            scored_after = self.scoring.scores(without(joined, data, self.position, items, own))
        else:
            scored_after = self.scoring.scores_without(joined, items, own)
        taken_after = np.union1d(taken.indices, added)
        if change.recommend_removed:
            taken_after = np.setdiff1d(taken_after, items)
        rankings = (self._ranking(scored_before, taken.indices), self._ranking(scored_after, taken_after))
        return WhatIf(
            user=_node(data, "User", self.position),
            model=self.scoring.name,
            k=change.k,
            attributes=change.attributes,
            recommend_removed=change.recommend_removed,
            removed=tuple(removed),
            added=tuple(_node(data, "Item", int(item)) for item in added),
            inputs_before=scored_before.inputs,
            inputs_after=scored_after.inputs,
            items=self._standings(*rankings, change.k),
            verb=data.verbs.of_user(self.name),
            uncounted=why_none_counts(data, self.position, self.name),
            through_reviews=bool(len(used.features)),
        )

    def _refuse_taken(self, added: npt.NDArray[np.int64], taken: Incidence) -> None:
        again = added[np.isin(added, taken.indices)]
        if len(again):
            item = _node(self.data, "Item", int(again[0]))
            raise UsageError(
                f"the user {self.name!r} has taken {item.id!r} ({item.name}) already",
                remedy="Leave it out of what is added",
            )

    def _removed(self, group: InputGroup, items: npt.NDArray[np.int32], used: Used, change: Change) -> Removed:
        """Return what a selection takes away, of what the model uses; raise UsageError where that is nothing."""
        own = group.kind == "user_attribute"
        nodes = self.scoring.factors.ids if group.label == "Factor" else self.data.nodes[group.label]
        node = Node(group.label, *(column[group.node].as_py() for column in (nodes.ids, nodes.columns["name"])))
        carried = self.data.links[USER_ATTRIBUTES].row(self.position)
        if not len(items) and not (own and group.node in carried):
            raise UsageError(_nothing(group, node, self.name, change.belonging), remedy="Name what is in the history")
        if own:
            is_used = np.isin([group.node], used.attributes)
        else:
            is_used = np.isin(items, used.items)
            if change.attributes == "go":  # what the person says of an item goes with it
                is_used |= np.isin(items, self._reviewed(used.features))
        return Removed(
            selection=group.text,
            kind=group.kind,
            node=node,
            items=tuple(_node(self.data, "Item", int(item)) for item in items),
            inputs=int(is_used.sum()),
        )

    def _reviewed(self, features: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return the items of which the person mentions one of these features, positions."""
        said = self.data.mentions
        items: npt.NDArray[np.int32] = said.item[(said.user == self.position) & np.isin(said.feature, features)]
        return items

    def _ranking(self, scored: Scored, taken: npt.NDArray[Any]) -> Ranking:
        """Return scores and ranks of all items; of equal scores the lower item comes first."""
        ranks = np.zeros(len(self.data.items), dtype=np.int64)
        if scored.scores is not None:
            order = np.argsort(-scored.scores, kind="stable")
            order = order[~np.isin(order, taken)]
            ranks[order] = np.arange(1, len(order) + 1)
        return Ranking(scored.scores, ranks)

    def _standings(self, before: Ranking, after: Ranking, k: int) -> tuple[Standing, ...]:
        """Return the items of either list, those of the list after first."""
        (either,) = np.nonzero(before.among_best(k) | after.among_best(k))
        order = np.lexsort((before.ranks[either], after.ranks[either], after.ranks[either] == 0))
        return tuple(
            Standing(
                item=_node(self.data, "Item", item),
                rank_before=before.rank(item),
                rank_after=after.rank(item),
                score_before=before.score(item),
                score_after=after.score(item),
            )
            for item in either[order].tolist()
        )


def _node(data: Dataset, label: str, position: int) -> Node:
    ids = data.nodes[label]
    return Node(label, ids.ids[position].as_py(), ids.columns["name"][position].as_py())


def _nothing(group: InputGroup, node: Node, user: str, belonging: float) -> str:
    """Return what is said of a selection that nothing of the history belongs to."""
    return {
        "item": f"the user {user!r} has not taken {node.id!r} ({node.name})",
        "item_attribute": f"the user {user!r} took nothing with {attribute(node)}",
        "user_attribute": f"the user {user!r} does not have {attribute(node)} ({node.id})",
        "entity": f"the user {user!r} took nothing that is linked to {node.id!r} ({node.name})",
        "factor": f"the user {user!r} took nothing that belongs to {node.id!r} ({node.name}) by {belonging:g} or more",
    }[group.kind]
