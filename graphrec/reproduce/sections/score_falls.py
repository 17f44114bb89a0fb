"""Fall of the recommended item without its first reasons, in standard deviations of the user's scores or in log p."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation.explanations.falls import Unit  # noqa: TC001 - pydantic reads it
from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import all_decided, decided, interval_text, mean_interval, ratio_of_means
from graphrec.reproduce.sections.oracle import Oracle  # noqa: TC001 - pydantic reads it
from graphrec.reproduce.sections.section import Section, require_methods
from graphrec.reproduce.sections.units import UNITS
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class ScoreFalls(Section):
    """Fall of the item without the first n reasons of every method beside Random, paired against one method.

    Attributes:
        measure: what a fall is counted in: ``sd``, standard deviations of the user's scores, or ``log_p``, the
            logarithm of the item's softmax over what the user has not taken.
        row: whose fits, one a split, are explained; the users of all splits are put together.
        methods: explainers by the name that the table gives them: ``explainer`` and its settings.
        own: the method that the others are paired against.
        times: how many times Random's fall ``own`` is to reach at every n.
        above: methods that ``own`` is to be above at every n.
        not_above: methods that are not to be above ``own`` at any n.
        oracle: one of the methods whose fall shares are of, what ``own`` is to reach of it, and at what cost; None
            compares with none and times nothing.
        removed: n.
        users: users of a split.
        k: items recommended, all of which are explained.
        seed: of the draw of users, of Random and of ties.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "score_falls"
    row: str
    methods: dict[str, Settings] = Field(min_length=1)
    own: str
    times: float = Field(2.0, gt=0)
    above: tuple[str, ...] = ()
    not_above: tuple[str, ...] = ()
    measure: Unit = "sd"
    oracle: Oracle | None = None
    removed: tuple[int, ...] = Field((1, 3, 5), min_length=1)
    users: int = Field(500, ge=2)
    k: int = Field(1, ge=1)
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _known(self) -> ScoreFalls:
        oracle = [self.oracle.method] if self.oracle else []
        require_methods((self.own, *self.above, *self.not_above, *oracle), self.methods)
        if min(self.removed) < 1:
            raise ValueError(f"{self.removed} are no numbers of reasons to remove")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a split, and one of what explanations cost."""
        return [*self._falls(study), *self._costs(study)]

    def _falls(self, study: Study) -> list[Job]:
        fits = study.kept_fits(self.row)[: self.splits or None]
        inputs = {
            "methods": self.methods,
            "users": self.users,
            "removed": list(self.removed),
            "k": self.k,
            "seed": self.seed,
            **({} if self.measure == "sd" else {"unit": self.measure}),
        }
        label = f"falls of {self.row}'s scores"
        return [
            study.job("falls", self.row, f"{label}, split {at + 1}", {**inputs, "split": study.splits[at]}, needs=[fit])
            for at, fit in enumerate(fits)
        ]

    def _costs(self, study: Study) -> list[Job]:
        if not self.oracle:
            return []
        inputs = {"methods": self.methods, "users": self.oracle.users, "seed": self.seed}
        label = f"what explanations of {self.row} cost"
        return [study.job("method_costs", self.row, label, inputs, needs=[study.fit(self.row)])]

    def blocks(self, study: Study) -> list[Block]:
        """Return the curves, the table, and what follows."""
        jobs = self._falls(study)
        results = [study.result(job) for job in jobs]
        falls = {
            name: np.concatenate([np.asarray(one[name], dtype=np.float64) for one in results])
            for name in (*self.methods, RANDOM)
        }
        own = falls[self.own]
        intervals = {name: _intervals(values) for name, values in falls.items()}
        differences = {name: _intervals(own - values) for name, values in falls.items() if name != self.own}
        users = int((~np.isnan(own[:, 0])).sum())
        caption = (
            f"{self.row}: fall of {self._fallen} without the first n reasons of each method, in {self._counted_in}, "
            f"with 95 % intervals over {users:,} users of {counted(len(jobs), 'split')}."
        )
        return [
            self._figure(intervals, caption),
            self._table(intervals, differences, caption),
            *self.findings([ratio_of_means(*both) for both in zip(own.T, falls[RANDOM].T, strict=True)], differences),
            *self._beside_oracle(study, falls),
        ]

    def _beside_oracle(self, study: Study, falls: Mapping[str, npt.NDArray[np.float64]]) -> list[Block]:
        """Return which share of the oracle's fall each method reaches, and what its explanations cost."""
        if not self.oracle:
            return []
        of_oracle = falls[self.oracle.method]
        shares = {
            _shown(name): [ratio_of_means(*both) for both in zip(values.T, of_oracle.T, strict=True)]
            for name, values in falls.items()
        }
        (costs,) = (study.result(job) for job in self._costs(study))
        seconds = {name: float(costs[name]["seconds"]) for name in self.methods}
        return [
            self.oracle.table(f"{self.called}-oracle", self.removed, shares, seconds),
            *self.oracle.findings(self.row, self.own, self.removed, shares[self.own], seconds),
        ]

    @property
    def _fallen(self) -> str:
        return "the recommended item's score" if self.measure == "sd" else "the recommended item's log p"

    @property
    def _counted_in(self) -> str:
        over = "over what the user has not taken"
        return f"standard deviations of the user's scores {over}" if self.measure == "sd" else f"the softmax {over}"

    def _figure(self, intervals: Mapping[str, Sequence[Interval]], caption: str) -> Figure:
        x = tuple(map(float, self.removed))
        lines = []
        for name, curve in intervals.items():
            y, low, high = (tuple(getattr(one, end) for one in curve) for end in ("value", "low", "high"))
            lines.append(Band(_shown(name), x, y, low, high))
        axes = "n, reasons removed", f"fall [{UNITS[self.measure]}]"
        return Figure(f"{self.called}-figure", Lines(*axes, tuple(lines)), caption)

    def _table(
        self, intervals: Mapping[str, Sequence[Interval]], differences: Mapping[str, Sequence[Interval]], caption: str
    ) -> Table:
        columns = [Column("method"), *(Column(f"n = {n}", digits=3) for n in self.removed)]
        columns += [Column(f"{self.own} less it, n = {n}", digits=3, signed=True) for n in self.removed]
        rows: list[tuple[Cell, ...]] = [
            (_shown(name), *curve, *differences.get(name, [None] * len(curve))) for name, curve in intervals.items()
        ]
        return Table(self.called, tuple(columns), tuple(rows), f"{caption} Differences are of the same pairs.")

    def findings(self, ratios: Sequence[Interval], differences: Mapping[str, Sequence[Interval]]) -> list[Finding]:
        """Return how the fall of ``own`` stands to that of Random and of the others.

        Args:
            ratios: fall of ``own`` over Random's, for each n.
            differences: by method, fall of ``own`` − that of the method, for each n.
        """
        texts = [f"{interval_text(one, 2)} at n = {n}" for n, one in zip(self.removed, ratios, strict=True)]
        falling = "the score falls" if self.measure == "sd" else "log p falls"
        found = [
            Finding(
                f"{self.row}: without the first reasons of {self.own} {falling} by so many times what it falls "
                f"without random ones: {', '.join(texts)}; more than {number(self.times, 1)} was to be reached",
                all_decided([decided(one, self.times) for one in ratios]),
            )
        ]
        found += [
            Finding(
                f"{self.row}: the fall of {self.own} is above that of {name}: {self._listed(differences[name])}",
                all_decided([decided(one) for one in differences[name]]),
            )
            for name in self.above
        ]
        for name in self.not_above:
            standing = [decided(one) for one in differences[name]]
            found.append(
                Finding(
                    f"{self.row}: at no n is the fall of {name} above that of {self.own} with the whole interval of "
                    f"the difference ({self.own} less it: {self._listed(differences[name])})",
                    False not in standing,
                )
            )
        return found

    def _listed(self, differences: Sequence[Interval]) -> str:
        texts = [interval_text(one, 3, signed=True) for one in differences]
        return ", ".join(f"{text} at n = {n}" for n, text in zip(self.removed, texts, strict=True))


def _intervals(values: npt.NDArray[np.float64]) -> list[Interval]:
    """Return the mean over users [users, n] with its interval for each n."""
    return [mean_interval(column) for column in values.T]


def _shown(method: str) -> str:
    return method.capitalize() if method == RANDOM else method
