"""Names of what a fit is measured by: a metric, and with which candidates where these are not the protocol's."""

from __future__ import annotations


def measured_name(metric: str, candidates: str = "") -> str:
    """Return ``ndcg@5``, or ``ndcg@5 (100-expected)`` with further candidates."""
    return f"{metric} ({candidates})" if candidates else metric
