"""Explainers as a recipe names them: ``explainer`` and its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.explainers.registry import find_explainer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.explaining.explainer import Explainer


def make_explainer(method: Mapping[str, Any]) -> Explainer:
    """Return the explainer of a method, not prepared for a model yet.

    Args:
        method: ``explainer``, a registered name, and its settings beside it.

    Raises:
        UsageError: there is no such explainer, or it has no such setting.
    """
    kind = find_explainer(str(method["explainer"]))
    return kind(kind.Config.read({name: value for name, value in method.items() if name != "explainer"}))
