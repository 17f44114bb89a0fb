"""``gr.why``: the reasons of a recommendation, from a store or from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from graphrec.answers import Why, WhyList
    from graphrec.api.recommendations import Recommendations
    from graphrec.store.store import Store


@overload
def why(source: Store | Recommendations, user: str, item: None = None, *, run: str = "") -> WhyList: ...
@overload
def why(source: Store | Recommendations, user: str, item: str, *, run: str = "") -> Why: ...
def why(source: Store | Recommendations, user: str, item: str | None = None, *, run: str = "") -> Why | WhyList:
    """Return why an item was recommended to a user, or the user's whole list.

    The answer prints as text and shows itself in a notebook; ``.graph()`` gives it as a NetworkX graph.

    Args:
        source: a store that holds a run, or what ``gr.recommend`` returned.
        user: id of the user.
        item: id of the item; None for the whole list, best first.
        run: id of a run of the store; empty for the current one.

    Raises:
        UnknownIdError: no such run, user or item, or the item is not recommended to the user.
    """
    from graphrec.answers import fetch_list, fetch_why
    from graphrec.api.recommendations import Recommendations

    if isinstance(source, Recommendations):
        return source.why(user, item)
    return fetch_list(source, user, run) if item is None else fetch_why(source, user, item, run)
