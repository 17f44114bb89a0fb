"""``gr.why``: the reasons of a recommendation, from a store or from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from graphrec.answers import Why, WhyList
    from graphrec.answers.personal import By
    from graphrec.api.recommendations import Recommendations
    from graphrec.store.store import Store


@overload
def why(
    source: Store | Recommendations, user: str | int, item: None = None, *, run: str = "", by: By = "weight"
) -> WhyList: ...
@overload
def why(
    source: Store | Recommendations, user: str | int, item: str | int, *, run: str = "", by: By = "weight"
) -> Why: ...
def why(
    source: Store | Recommendations,
    user: str | int,
    item: str | int | None = None,
    *,
    run: str = "",
    by: By = "weight",
) -> Why | WhyList:
    """Return why an item was recommended to a user, or the user's whole list.

    The answer prints as text and shows itself in a notebook; ``.graph()`` gives it as a NetworkX graph.

    Args:
        source: a store that holds a run, or what ``gr.recommend`` returned.
        user: id of the user.
        item: id of the item; None for the whole list, best first.
        run: id of a run of the store; empty for the current one.
        by: what reasons are sorted by: their ``weight``, or what is ``personal`` in them: how much more a reason weighs
            here than for the average person to whom the run recommends the item.

    Raises:
        UsageError: reasons cannot be sorted by that.
        UnknownIdError: no such run, user or item, or the item is not recommended to the user.
    """
    from graphrec.answers import fetch_list, fetch_why
    from graphrec.answers.personal import is_by_personal
    from graphrec.api.recommendations import Recommendations
    from graphrec.errors import UsageError
    from graphrec.loading.frame_texts import id_texts
    from graphrec.store.store import Store

    by_personal = is_by_personal(by)
    if isinstance(source, Recommendations):
        return source.why(user, item, by=by)
    if not isinstance(source, Store):
        raise UsageError(
            f"reasons come from a store or from recommendations, not from {type(source).__name__}",
            remedy="Open a store: gr.open_store(uri); or hand in what gr.recommend returned",
        )
    (user_id,) = id_texts([user])
    if item is None:
        return fetch_list(source, user_id, run, by_personal=by_personal)
    (item_id,) = id_texts([item])
    return fetch_why(source, user_id, item_id, run, by_personal=by_personal)
