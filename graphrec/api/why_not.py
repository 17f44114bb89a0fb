"""Why an item is not in a person's list, by a fitted model; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.answers.answer import Node
from graphrec.answers.not_listed import Entry
from graphrec.answers.why_not import WhyNot
from graphrec.errors import UsageError
from graphrec.recommendation.batches import explain_aligned
from graphrec.recommendation.ways_in import ChangedHistories
from graphrec.tables.explanations import joined

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.answers.why_list import WhyList
    from graphrec.dataset.incidence import Incidence
    from graphrec.recommendation.batches import AlignedRequest
    from graphrec.recommendation.ways_in import WayIn
    from graphrec.tables.explanations import Explanations

LARGEST = 5
"""Items of a change, at most, where nothing else is said."""


def why_not_of(
    asked: AlignedRequest,
    position: int,
    item: int,
    largest: int,
    liked: Incidence,
    whys: Callable[[Explanations], WhyList],
) -> WhyNot:
    """Return what stands between a person and an item.

    Args:
        asked: what is asked about the person, in the model's numbering; its ``k`` is the length of the list.
        position: of the person in the data.
        item: position of the item.
        largest: items of a change that would bring the item into the list, at most.
        liked: what everybody took, users × items, in the same numbering.
        whys: makes answers of the explanation tables of this person.

    Raises:
        UsageError: the item may not be recommended to the person, or the length of a change is out of its range.
    """
    if largest < 1:
        raise UsageError(f"largest is {largest}", remedy="Give 1 or more")
    data, k = asked.data, asked.request.k
    candidates = asked.allowed.copy()
    if asked.request.filter_taken:
        candidates[data.taken.row(position)] = False
    if not candidates[item]:
        taken = item in data.taken.row(position)
        raise UsageError(
            f"{data.items.ids[item].as_py()!r} may not be recommended: "
            + ("the person has taken it" if taken else "it is not among the items that may be"),
            remedy="Ask about an item that may be recommended",
        )
    histories = ChangedHistories(asked.model, data, asked.known, position, item, candidates, k, liked)
    scores = asked.model.score(histories.profile).numpy()[0]
    (places,) = np.nonzero(candidates)
    order = places[np.argsort(-scores[places], kind="stable")]
    rank = int(np.flatnonzero(order == item)[0]) + 1
    is_listed = rank <= k
    explained = np.array([[item]] if is_listed else [[item, order[k - 1]]], dtype=np.int64)
    tables = joined(explain_aligned(asked, np.array([position]), explained))
    answers = {why.item.id: why for why in whys(tables)}
    ids = [data.items.ids[int(place)].as_py() for place in explained[0]]
    addable = histories.addable
    return WhyNot(
        why=answers[ids[0]],
        rank=rank,
        candidates=len(places),
        k=k,
        rival=None if is_listed else answers[ids[1]],
        without=None if is_listed else _entry(asked, histories, histories.removable, largest),
        with_items=None if is_listed else _entry(asked, histories, addable, largest),
        largest=largest,
        addable=len(addable),
    )


def _entry(
    asked: AlignedRequest, histories: ChangedHistories, pool: npt.NDArray[np.int64], largest: int
) -> Entry | None:
    found: WayIn | None = histories.way_in(pool, largest)
    if found is None:
        return None
    ids = asked.data.items
    items = [Node("Item", ids.ids[int(i)].as_py(), ids.columns["name"][int(i)].as_py()) for i in found.items]
    return Entry(tuple(items), found.rank, found.score)
