"""Models: ``gr.models.EASE``, ``gr.models.RecoNet``, …; each is imported when it is first used."""

from graphrec.lazy_names import lazy_names
from graphrec.models.registry import MODELS

_HOMES = {
    **{place.partition(":")[2]: place.partition(":")[0] for place in MODELS.values()},
    "Evidence": "graphrec.explaining.evidence",
    "GradientConfig": "graphrec.models.config",
    "Model": "graphrec.models.model",
    "ModelConfig": "graphrec.models.config",
    "PREFERRED": "graphrec.explaining.explainable",
    "Recommender": "graphrec.models.recommender",
    "Slots": "graphrec.explaining.evidence",
    "history_evidence": "graphrec.explaining.evidence",
    "pair_products": "graphrec.models.pair_products",
    "sums_over_taken": "graphrec.models.pair_products",
}

__all__ = list(_HOMES)

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
