"""Recommendations and reasons as frames that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.tables.explanations import Explanations

ALL = 1000
"""More items or reasons than a toy data set has."""
EVERYTHING = Request(k=4, reasons=ALL, against=ALL)
"""Four recommendations for each user, with all reasons for and against them."""


def frames(batches: Iterable[Explanations]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the recommendations and the reasons of all batches, in an order that batching does not change."""
    parts = list(batches)
    if not parts:
        return pd.DataFrame(), pd.DataFrame()
    recommendations = pd.concat([part.recommendations.to_pandas() for part in parts])
    reasons = pd.concat([part.reasons.to_pandas() for part in parts])
    text = dict.fromkeys(("user", "item", "label", "evidence", "via", "ground"), str)
    recommendations = recommendations.astype({"user": str, "item": str}).sort_values(["user", "rank"])
    reasons = reasons.astype(text).sort_values(["user", "item", "rank", "label", "evidence", "via"])
    return recommendations.reset_index(drop=True), reasons.reset_index(drop=True)
