"""Checks of a recipe that need no data: that its names and settings exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError, UsageError
from graphrec.reproduce.named_code import model_of_recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.sections.section import Section


def check_names(recipe: Recipe, sections: list[Section], where: str) -> None:
    """Refuse a recipe with settings, metrics, explainers or a split that do not exist.

    Args:
        recipe: to check.
        sections: its sections, read.
        where: the file, for the message.

    Raises:
        InputError: names what is wrong and in which part.
    """
    parts = (_data(recipe), _rows(recipe), _protocol(recipe), _reasons(recipe))
    for part in parts:
        try:
            for name in part:
                place = name
        except UsageError as error:
            raise InputError(f"{place}: {error.what}", where=where, remedy=error.remedy) from error
    for section in sections:
        unknown = [name for name in section.metrics_used() if name not in recipe.protocol.measured]
        if unknown:
            raise InputError(
                f"the section {section.called!r} shows {unknown[0]}, which is not measured",
                where=where,
                remedy="Name it under `also` of the protocol, and its candidates under `also_candidates`",
            )


def _data(recipe: Recipe) -> Iterator[str]:
    from graphrec.dataset.filters import FilterStep

    for place, step in enumerate(recipe.data.keep, start=1):
        yield f"step {place} of keep"
        FilterStep.parse(step)


def _rows(recipe: Recipe) -> Iterator[str]:
    for row in recipe.rows:
        yield f"row {row.name!r}"
        for trial in row.tried:
            model_of_recipe(row.model).Config.read(trial)


def _protocol(recipe: Recipe) -> Iterator[str]:
    from graphrec.dataset.positive_rule import PositiveRule
    from graphrec.evaluation import Metric, parse_candidates
    from graphrec.reproduce.splits import require_plan

    protocol = recipe.protocol
    yield "protocol"
    PositiveRule(protocol.positive_if)
    for name in protocol.metrics:
        Metric.parse(name)
    for candidates in (protocol.candidates, *protocol.also_candidates):
        parse_candidates(candidates)
    if len({protocol.candidates, *protocol.also_candidates}) < 1 + len(protocol.also_candidates):
        raise UsageError("the same candidates are named twice", remedy="Name under `also_candidates` only other ones")
    require_plan(protocol.split)
    if min(protocol.seeds) < 0:
        raise UsageError(f"{min(protocol.seeds)} is no seed", remedy="Give seeds of 0 or more")


def _reasons(recipe: Recipe) -> Iterator[str]:
    from graphrec.explainers.registry import find_explainer

    for plan in recipe.reasons:
        for name, method in plan.methods.items():
            yield f"{name} of the reasons {plan.name!r}"
            if "explainer" not in method:
                raise UsageError("it names no explainer", remedy='Write explainer = "lime", for instance')
            settings = {setting: value for setting, value in method.items() if setting != "explainer"}
            find_explainer(str(method["explainer"])).Config.read(settings)
