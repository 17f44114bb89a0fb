"""Fall of the recommended item without the history items of the group that weighs most, beside sets of equal size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, get_args

import numpy as np
from pydantic import Field

from graphrec.evaluation.explanations.falls import Unit
from graphrec.evaluation.explanations.group_removal import REMOVED
from graphrec.report import Column, Figure, Finding, Points, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, mean_interval, ratio_of_means
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.sections.units import UNITS
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

    Falls = Mapping[str, npt.NDArray[np.float64]]
    """By what was switched off, float64 [users]; NaN where it was not measured."""

_SHOWN = dict(
    zip(REMOVED, ("the group that weighs most", "as many at random", "as many of the strongest"), strict=True)
)


class RemovedGroups(Section):
    """Fall of the first recommended item without the group of history items that weighs most.

    Works for every model whose evidence comes through factors, such as item groups.

    Attributes:
        row: whose fits, one a split, are explained; the users of all splits are put together.
        times: how many times the fall of log p without as many random history items it is to reach.
        users: users of a split.
        draws: of random items, whose falls are averaged.
        seed: of the draw of users, of random items and of ties.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "group_removal"
    row: str
    times: float = Field(3.0, gt=0)
    users: int = Field(500, ge=2)
    draws: int = Field(5, ge=1)
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a split."""
        fits = study.kept_fits(self.row)[: self.splits or None]
        inputs = {name: getattr(self, name) for name in ("users", "draws", "seed")}
        return [
            study.job(
                self.kind,
                self.row,
                f"groups of {self.row} removed, split {at + 1}",
                {**inputs, "split": study.splits[at]},
                needs=[fit],
            )
            for at, fit in enumerate(fits)
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return who was measured, a table and a figure, and what the group's fall is beside the controls."""
        results = [study.result(job) for job in self.jobs(study)]
        falls: dict[str, Falls] = {
            unit: {
                name: np.concatenate([np.asarray(one["falls"][unit][name], dtype=np.float64) for one in results])
                for name in REMOVED
            }
            for unit in get_args(Unit)
        }
        measured = int((~np.isnan(falls["log_p"]["group"])).sum())
        caption = (
            f"{self.row}: fall of the first recommended item without all history items of the group that weighs most "
            f"for it, and without as many others, with 95 % intervals over {measured:,} users of "
            f"{counted(len(results), 'split')}. Random sets are means over {counted(self.draws, 'draw')}."
        )
        return [
            Text(_measured(results)),
            self._table(falls, caption),
            self._figure(falls["log_p"], caption),
            *self.findings(falls["log_p"]),
        ]

    def findings(self, falls: Falls) -> list[Finding]:
        """Return how the fall of log p without the group stands to that without random and without strongest items.

        Args:
            falls: of log p.
        """
        random, strongest = (ratio_of_means(falls["group"], falls[name]) for name in ("random", "strongest"))
        return [
            Finding(
                f"{self.row}: without the history of the group that weighs most log p falls by "
                f"{interval_text(mean_interval(falls['group']), 3)}, {interval_text(random, 2)} times what it falls "
                f"without as many random items; more than {number(self.times, 1)} was to be reached",
                decided(random, self.times),
            ),
            Finding(
                f"{self.row}: that is {interval_text(strongest, 2)} times the fall without as many of the strongest "
                "single reasons"
            ),
        ]

    def _table(self, falls: Mapping[str, Falls], caption: str) -> Table:
        columns = [Column("history items switched off")]
        for unit in falls:
            columns += [Column(f"fall, {UNITS[unit]}", digits=3), Column("the group's, times this", digits=2)]
        rows: list[tuple[Cell, ...]] = []
        for name, shown in _SHOWN.items():
            cells: list[Cell] = []
            for of in falls.values():
                ratio = None if name == "group" else ratio_of_means(of["group"], of[name])
                cells += [mean_interval(of[name]), ratio]
            rows.append((shown, *cells))
        return Table(self.called, tuple(columns), tuple(rows), caption)

    def _figure(self, falls: Falls, caption: str) -> Figure:
        means = [mean_interval(falls[name]) for name in REMOVED]
        values, low, high = (tuple(getattr(one, end) for one in means) for end in ("value", "low", "high"))
        chart = Points(
            f"fall, {UNITS['log_p']}", tuple(_SHOWN.values()), values, low, high, value_name="fall", zero=True
        )
        return Figure(f"{self.called}-figure", chart, caption)


def _measured(results: Sequence[Mapping[str, Any]]) -> str:
    """Return how large the groups are, and who could not be measured."""
    members = np.concatenate([np.asarray(one["members"], dtype=np.int64) for one in results])
    taken = np.concatenate([np.asarray(one["taken"], dtype=np.int64) for one in results])
    able = (members > 0) & (members < taken)
    whole, none = (sum(one[name] for one in results) for name in ("of_one_group", "without_group"))
    text = f"Of {counted(len(members), 'user')} {whole:,} are left out since the group is all that they took"
    text += f", and {none:,} since no reason came through a group" if none else ""
    if not able.any():
        return f"{text}; nobody is left."
    size, share = (float(np.median(of[able])) for of in (members, members / np.maximum(taken, 1)))
    return f"{text}. The group has {number(size)} items in the median, {number(share, 2)} of the history."
