"""How well reasons rank what people state to like above what they state to dislike, on planted data."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator

from graphrec.planted.stated.config import StatedConfig
from graphrec.planted.stated.ranking import Estimate
from graphrec.planted.stated.study import METHODS
from graphrec.planted.stated.yardsticks import COUNT
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Spread, Table, Text
from graphrec.reproduce.job import Job
from graphrec.reproduce.sections.claims import decided, interval_of, interval_text, relation
from graphrec.reproduce.sections.section import Section, require_methods
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.study import Study


class StatedTastes(Section):
    """AUC of each method's scores of values for what people state, beside the plain count and a control.

    Attributes:
        seeds: of the plantings of the standard setting.
        standard: settings of the planting put over the standard ones.
        vary: further values of single settings of the planting, all else at its standard, first seed.
        methods: names of those of ``graphrec.planted.stated.study`` that are measured; all if left out.
        varied: names of those that are measured where a setting is varied; ``own`` alone if left out.
        models: settings by model, put over theirs.
        own: the method that is to be above the plain count.
        users: so many users are asked; 0 for all.
        k: recommendations a user.
    """

    kind: ClassVar[str] = "stated_tastes"
    seeds: tuple[int, ...] = Field((100, 101, 102), min_length=1)
    standard: Settings = Field({})
    vary: dict[str, tuple[float, ...]] = Field({})
    methods: tuple[str, ...] = ()
    varied: tuple[str, ...] = ()
    models: dict[str, Settings] = Field({})
    own: str = "EASE with attributes: joint effect, lift"
    users: int = Field(0, ge=0)
    k: int = Field(10, ge=1)

    @model_validator(mode="after")
    def _known(self) -> StatedTastes:
        require_methods((*self.methods, *self.varied, self.own), METHODS)
        StatedConfig.read({**self.standard, **{name: values[0] for name, values in self.vary.items() if values}})
        return self

    def jobs(self, study: Study) -> list[Job]:  # noqa: ARG002
        """Return one job a planting."""
        base, first = self._base, self.seeds[0]
        standard = [self._job(base.model_copy(update={"seed": seed}), self._measured) for seed in self.seeds]
        further = [
            self._job(StatedConfig.read({**base.model_dump(), "seed": first, name: value}), self.varied or (self.own,))
            for name, values in self.vary.items()
            for value in values
            if value != getattr(base, name)
        ]
        return standard + further

    def blocks(self, study: Study) -> list[Block]:
        """Return the standard setting as a table, a figure for each varied setting, and what follows."""
        points = [point for job in self.jobs(study) for point in study.result(job)["points"]]
        base = self._base
        text = (
            f"Standard setting: {base.users:,} users, {base.items:,} items, {base.interactions} interactions a user, "
            f"{base.values} values, of which a user likes {100 * base.likes:g} % and dislikes as many on average, "
            f"strength {base.strength:g}; {len(self.seeds)} plantings. Intervals are over the users of all plantings."
        )
        return [
            Text(text),
            self._table(points),
            *(self._curve(points, name) for name in self.vary),
            *self.findings(self._standard(points)),
        ]

    @property
    def _base(self) -> StatedConfig:
        return StatedConfig.read(dict(self.standard))

    @property
    def _measured(self) -> tuple[str, ...]:
        return self.methods or tuple(METHODS)

    def _job(self, planting: StatedConfig, names: Sequence[str]) -> Job:
        methods = {name: asdict(METHODS[name]) for name in names}
        for method in methods.values():
            method["settings"] = {**method["settings"], **self.models.get(method["model"], {})}
        inputs = {"planting": planting.model_dump(), "methods": methods, "users": self.users, "k": self.k}
        base = self._base.model_dump()
        changed = ", ".join(f"{name} {value:g}" for name, value in planting.model_dump().items() if value != base[name])
        return Job("stated_tastes", "planted", f"stated tastes: {changed or 'seed 0'}", inputs)

    def _standard(self, points: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        """Return the scores on the standard plantings by method."""
        scores: dict[str, list[dict[str, Any]]] = {}
        base = self._base.model_dump(exclude={"seed"})
        for point in points:
            if {name: value for name, value in point["planting"].items() if name != "seed"} == base:
                scores.setdefault(point["method"], []).append(point["score"])
        return scores

    def _table(self, points: list[dict[str, Any]]) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for method, scores in self._standard(points).items():
            cells = (
                _pooled([score["auc"] for score in scores]),
                _pooled([score["over"][COUNT] for score in scores]) if method != COUNT else None,
                *(_pooled([score[name] for score in scores]) for name in ("control", "personal")),
                _pooled([score["personal_over_count"] for score in scores]) if method != COUNT else None,
            )
            rows.append((method, *cells, sum(score["users"] for score in scores)))
        columns = (
            Column("method"),
            Column("AUC", digits=3),
            Column("less the count's", digits=3, signed=True),
            Column("control", digits=3),
            Column("personal part", digits=3),
            Column("less the count's personal part", digits=3, signed=True),
            Column("users"),
        )
        caption = (
            "Standard setting: how well each method ranks what a user likes above what the user dislikes, with 95 % "
            "intervals. The first rows know no model. In the control, each user's items change places."
        )
        above = frozenset(n for n, row in enumerate(rows) if isinstance(row[2], Interval) and row[2].low > 0)
        return Table(f"{self.called}-standard", columns, tuple(rows), caption, above)

    def _curve(self, points: list[dict[str, Any]], name: str) -> Figure:
        base = self._base.model_dump()
        lines = []
        for method in dict.fromkeys((COUNT, *(self.varied or (self.own,)))):
            at = {
                point["planting"][name]: point["score"]["auc"]["mean"]
                for point in points
                if point["method"] == method
                and point["planting"]["seed"] == self.seeds[0]
                and all(point["planting"][other] == base[other] for other in base if other not in (name, "seed"))
            }
            ordered = sorted((x, y) for x, y in at.items() if y is not None)
            lines.append(Band(method, tuple(x for x, _ in ordered), tuple(y for _, y in ordered)))
        meaning = StatedConfig.model_fields[name].description
        caption = f"AUC against the planting's {name}, all else at its standard, seed {self.seeds[0]}."
        return Figure(f"{self.called}-{name}", Lines(f"{name}: {meaning}", "AUC", tuple(lines)), caption)

    def findings(self, scores: Mapping[str, list[dict[str, Any]]]) -> list[Finding]:
        """Return how the own method stands to the plain count, and what else that difference must be seen beside.

        Args:
            scores: on the standard plantings, by method; those of one method in the order of the seeds.
        """
        own = scores.get(self.own, [])
        differences = {
            name: _over_plantings([score["over"][name]["mean"] for score in own])
            for name in (own[0]["over"] if own else ())
        }
        beaten = differences.get(COUNT, Interval(*3 * (math.nan,)))
        control = _over_plantings([score["over_control"]["mean"] for score in own])
        personal = _over_plantings([score["personal_over_count"]["mean"] for score in own])
        others = "; ".join(
            f"{relation(decided(interval))} “{name}” ({interval_text(interval, 3, signed=True)})"
            for name, interval in differences.items()
            if name != COUNT
        )
        plantings = f"over {len(own)} plantings"
        return [
            Finding(
                f"Stated tastes, standard setting: {self.own} is {relation(decided(beaten))} the plain count of taken "
                f"items with the value in AUC, {interval_text(beaten, 3, signed=True)} {plantings}, and "
                f"{relation(decided(control))} its own control ({interval_text(control, 3, signed=True)})",
                decided(beaten),
            ),
            Finding(
                f"The same beside other yardsticks: {others}; its personal part is {relation(decided(personal))} the "
                f"personal part of the count ({interval_text(personal, 3, signed=True)})"
            ),
        ]


def _pooled(estimates: list[dict[str, Any] | None]) -> Interval | None:
    """Return the mean over plantings with its interval over their users; None where a planting has none."""
    known = [Estimate(one["mean"], one["error"]) for one in estimates if one and one["error"] is not None]
    if len(known) < len(estimates):
        return None
    pooled = Estimate.mean_of(known)
    return Interval(pooled.mean, *pooled.interval)


def _over_plantings(values: list[float | None]) -> Interval:
    known = [value for value in values if value is not None]
    return interval_of(Spread.of(known)) if known else Interval(*3 * (math.nan,))
