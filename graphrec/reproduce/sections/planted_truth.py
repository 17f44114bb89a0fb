"""Truth of the first reason on planted data, where the true reasons are known."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator

from graphrec.planted.config import PlantedConfig
from graphrec.planted.study import METHODS
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Spread, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.job import Job
from graphrec.reproduce.sections.claims import decided, interval_of, interval_text
from graphrec.reproduce.sections.section import Section, require_methods
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.study import Study


class PlantedTruth(Section):
    """The share of recommendations that have a true reason and name one first, by method.

    Attributes:
        seeds: of the plantings of the standard setting.
        standard: settings of the planting put over the standard ones.
        noise: further values, correlation at its standard, first seed.
        correlation: further values, noise at its standard, first seed.
        methods: names of those of ``graphrec.planted.study`` that are measured; all if left out.
        models: settings by model, put over theirs.
        own: the method that is to reach the bar.
        known_as: how the report calls that method; its name if left out.
        bar: share of true first reasons.
        k: recommendations a user.
    """

    kind: ClassVar[str] = "planted_truth"
    seeds: tuple[int, ...] = Field((100, 101, 102), min_length=1)
    standard: Settings = Field({})
    noise: tuple[float, ...] = (0.0, 0.1, 0.3, 0.4, 0.5, 0.6)
    correlation: tuple[float, ...] = (0.0, 0.25, 0.75, 0.9)
    methods: tuple[str, ...] = ()
    models: dict[str, Settings] = Field({})
    own: str = "RecoNet"
    known_as: str = ""
    bar: float = Field(0.95, ge=0, le=1)
    k: int = Field(10, ge=1)

    @model_validator(mode="after")
    def _known(self) -> PlantedTruth:
        require_methods((*self.methods, self.own), METHODS)
        PlantedConfig.read(dict(self.standard))
        return self

    def jobs(self, study: Study) -> list[Job]:  # noqa: ARG002
        """Return one job a planting."""
        base = self._base
        changes: list[dict[str, float]] = [{"seed": seed} for seed in self.seeds]
        changes += [{"seed": self.seeds[0], "noise": v} for v in self.noise if v != base.noise]
        changes += [{"seed": self.seeds[0], "correlation": v} for v in self.correlation if v != base.correlation]
        return [self._job(base.model_copy(update=change)) for change in changes]

    def blocks(self, study: Study) -> list[Block]:
        """Return the standard setting as a table, the curves over noise and correlation, and the bar."""
        points = [point for job in self.jobs(study) for point in study.result(job)["points"]]
        base = self._base
        text = (
            f"Standard setting: {base.users:,} users, {base.items:,} items, {base.interactions} interactions a user, "
            f"{100 * base.noise:g} % of them noise, Zipf exponent {base.zipf:g}, attribute correlation "
            f"{base.correlation:g}; {len(self.seeds)} plantings."
        )
        return [
            Text(text),
            self._table(points),
            *(self._curves(points, over) for over in ("noise", "correlation")),
            self._finding(points),
        ]

    @property
    def _base(self) -> PlantedConfig:
        return PlantedConfig.read(dict(self.standard))

    def _job(self, planting: PlantedConfig) -> Job:
        names = self.methods or tuple(METHODS)
        methods = {name: asdict(METHODS[name]) for name in names}
        for method in methods.values():
            method["settings"] = {**method["settings"], **self.models.get(method["model"], {})}
        inputs = {"planting": planting.model_dump(), "methods": methods, "k": self.k}
        label = f"planted truth: noise {planting.noise:g}, correlation {planting.correlation:g}, seed {planting.seed}"
        return Job("planted", "planted", label, inputs)

    def _table(self, points: list[dict[str, Any]]) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for method in dict.fromkeys(point["method"] for point in points):
            scores = [p["score"] for p in self._standard(points, method)]
            shares = [_spread([score[name] for score in scores]) for name in ("true", "strict")]
            rows.append((method, *shares, sum(score["with_reason"] for score in scores)))
        columns = (
            Column("method"),
            Column("first reason is true", digits=3),
            Column("strictly", digits=3),
            Column("recommendations with a reason"),
        )
        caption = "Standard setting, share of the recommendations that have a reason: mean ± standard deviation."
        return Table(f"{self.called}-standard", columns, tuple(rows), caption)

    def _curves(self, points: list[dict[str, Any]], over: str) -> Figure:
        other = "correlation" if over == "noise" else "noise"
        standard = getattr(self._base, other)
        lines = []
        for method in dict.fromkeys(point["method"] for point in points):
            shares: dict[float, list[float]] = {}
            for point in points:
                share = point["score"]["true"]
                if point["method"] == method and point[other] == standard and share is not None:
                    shares.setdefault(point[over], []).append(share)
            ordered = sorted(shares.items())
            lines.append(Band(method, tuple(x for x, _ in ordered), tuple(sum(y) / len(y) for _, y in ordered)))
        name = "share of noise" if over == "noise" else "correlation of attribute and decoy (φ)"
        caption = f"Where it breaks: true first reasons against the {name}, all else at its standard."
        return Figure(
            f"{self.called}-{over}", Lines(name, "share of first reasons that are true", tuple(lines)), caption
        )

    def _finding(self, points: list[dict[str, Any]]) -> Finding:
        methods = dict.fromkeys(point["method"] for point in points)
        shares = {name: _spread([p["score"]["true"] for p in self._standard(points, name)]) for name in methods}
        return self.finding(shares)

    def finding(self, shares: Mapping[str, Spread | None]) -> Finding:
        """Return whether ``own`` names a true reason first more often than the bar says.

        Args:
            shares: of true first reasons by method, over the plantings of the standard setting.
        """
        spread = shares.get(self.own)
        share = interval_of(spread) if spread is not None else Interval(*3 * (float("nan"),))
        percent = Interval(100 * share.value, 100 * share.low, 100 * share.high)
        others = ", ".join(
            f"{name} {number(100 * one.mean, 0)} %" for name, one in shares.items() if name != self.own and one
        )
        return Finding(
            f"Planted truth, standard setting: the first reason of {self.known_as or self.own} is true in "
            f"{interval_text(percent, 1)} % of the recommendations that have one; more than {100 * self.bar:g} % was "
            "to be reached" + (f" (others: {others})" if others else ""),
            decided(share, self.bar),
        )

    def _standard(self, points: list[dict[str, Any]], method: str) -> list[dict[str, Any]]:
        base = self._base
        setting = (method, base.noise, base.correlation)
        return [point for point in points if (point["method"], point["noise"], point["correlation"]) == setting]


def _spread(values: list[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    return Spread.of(known) if known else None
