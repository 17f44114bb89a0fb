"""``gr.similar_items``: item to item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphrec.api.checks import check_dataset
from graphrec.dataset.histories import with_histories
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.loading.frame_texts import id_texts
from graphrec.rankings.top_items import top_items
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender


def similar_items(
    model: Recommender,
    dataset: Dataset,
    items: str | int | Iterable[Any],
    k: int = 10,
    *,
    filter_itself: bool = True,
    whitelist: Iterable[Any] | None = None,
) -> pd.DataFrame:
    """Return for each item the k items that the model would recommend to somebody who took this item alone.

    Any model answers that scores people from their history. ``gr.explain`` tells reasons for people; the reason here is
    always the item itself.

    Args:
        model: fitted.
        dataset: what is known of the items.
        items: one id, or several.
        k: similar items for each.
        filter_itself: leave the item itself out.
        whitelist: only these may be answers; None for all.

    Returns:
        Columns ``item``, ``similar``, ``name`` (of the similar item), ``score`` and ``rank`` from 1. An item of which
        the model can use nothing has no rows, and what scores exactly 0, which says nothing, is left out.

    Raises:
        UnknownIdError: an item that the model does not know.
    """
    check_dataset(dataset)
    ids = id_texts([items] if isinstance(items, (str, int)) else items)
    aligned, _ = model.align(dataset)
    request = Request(k=k, items=None if whitelist is None else tuple(id_texts(whitelist)))
    people = with_histories(aligned, {item: [item] for item in ids})
    profiles = profiles_of(people, np.full(len(people.users), -1, dtype=np.int32), np.arange(len(people.users)))
    usable = model.count_inputs(profiles) > 0
    own = people.taken if filter_itself else Incidence.empty(len(people.users), len(people.items))
    places, scores = top_items(model.score(profiles).numpy(), own, request.candidate_mask(aligned), k)
    row, rank = np.nonzero((places >= 0) & usable[:, None] & (scores != 0))
    similar = aligned.items.dictionary(places[row, rank])
    return pd.DataFrame(
        {
            "item": people.users.dictionary(row).dictionary_decode().to_pandas(),
            "similar": similar.dictionary_decode().to_pandas(),
            "name": aligned.items.dictionary(places[row, rank], "name").dictionary_decode().to_pandas(),
            "score": scores[row, rank].astype(np.float64),
            "rank": rank + 1,
        }
    )
