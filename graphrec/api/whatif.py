"""``gr.whatif``: a person's list before and after items are taken away or added; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.answers.whatif import WhatIf
    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.leaving_attributes import Carried
    from graphrec.models.model import Model


def whatif(
    model: Model,
    dataset: Dataset,
    user: str | int | None = None,
    *,
    history: Iterable[Any] | None = None,
    without: str | int | Iterable[Any] = (),
    with_items: str | int | Iterable[Any] = (),
    k: int = 10,
    attributes: Carried = "go",
    recommend_removed: bool = False,
    belonging: float = 0.5,
) -> WhatIf:
    """Return a person's list before and after a change of what they took; ``gr.Predictor`` answers many such questions.

    Args:
        model: fitted.
        dataset: what is known of the users.
        user: id of a user of the data; or leave it out and give a history.
        history: ids of the items that somebody took whom the data does not have.
        without: what is taken away, one selection or several: an item's id or ``item:ID``;
            ``attribute:genre=Horror`` and ``entity:ID`` for all taken items that carry it; ``factor:ID`` for all that
            belong to it; ``attribute:user.gender=F`` for the user's own attribute.
        with_items: ids of items that join the history, one or several.
        k: length of the lists.
        attributes: ``go``: a history truly without the removed items, whose attributes and entities go where no
            remaining item carries them. ``stay``: the items alone are switched off; their attributes and entities are
            inputs of their own.
        recommend_removed: whether removed items may be recommended; else what was taken stays taken.
        belonging: membership from which on an item is one of a factor's.

    Raises:
        UnknownIdError: a user, item, attribute, entity or factor that is not known.
        UsageError: nothing is changed; or what is to go was not taken, or what is to be added was.
    """
    from graphrec.api.predictor import Predictor

    return Predictor(model, dataset).whatif(
        user,
        history=history,
        without=without,
        with_items=with_items,
        k=k,
        attributes=attributes,
        recommend_removed=recommend_removed,
        belonging=belonging,
    )
