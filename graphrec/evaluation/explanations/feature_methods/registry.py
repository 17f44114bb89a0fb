"""Methods by name. A new one is a class and a line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod

_ROOM = "graphrec.evaluation.explanations.feature_methods"
FEATURE_METHODS = {
    "random": f"{_ROOM}.counting:RandomFeatures",
    "popularity": f"{_ROOM}.counting:PopularFeatures",
    "own_counts": f"{_ROOM}.counting:OwnCounts",
    "own_then_popularity": f"{_ROOM}.counting:OwnThenPopular",
    "smoothed_own_counts": f"{_ROOM}.counting:SmoothedOwnCounts",
    "item_counts": f"{_ROOM}.counting:ItemCounts",
    "own_item_counts": f"{_ROOM}.counting:OwnItemCounts",
    "gradient": f"{_ROOM}.gradient:Gradient",
    "explainer": f"{_ROOM}.by_explainer:ByExplainer",
    "own_vectors": f"{_ROOM}.vectors:OwnVectors",
    "counts_with_model": f"{_ROOM}.blend:CountsWithModel",
}
"""Registered name to ``module:class``."""


def make_method(settings: Mapping[str, Any]) -> FeatureMethod:
    """Return a method from its registered name, under ``method``, and its settings beside it.

    Raises:
        UsageError: there is no such method, or it has no such setting.
    """
    name = str(settings.get("method", ""))
    if name not in FEATURE_METHODS:
        raise UsageError(
            f"there is no method {name!r:.80} that scores features",
            remedy=f"Known methods: {', '.join(FEATURE_METHODS)}",
        )
    module, _, attribute = FEATURE_METHODS[name].partition(":")
    kind: type[FeatureMethod] = getattr(import_module(module), attribute)
    return kind(kind.Config.read({key: value for key, value in settings.items() if key != "method"}))
