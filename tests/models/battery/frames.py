"""What is recommended and why, as frames that can be compared."""

from __future__ import annotations

from typing import Any

import pandas as pd

from graphrec.recommendation.request import Request

ALL = 1000
EVERYTHING = Request(k=4, reasons=ALL, against=ALL)


def frames(batches: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return recommendations and reasons of all batches, in an order that batching does not change."""
    parts = list(batches)
    if not parts:
        return pd.DataFrame(), pd.DataFrame()
    recommendations = pd.concat([part.recommendations.to_pandas() for part in parts])
    reasons = pd.concat([part.reasons.to_pandas() for part in parts])
    text = dict.fromkeys(("user", "item", "label", "evidence", "via", "ground"), str)
    recommendations = recommendations.astype({"user": str, "item": str}).sort_values(["user", "rank"])
    reasons = reasons.astype(text).sort_values(["user", "item", "rank", "label", "evidence", "via"])
    return recommendations.reset_index(drop=True), reasons.reset_index(drop=True)
