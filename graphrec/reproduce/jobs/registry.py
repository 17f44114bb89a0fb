"""Kinds of jobs by name, and the modules whose code makes a job's result."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from graphrec.evaluation.explanations.feature_methods.registry import FEATURE_METHODS
from graphrec.explainers.registry import EXPLAINERS
from graphrec.models.registry import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS: dict[str, str] = {
    "fit": "graphrec.reproduce.jobs.fit:fit",
    "reasons": "graphrec.reproduce.jobs.reasons:reasons",
    "costs": "graphrec.reproduce.jobs.costs:costs",
    "stability": "graphrec.reproduce.jobs.stability:stability",
    "planted": "graphrec.reproduce.jobs.planted:planted",
    "planted_driver": "graphrec.reproduce.jobs.planted_driver:planted_driver",
    "stated_tastes": "graphrec.reproduce.jobs.stated_tastes:stated_tastes",
    "shift": "graphrec.reproduce.jobs.shift:shift",
    "falls": "graphrec.reproduce.jobs.falls:falls",
    "method_costs": "graphrec.reproduce.jobs.method_costs:method_costs",
    "group_removal": "graphrec.reproduce.jobs.group_removal:group_removal",
    "network_masking": "graphrec.reproduce.jobs.network_masking:network_masking",
    "attention_groups": "graphrec.reproduce.jobs.attention_groups:attention_groups",
    "explainability": "graphrec.reproduce.jobs.explainability:explainability",
    "near_cold": "graphrec.reproduce.jobs.near_cold:near_cold",
    "network_leak": "graphrec.reproduce.jobs.network_leak:network_leak",
    "review_leak": "graphrec.reproduce.jobs.review_leak:review_leak",
    "embedding": "graphrec.reproduce.jobs.embedding:embedding",
    "user_map": "graphrec.reproduce.jobs.user_map:user_map",
    "feature_agreement": "graphrec.reproduce.jobs.feature_agreement:feature_agreement",
    "feature_lists": "graphrec.reproduce.jobs.feature_lists:feature_lists",
    "feature_correlations": "graphrec.reproduce.jobs.feature_vectors:feature_correlations",
    "feature_map": "graphrec.reproduce.jobs.feature_vectors:feature_map",
    "feature_tilt": "graphrec.reproduce.jobs.feature_tilt:feature_tilt",
    "cold_items": "graphrec.reproduce.jobs.cold_items:cold_items",
    "cold_item_orders": "graphrec.reproduce.jobs.cold_items:cold_item_orders",
    "latent_independence": "graphrec.reproduce.jobs.latent_spaces:latent_independence",
    "latent_votes": "graphrec.reproduce.jobs.latent_spaces:latent_votes",
    "cluster_quality": "graphrec.reproduce.jobs.clusters:cluster_quality",
    "cluster_stability": "graphrec.reproduce.jobs.clusters:cluster_stability",
    "factor_mapping": "graphrec.reproduce.jobs.factor_mapping:factor_mapping",
    "pruning": "graphrec.reproduce.jobs.pruning:pruning",
    "data_distributions": "graphrec.reproduce.jobs.data_distributions:data_distributions",
    "altered_dimensions": "graphrec.reproduce.jobs.altered_dimensions:altered_dimensions",
    "recommendation": "graphrec.reproduce.jobs.recommendation:recommendation",
}
"""Kind of job to ``module:function``. A function takes the context and the job, and returns what JSON can say."""

_REGISTRIES: dict[str, Mapping[str, str]] = {
    "model": MODELS,
    "explainer": EXPLAINERS,
    "method": FEATURE_METHODS,
}
"""Input that names something registered, to the registry."""


def job_function(kind: str) -> Callable[..., dict[str, Any]]:
    """Return the function that does jobs of a kind; it takes a ``JobContext`` and a ``Job``."""
    module, _, name = KINDS.get(kind, kind).partition(":")
    function: Callable[..., dict[str, Any]] = getattr(import_module(module), name)
    return function


def modules_of(kind: str, inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the modules whose code a job runs, without those that they import themselves.

    These are the module of the kind's function and those of the registered models, explainers and methods that the
    inputs name. The code of a model that a job takes over from another one is part of the other one's key.

    Args:
        kind: of the job.
        inputs: of the job; what stands under ``model``, ``explainer`` or ``method``, at any depth, is looked up.
    """
    named = {registry[name] for registry, name in _registered(inputs)}
    return tuple(sorted({entry.partition(":")[0] for entry in (KINDS.get(kind, kind), *named)}))


def _registered(value: Any) -> Iterator[tuple[Mapping[str, str], str]]:
    """Yield each registered name within the inputs, with its registry."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            registry = _REGISTRIES.get(key)
            if registry is not None and isinstance(inner, str) and inner in registry:
                yield registry, inner
            elif registry is MODELS and isinstance(inner, str) and ":" in inner:  # code of an installed package
                yield {inner: inner}, inner
            else:
                yield from _registered(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _registered(inner)
