"""Recommendations you can query: learn from a property graph, and store every recommendation with its reasons.

``import graphrec as gr`` shows the whole stable surface and imports nothing heavy before a name is used. What is not
offered here, in ``graphrec.models``, ``graphrec.explainers`` or ``graphrec.testing`` is internal and may change.
"""

from graphrec.lazy_names import lazy_names

__version__ = "0.8.0"

_HOMES = {
    "Dataset": "graphrec.dataset.dataset",
    "Evaluation": "graphrec.evaluation.evaluation",
    "GraphrecError": "graphrec.errors",
    "Predictor": "graphrec.api.predictor",
    "Recommendations": "graphrec.api.recommendations",
    "Split": "graphrec.dataset.splitting",
    "Store": "graphrec.store.store",
    "VisibleReviews": "graphrec.dataset.visible_reviews",
    "WhatIf": "graphrec.answers",
    "Why": "graphrec.answers",
    "WhyList": "graphrec.answers",
    "WhyNot": "graphrec.answers",
    "audit": "graphrec.audits",
    "cluster_quality": "graphrec.evaluation.clusters.quality",
    "disentanglement": "graphrec.evaluation.latents.disentanglement",
    "evaluate": "graphrec.evaluation",
    "explain": "graphrec.api.recommendations",
    "explainers": "graphrec.explainers",
    "filter_dataset": "graphrec.dataset.filtering",
    "independence": "graphrec.evaluation.latents.independence",
    "load": "graphrec.api.loading",
    "load_model": "graphrec.models.saving",
    "models": "graphrec.models",
    "open_store": "graphrec.store.opening",
    "recommend": "graphrec.api.recommendations",
    "refresh": "graphrec.refreshing.refreshing",
    "save_model": "graphrec.models.saving",
    "similar_items": "graphrec.api.similar_items",
    "split": "graphrec.api.splitting",
    "verify": "graphrec.verification",
    "whatif": "graphrec.api.whatif",
    "why": "graphrec.api.why",
}
"""Where each name of the front door is defined; ``__init__.pyi`` says the same to editors and type checkers."""

__all__ = list(_HOMES)

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
