"""Kinds of sections of a report: one file each, and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from graphrec.errors import InputError, UsageError
from graphrec.report.document import require_file_name
from graphrec.reproduce.named_code import class_of_recipe

if TYPE_CHECKING:
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.sections.section import Section

SECTIONS = {
    "results_table": "graphrec.reproduce.sections.results_table:ResultsTable",
    "paired_differences": "graphrec.reproduce.sections.paired_differences:PairedDifferences",
    "cold_start_curves": "graphrec.reproduce.sections.cold_start_curves:ColdStartCurves",
    "cold_items": "graphrec.reproduce.sections.cold_items:ColdItems",
    "removal_curves": "graphrec.reproduce.sections.removal_curves:RemovalCurves",
    "top1_distributions": "graphrec.reproduce.sections.top1_distributions:TopOneDistributions",
    "agreement_by_position": "graphrec.reproduce.sections.agreement_by_position:AgreementByPosition",
    "explanation_cost": "graphrec.reproduce.sections.explanation_cost:ExplanationCost",
    "stability": "graphrec.reproduce.sections.stability:StabilityOverSeeds",
    "planted_truth": "graphrec.reproduce.sections.planted_truth:PlantedTruth",
    "planted_driver": "graphrec.reproduce.sections.planted_driver:PlantedDriver",
    "stated_tastes": "graphrec.reproduce.sections.stated_tastes:StatedTastes",
    "sankey": "graphrec.reproduce.sections.sankey:SankeyOfOne",
    "sensitivity": "graphrec.reproduce.sections.sensitivity:Sensitivity",
    "departures": "graphrec.reproduce.sections.departures:Departures",
    "shift_curves": "graphrec.reproduce.sections.shift_curves:ShiftCurves",
    "score_falls": "graphrec.reproduce.sections.score_falls:ScoreFalls",
    "group_removal": "graphrec.reproduce.sections.group_removal:RemovedGroups",
    "network_masking": "graphrec.reproduce.sections.network_masking:MaskedNetworks",
    "attention_groups": "graphrec.reproduce.sections.attention_groups:AttentionGroups",
    "explainability": "graphrec.reproduce.sections.explainability:ExplainabilityTables",
    "near_cold": "graphrec.reproduce.sections.near_cold:NearCold",
    "training_sizes": "graphrec.reproduce.sections.training_sizes:TrainingSizes",
    "network_leak": "graphrec.reproduce.sections.network_leak:NetworkLeak",
    "review_leak": "graphrec.reproduce.sections.review_leak:ReviewLeak",
    "explanation_graphs": "graphrec.reproduce.sections.explanation_graphs:ExplanationGraphs",
    "embedding_map": "graphrec.reproduce.sections.embedding_map:EmbeddingMap",
    "feature_agreement": "graphrec.reproduce.sections.feature_agreement:FeatureAgreementTable",
    "explanation_words": "graphrec.reproduce.sections.explanation_words:ExplanationWords",
    "explanation_correlation": "graphrec.reproduce.sections.explanation_correlation:ExplanationCorrelation",
    "explanation_map": "graphrec.reproduce.sections.explanation_map:ExplanationMap",
    "feature_tilt": "graphrec.reproduce.sections.feature_tilt:TiltOfFeatures",
    "latent_spaces": "graphrec.reproduce.sections.latent_spaces:LatentSpaces",
    "cluster_quality": "graphrec.reproduce.sections.cluster_quality:QualityOfClusters",
    "cluster_stability": "graphrec.reproduce.sections.cluster_stability:StabilityOfClusters",
    "factor_mapping": "graphrec.reproduce.sections.factor_mapping:MappedFactors",
    "pruning": "graphrec.reproduce.sections.pruning:PrunedDimensions",
    "convergence": "graphrec.reproduce.sections.convergence:Convergence",
    "data_distributions": "graphrec.reproduce.sections.data_distributions:DataDistributions",
    "altered_dimensions": "graphrec.reproduce.sections.altered_dimensions:DimensionsAltered",
    "settings": "graphrec.reproduce.sections.settings:SettingsChosen",
}
"""Kind of section to ``module:class``."""


def read_sections(recipe: Recipe, where: str = "") -> list[Section]:
    """Return the sections of a recipe.

    Args:
        recipe: whose sections to read.
        where: the file, for the message.

    Raises:
        InputError: an unknown kind or parameter, a row that the recipe does not have, or a name used twice.
    """
    sections: list[Section] = []
    for place, entry in enumerate(recipe.sections, start=1):
        at = f"{where}, section {place}" if where else f"section {place}"
        parameters = {name: value for name, value in entry.items() if name != "kind"}
        section = _kind(entry.get("kind"), at)
        try:
            read = section.model_validate(parameters)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            raise InputError(
                f"{entry['kind']}: {name}: {first['msg'].lower()}",
                where=at,
                remedy=f"Parameters of this kind: {', '.join(section.model_fields)}",
            ) from error
        except UsageError as error:
            raise InputError(f"{entry['kind']}: {error.what}", where=at, remedy=error.remedy) from error
        names = {"row": {row.name for row in recipe.rows}, "reasons": {plan.name for plan in recipe.reasons}}
        for what, used in (("row", read.rows_used()), ("reasons", read.reasons_used())):
            unknown = [name for name in used if name not in names[what]]
            if unknown:
                raise InputError(f"the recipe has no {what} {unknown[0]!r}", where=at)
        try:
            require_file_name(read.called)
        except ValueError as error:
            raise InputError(str(error), where=at, remedy="Give it a plain `name`") from error
        if read.called in {other.called for other in sections}:
            raise InputError(f"two sections are called {read.called!r}", where=at, remedy="Give one another `name`")
        sections.append(read)
    return sections


def _kind(kind: object, where: str) -> type[Section]:
    from graphrec.reproduce.sections.section import Section

    try:
        section = class_of_recipe(str(kind), SECTIONS)
    except UsageError as error:
        raise InputError(error.what, where=where, remedy=error.remedy) from error
    if not (isinstance(section, type) and issubclass(section, Section)):
        raise InputError(
            f"there is no kind of section {kind!r:.80}",
            where=where,
            remedy=f"Known: {', '.join(SECTIONS)}, or module:class of an installed package",
        )
    return section
