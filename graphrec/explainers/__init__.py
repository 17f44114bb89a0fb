"""Ways to weigh the inputs of any model: ``gr.explainers.Shapley``, …; each is imported when it is first used."""

from graphrec.explainers.registry import EXPLAINERS
from graphrec.lazy_names import lazy_names

_HOMES = {
    **{place.partition(":")[2]: place.partition(":")[0] for place in EXPLAINERS.values()},
    "Explainer": "graphrec.explaining.explainer",
    "ExplainerConfig": "graphrec.explaining.explainer",
}

__all__ = list(_HOMES)

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
