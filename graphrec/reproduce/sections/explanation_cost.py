"""Cost of an explanation, the model's own beside LIME's (RecoNet, section 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from graphrec.report import Column, Figure, Finding, Points, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_OWN, _LIME = "own", "lime"


class ExplanationCost(Section):
    """Seconds of one core for one explanation, on the same model, side by side.

    Attributes:
        rows: whose explanations.
        users: for the model's own.
        slow_users: for all others.
        items: recommendations of each user, for the model's own.
        samples: LIME's at most.
        r2: LIME is given as many samples as its own fit needs to reach it on fresh ones.
        others: further explainers by name: ``explainer`` and its settings.
        bar: how many times cheaper the model's own is to be.
        seed: of the draw of users.
    """

    kind: ClassVar[str] = "explanation_cost"
    rows: tuple[str, ...] = Field(min_length=1)
    users: int = Field(500, ge=1)
    slow_users: int = Field(30, ge=1)
    items: int = Field(10, ge=1)
    samples: int = Field(5000, ge=2)
    r2: float = Field(0.9, gt=0, lt=1)
    others: dict[str, Settings] = Field({})
    bar: float = Field(10_000, gt=0)
    seed: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named rows."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a row."""
        return [self._job(study, row) for row in self.rows]

    def blocks(self, study: Study) -> list[Block]:
        """Return the times, how LIME's fits were, and whether the bar is reached."""
        rows: list[tuple[Cell, ...]] = []
        labels, seconds, texts, findings = [], [], [], []
        for row in self.rows:
            result = study.result(self._job(study, row))
            methods = result["methods"]
            own = methods[_OWN]["seconds"]
            for name, of in methods.items():
                label = {_OWN: "the model's own", _LIME: "LIME"}.get(name, name)
                rows.append((row, label, 1e6 * of["seconds"], of["seconds"] / own, of["explanations"]))
                labels.append(f"{row}: {label}")
                seconds.append(of["seconds"])
            texts.append(_fits(row, result["samples"], result["r2"], self.r2))
            times = methods[_LIME]["seconds"] / own
            findings.append(
                Finding(
                    f"{row}: its own explanation takes {number(1e6 * own)} µs of one core, LIME's "
                    f"{number(1e3 * methods[_LIME]['seconds'])} ms: {number(times, 0)} times cheaper "
                    f"(bar {number(self.bar, 0)}; the paper says more than 1,000)",
                    times >= self.bar,
                )
            )
        columns = (
            Column("row"),
            Column("explanation"),
            Column("one explanation", "µs of one core"),
            Column("times the model's own"),
            Column("timed"),
        )
        chart = Points("one explanation [s of one core]", tuple(labels), tuple(seconds), log_x=True)
        caption = "What one explanation costs, in processor time of one core; logarithmic."
        return [
            *map(Text, texts),
            Table(self.called, columns, tuple(rows), "Cost of one explanation on the same fitted model."),
            Figure(f"{self.called}-figure", chart, caption),
            *findings,
        ]

    def _job(self, study: Study, row: str) -> Job:
        names = ("users", "slow_users", "items", "samples", "r2", "others", "seed")
        inputs = {name: getattr(self, name) for name in names}
        return study.job("costs", row, f"what explanations of {row} cost", inputs, needs=[study.fit(row)])


def _fits(row: str, samples: list[int], r2: list[float | None], target: float) -> str:
    known = [value for value in r2 if value is not None]
    reached = sum(value >= target for value in known)
    return (
        f"{row}: LIME was given, pair by pair, as many samples as its own fit needs for R² ≥ {target:g} on fresh "
        f"samples: {int(np.median(samples)):,} in the median, {max(samples):,} at most; {reached} of {len(known)} fits "
        "reached it."
    )
