"""Explainers by name. A new one is a file and a line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.explaining.explainer import Explainer

EXPLAINERS = {
    "model": "graphrec.explaining.model_explainer:ModelExplainer",
    "random": "graphrec.explainers.random_order:RandomOrder",
    "popularity": "graphrec.explainers.popularity:Popularity",
    "removal": "graphrec.explainers.removal:Removal",
    "shapley": "graphrec.explainers.shapley:Shapley",
    "lime": "graphrec.explainers.lime:Lime",
    "sep": "graphrec.explainers.sep.explainer:Sep",
    "groups": "graphrec.explainers.groups.explainer:Groups",
    "counterfactual": "graphrec.explainers.counterfactual.explainer:Counterfactual",
}
"""Registered name to ``module:class``."""

FORMER_NAMES = {"own": "model"}
"""Former names of explainers, as older runs, recipes and commands have them, with the present ones."""


def find_explainer(name: str) -> type[Explainer]:
    """Return the class of a registered explainer, by its name or a former one.

    Raises:
        UsageError: there is none; the remedy names those there are.
    """
    registered = FORMER_NAMES.get(name, name)
    if registered not in EXPLAINERS:
        raise UsageError(f"there is no explainer {name!r}", remedy=f"Known explainers: {', '.join(sorted(EXPLAINERS))}")
    module, _, attribute = EXPLAINERS[registered].partition(":")
    explainer: type[Explainer] = getattr(import_module(module), attribute)
    return explainer
