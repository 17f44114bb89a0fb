"""Recommendations and explanations of a few users in one call, as one set of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.errors import UsageError
from graphrec.recommendation.batches import explain, run_batches
from graphrec.recommendation.factor_tables import factor_tables
from graphrec.recommendation.request import Request
from graphrec.tables.explanations import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.tables.explanations import Explanations


def recommend_users(
    model: Model,
    dataset: Dataset,
    users: str | Sequence[str] | None = None,
    k: int = 10,
    *,
    reasons: int = 10,
    explainer: Explainer | None = None,
) -> Explanations:
    """Return the k best items that each user has not taken, with their reasons.

    For a whole catalogue of users, ``graphrec.recommendation.batches.run_batches`` yields the same batch by batch.

    Args:
        model: fitted.
        dataset: the users with their interactions and attributes.
        users: one id, several, or None for all.
        k: items a user.
        reasons: supporting reasons an item, at most.
        explainer: gives the reasons; None for the model itself.

    Raises:
        UnknownIdError: a user that the data set does not have.
    """
    ids = (users,) if isinstance(users, str) else users
    request = Request(k=k, reasons=reasons, users=None if ids is None else tuple(ids))
    return joined(run_batches(model, dataset, request, explainer=explainer))


def explain_pairs(
    model: Model,
    dataset: Dataset,
    users: str | Sequence[str],
    items: str | Sequence[str],
    *,
    reasons: int = 10,
    against: int = 0,
    explainer: Explainer | None = None,
) -> Explanations:
    """Return the reasons for named pairs of user and item, recommended or not; ``rank`` is 1 throughout.

    Args:
        model: fitted.
        dataset: the users with their interactions and attributes.
        users: one id, or one for each item.
        items: one id, or one for each user.
        reasons: supporting reasons a pair, at most.
        against: opposing reasons a pair, at most.
        explainer: gives the reasons; None for the model itself.

    Raises:
        UnknownIdError: a user or an item that is not known.
        UsageError: the numbers of users and items differ.
    """
    user_ids, item_ids = ([ids] if isinstance(ids, str) else list(ids) for ids in (users, items))
    if len(user_ids) != len(item_ids):
        raise UsageError(
            f"{len(user_ids)} users and {len(item_ids)} items are no pairs", remedy="Give one item for each user"
        )
    rows, columns = dataset.users.require(user_ids), model.record.items.require(item_ids)
    request = Request(reasons=reasons, against=against)
    pairs = explain(model, dataset, rows, columns[:, None].astype(np.int64), request, explainer)
    return joined([factor_tables(model, dataset), *pairs])
