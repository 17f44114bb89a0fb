"""Users that the data does not have: refused, left out, or given popular items."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from graphrec.dataset.ids import IdMap
from graphrec.errors import UsageError
from graphrec.rankings.top_items import best
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS, Explanations
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender
    from graphrec.recommendation.request import Request

UnknownUsers = Literal["raise", "warn", "ignore", "popularity"]
POLICIES: tuple[UnknownUsers, ...] = ("raise", "warn", "ignore", "popularity")
"""Ways to treat unknown users."""

_LOG = logging.getLogger(__name__)


def known_users(
    dataset: Dataset, users: Sequence[str], policy: UnknownUsers
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Divide users into those that the data has and those that it does not have.

    Args:
        dataset: the data that is recommended from.
        users: ids; repeats count once.
        policy: ``raise`` an error for the first unknown one, ``warn`` in the log, or say nothing.

    Returns:
        The known and the unknown ids, each in the order given.

    Raises:
        UnknownIdError: a user is unknown, and the policy is ``raise``.
        UsageError: there is no such policy.
    """
    if policy not in POLICIES:
        raise UsageError(f"there is no policy {policy!r} for unknown users", remedy=f"Choose {', '.join(POLICIES)}")
    ids = list(dict.fromkeys(users))
    if policy == "raise":
        dataset.users.require(ids)
        return tuple(ids), ()
    is_known = dataset.users.positions(ids) >= 0
    unknown = tuple(user for user, has_user in zip(ids, is_known, strict=True) if not has_user)
    if unknown and policy == "warn":
        _LOG.warning(
            "%s not in the data and left out, %r first", counted(len(unknown), "user") + _are(unknown), unknown[0]
        )
    return tuple(user for user, has_user in zip(ids, is_known, strict=True) if has_user), unknown


def popular_items(model: Recommender, dataset: Dataset, users: Sequence[str], request: Request) -> Explanations:
    """Recommend the items that most users took positively, without reasons.

    Args:
        model: fitted; its items may be recommended.
        dataset: whose positives are counted.
        users: ids, unknown to the data.
        request: how many items, and which may be recommended.

    Returns:
        ``score`` is the number of users who took the item, and ``rest`` as much: no evidence is weighed.
    """
    aligned, _ = model.align(dataset)
    taken = aligned.positives
    counts = np.bincount(taken.indices, minlength=taken.n_columns).astype(np.float32)
    allowed = np.where(request.candidate_mask(aligned), counts, -np.inf).astype(np.float32)
    places, scores = best(allowed[None, :], request.k)
    chosen = places[0][places[0] >= 0]
    people = IdMap.of("User", list(users))
    score = np.tile(scores[0][: len(chosen)].astype(np.float64), len(users))
    items = np.tile(chosen, len(users))
    columns = [
        people.dictionary(np.repeat(np.arange(len(users)), len(chosen))),
        aligned.items.dictionary(items),
        aligned.items.dictionary(items, "name"),
        pa.array(score),
        pa.array(np.tile(np.arange(1, len(chosen) + 1), len(users))),
        pa.array(score),
        pa.array(np.zeros(len(items), dtype=np.int64)),
        *(pa.nulls(len(items), RECOMMENDATIONS.field(name).type) for name in ("counterfactual", "computed", "basis")),
    ]
    return Explanations(pa.table(columns, schema=RECOMMENDATIONS), REASONS.empty_table())


def _are(users: Sequence[str]) -> str:
    return " is" if len(users) == 1 else " are"
