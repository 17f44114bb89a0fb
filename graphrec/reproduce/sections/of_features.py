"""Sections on methods that score features: what a recipe names, and what of it goes into jobs."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings, Strict

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class MethodPlan(Strict):
    """One way to score features.

    Attributes:
        method: registered name, of ``graphrec.evaluation.explanations.feature_methods``.
        row: whose fit it asks, or whose recommendations speak for a user where it looks at items; empty for none.
        settings: of the method.
        grid: values by setting, of which every combination is a trial; the best by validation reviews is taken, in
            sections that choose.
        paper: what the paper prints, by metric.
    """

    method: str
    row: str = ""
    settings: Settings = Field(default_factory=dict)
    grid: dict[str, tuple[Any, ...]] = Field(default_factory=dict)
    paper: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> MethodPlan:
        if not self.trials:
            raise ValueError("the grid has no combination")
        for trial in self.trials:
            if make_method(trial).asks_model and not self.row:
                raise ValueError(f"the method {self.method} asks a model: name a row")
        return self

    @property
    def trials(self) -> list[Settings]:
        """What ``make_method`` takes for every trial."""
        combinations = product(*self.grid.values())
        return [
            {"method": self.method, **self.settings, **dict(zip(self.grid, values, strict=True))}
            for values in combinations
        ]


class OfFeatures(Section):
    """A section on methods that score features.

    Attributes:
        methods: by the name that tables and figures give them.
        items: that a row recommends to a user, and that speak for the user where a method looks at items.
        seed: of the draw of users and of the order of ties.
    """

    methods: dict[str, MethodPlan] = Field(min_length=1)
    items: int = Field(10, ge=1)
    seed: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the rows that methods ask."""
        return tuple(dict.fromkeys(plan.row for plan in self.methods.values() if plan.row))

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the same rows."""
        return self.rows_used()


class OfUsers(OfFeatures):
    """A section on several methods for the same users, on the first split. Each has one setting.

    Attributes:
        users: that are drawn.
    """

    users: int = Field(1000, ge=1)

    @model_validator(mode="after")
    def _one_setting(self) -> OfUsers:
        several = [name for name, plan in self.methods.items() if len(plan.trials) != 1]
        if several:
            raise ValueError(f"{several[0]!r:.60} has a grid, and nothing is chosen here: give its settings")
        return self

    def job_of(self, study: Study, kind: str, label: str, **inputs: Any) -> Job:
        """Return a job on all methods and the fits that they ask.

        Args:
            study: with the fits.
            kind: of the job.
            label: what a person reads.
            inputs: beside ``methods``, ``users``, ``items`` and ``seed``.
        """
        rows = self.rows_used()
        plans = {
            name: {"settings": plan.trials[0], "fit": rows.index(plan.row) if plan.row else None}
            for name, plan in self.methods.items()
        }
        fits = [study.kept_fits(row)[0] for row in rows]
        own = {"methods": plans, "users": self.users, "items": self.items, "seed": self.seed}
        return study.job(kind, "features", label, {**own, **inputs}, needs=fits)
