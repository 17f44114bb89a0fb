"""Truth of the first reason on planted data where each user takes items for one value of one kind of attribute."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator

from graphrec.explainers.registry import find_explainer
from graphrec.models.registry import MODELS, find_model
from graphrec.planted.driver.config import DRIVERS, DriverConfig
from graphrec.planted.driver.driver_score import DriverScore
from graphrec.planted.driver.study import METHODS
from graphrec.planted.study import Method
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Spread, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.job import Job
from graphrec.reproduce.sections.claims import decided, interval_of, interval_text
from graphrec.reproduce.sections.section import Section, require_methods
from graphrec.reproduce.strict import Settings, Strict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.planted.stated.ranking import Estimate
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.study import Study

CONTROLS = {"random": "random reason", "count": "raw count", "surprise": "most surprising value"}
"""Controls by their names in a score, and what the report calls them."""


class MethodPlan(Strict):
    """One way to recommend and say why.

    Attributes:
        model: registered name.
        settings: of the model.
        explainer: registered name; ``model`` is the model itself.
        options: of the explainer.
        users: recommendations of so many users are explained; 0 for all.
    """

    model: str
    settings: Settings = Field({})
    explainer: str = "model"
    options: Settings = Field({})
    users: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _known(self) -> MethodPlan:
        require_methods((self.model,), MODELS)  # a name that is not registered may be code, which a recipe is not
        find_model(self.model).Config.read(dict(self.settings))
        find_explainer(self.explainer).Config.read(dict(self.options))
        return self


class PlantedDriver(Section):
    """The share of recommended items with the user's value whose first reason says so, by method, beside controls.

    Attributes:
        seeds: of the plantings of the standard setting.
        standard: settings of the planting put over the standard ones.
        vary: further values of single settings of the planting, all else at its standard, first seed.
        methods: by name; those of ``graphrec.planted.driver.study`` if left out.
        own: the method that is to reach the bar.
        bar: share of true first reasons.
        k: recommendations a user.
    """

    kind: ClassVar[str] = "planted_driver"
    seeds: tuple[int, ...] = Field((100, 101, 102), min_length=1)
    standard: Settings = Field({})
    vary: dict[str, tuple[float, ...]] = Field({})
    methods: dict[str, MethodPlan] = Field({})
    own: str
    bar: float = Field(0.97, ge=0, le=1)
    k: int = Field(10, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> PlantedDriver:
        require_methods((self.own,), self._methods)
        for name, values in (("seed", (0,)), *self.vary.items()):
            for value in values:
                DriverConfig.read({**self.standard, name: value}).require_sense()
        return self

    def jobs(self, study: Study) -> list[Job]:  # noqa: ARG002
        """Return one job a planting."""
        base = self._base
        standard = [{**base, "seed": seed} for seed in self.seeds]
        further = [
            {**base, "seed": self.seeds[0], name: value}
            for name, values in self.vary.items()
            for value in values
            if value != base[name]
        ]
        return [self._job(planting) for planting in standard + further]

    def blocks(self, study: Study) -> list[Block]:
        """Return the standard setting as a table, a figure for each varied setting, and the bar."""
        points = [point for job in self.jobs(study) for point in study.result(job)["points"]]
        scores = self._standard(points)
        base = DriverConfig.read(dict(self.standard))
        text = (
            f"Standard setting: {base.users:,} users, of whom each follows one director, actor or genre; {base.items:,}"
            f" items, {base.interactions} interactions a user, {100 * base.noise:g} % of them noise, Zipf exponent "
            f"{base.zipf:g}, correlation of a value and its decoy {base.correlation:g}; {len(self.seeds)} plantings. "
            "Counted are recommended items that carry what the user follows. A first reason is true if it is a taken "
            "item that carries it too, and names its kind. Intervals are over the users of all plantings. "
            f"Controls on the same recommendations: a {CONTROLS['random']}; the {CONTROLS['count']}, which names the "
            "value that most taken items carry; and, as what the data tell at most, the value that they carry most "
            "surprisingly."
        )
        return [
            Text(text),
            self._table(scores),
            *(self._curve(points, name) for name in self.vary),
            self._found(scores),
        ]

    @property
    def _methods(self) -> Mapping[str, Method]:
        return {name: Method(**plan.model_dump()) for name, plan in self.methods.items()} or METHODS

    @property
    def _base(self) -> dict[str, Any]:
        return DriverConfig.read(dict(self.standard)).model_dump()

    def _job(self, planting: dict[str, Any]) -> Job:
        config = DriverConfig.read(planting)
        inputs = {
            "planting": config.model_dump(),
            "methods": {name: asdict(method) for name, method in self._methods.items()},
            "k": self.k,
        }
        changed = ", ".join(f"{name} {value:g}" for name, value in planting.items() if value != self._base[name])
        return Job("planted_driver", "planted", f"planted drivers: {changed or 'standard'}", inputs)

    def _standard(self, points: list[dict[str, Any]]) -> dict[str, list[DriverScore]]:
        """Return the scores on the standard plantings by method, in the order of the seeds."""
        scores: dict[str, list[DriverScore]] = {}
        for point in points:
            if {**point["planting"], "seed": 0} == {**self._base, "seed": 0}:
                scores.setdefault(point["method"], []).append(DriverScore.from_dict(point["score"]))
        return scores

    def _table(self, scores: Mapping[str, Sequence[DriverScore]]) -> Table:
        columns = (
            Column("method"),
            Column("first reason is true", digits=3),
            Column("its item is", digits=3),
            *(Column(kind, digits=3) for kind in DRIVERS),
            *(Column(name, digits=3) for name in CONTROLS.values()),
            Column("recommendations that carry the value, %", digits=1),
        )
        rows: list[tuple[Cell, ...]] = []
        for method, of_plantings in scores.items():
            whole = DriverScore.mean_of(of_plantings)
            shares = [whole.true, whole.of_true_item, *(whole.kinds.get(kind) for kind in DRIVERS)]
            shares += [getattr(whole, name) for name in CONTROLS]
            carrying = 100 * whole.carrying / max(whole.recommendations, 1)
            rows.append((method, *(None if share is None else _interval(share) for share in shares), carrying))
        caption = (
            "Standard setting: share of the recommendations that carry the user's value whose first reason is true, "
            "in all, by kind of the value, and of the controls, with 95 % intervals."
        )
        return Table(f"{self.called}-standard", columns, tuple(rows), caption)

    def _curve(self, points: list[dict[str, Any]], name: str) -> Figure:
        """Return the share of each method and of the controls, those on the own method's recommendations."""
        curves: dict[str, dict[float, float]] = {}
        for point in points:
            planting = point["planting"]
            if {**planting, name: 0} == {**self._base, "seed": self.seeds[0], name: 0}:
                shares = {point["method"]: "true"}
                if point["method"] == self.own:
                    shares.update({called: control for control, called in CONTROLS.items()})
                for called, share in shares.items():
                    curves.setdefault(called, {})[planting[name]] = point["score"][share]["mean"]
        lines = []
        for called, curve in curves.items():
            ordered = sorted((x, y) for x, y in curve.items() if y is not None)
            lines.append(Band(called, tuple(x for x, _ in ordered), tuple(y for _, y in ordered)))
        meaning = DriverConfig.model_fields[name].description
        caption = f"True first reasons against the planting's {name}, all else at its standard, seed {self.seeds[0]}."
        y_label = "share of first reasons that are true"
        return Figure(f"{self.called}-{name}", Lines(f"{name}: {meaning}", y_label, tuple(lines)), caption)

    def _found(self, scores: Mapping[str, Sequence[DriverScore]]) -> Finding:
        own = scores[self.own]
        whole = DriverScore.mean_of(own)
        others = {called: getattr(whole, name) for name, called in CONTROLS.items()}
        return self.finding(interval_of(Spread.of([score.true.mean for score in own])), others)

    def finding(self, share: Interval, controls: Mapping[str, Estimate]) -> Finding:
        """Return whether ``own`` names a true reason first more often than the bar says.

        Args:
            share: of true first reasons, with its interval over plantings.
            controls: by what the report calls them.
        """
        percent = Interval(100 * share.value, 100 * share.low, 100 * share.high)
        others = ", ".join(f"{name} {number(100 * one.mean, 1)} %" for name, one in controls.items())
        return Finding(
            f"Planted drivers, standard setting: the first reason of {self.own} is true in {interval_text(percent, 1)} "
            f"% of the recommendations that carry what the user follows, over plantings; {100 * self.bar:g} % was to "
            f"be reached (controls: {others})",
            decided(share, self.bar),
        )


def _interval(estimate: Estimate) -> Interval:
    return Interval(estimate.mean, *estimate.interval)
