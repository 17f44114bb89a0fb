"""Models: ``gr.models.EASE``, ``gr.models.RecoNet``, …; each is imported when it is first used."""

from graphrec.lazy_names import lazy_names
from graphrec.models.registry import MODELS

_HOMES = {
    **{place.partition(":")[2]: place.partition(":")[0] for place in MODELS.values()},
    "GradientConfig": "graphrec.models.config",
    "Model": "graphrec.models.model",
    "ModelConfig": "graphrec.models.config",
    "Recommender": "graphrec.models.recommender",
}

__all__ = list(_HOMES)

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
