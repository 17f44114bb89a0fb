"""Paired differences between rows over the shared splits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from graphrec.evaluation import over_splits
from graphrec.evaluation.evaluation import interval_over_users
from graphrec.report import Column, Figure, Finding, Interval, Points, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, relation
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Strict
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class Pair(Strict):
    """Two rows.

    Attributes:
        first, second: their names.
        want: ``above`` where the difference first − second is to be above ``by``; nothing if left out.
        by: what the difference is to be above.
    """

    first: str
    second: str
    want: Literal["above", ""] = ""
    by: float = Field(0.0, ge=0)


class PairedDifferences(Section):
    """Paired differences with their 95 % intervals.

    Attributes:
        pairs: rows to compare.
        against: rows to which every difference is a finding, whether or not anything is wanted of it.
        metric: the one that settings are chosen by if left out.
        over: ``splits``: intervals are over splits, which tell how far the choice of split moves a difference.
            ``users``: over users, of all splits together, where splits are nearly the same, as those that hold out
            every user's last item are.
    """

    kind: ClassVar[str] = "paired_differences"
    pairs: tuple[Pair, ...] = Field(min_length=1)
    against: tuple[str, ...] = ()
    metric: str = ""
    over: Literal["splits", "users"] = "splits"

    def rows_used(self) -> tuple[str, ...]:
        """Return all that is compared."""
        return (*(name for pair in self.pairs for name in (pair.first, pair.second)), *self.against)

    def metrics_used(self) -> tuple[str, ...]:
        """Return the named metric."""
        return (self.metric,) if self.metric else ()

    def values_used(self) -> tuple[str, ...]:
        """Return all rows that are compared, where that is over users."""
        return self.rows_used() if self.over == "users" else ()

    def jobs(self, study: Study) -> list[Job]:
        """Return the fits of all rows that are compared, on all splits."""
        return [job for name in dict.fromkeys(self.rows_used()) for job in study.fits(name)]

    def blocks(self, study: Study) -> list[Block]:
        """Return a table, a figure, and the differences that are findings."""
        metric = self.metric or study.recipe.protocol.metric
        intervals = [self._difference(study, pair, metric) for pair in self.pairs]
        splits = len(study.splits)
        over = counted(splits, "split")
        if self.over == "users":
            users = len(np.unique(study.test_values(self.pairs[0].first, metric)[0]))
            over = f"{counted(users, 'user')} of {over}"
        names = tuple(f"{pair.first} − {pair.second}" for pair in self.pairs)
        columns = (Column("difference"), Column(f"{metric} (95 % interval)", digits=4, signed=True), Column("splits"))
        rows = tuple((name, interval, splits) for name, interval in zip(names, intervals, strict=True))
        chart = Points(
            f"difference in {metric}",
            names,
            tuple(interval.value for interval in intervals),
            tuple(interval.low for interval in intervals),
            tuple(interval.high for interval in intervals),
            zero=True,
        )
        caption = f"Paired differences in {metric} on the test parts of the shared splits, with 95 % intervals"
        caption += " over users." if self.over == "users" else "."
        return [
            Table(self.called, columns, rows, caption),
            Figure(f"{self.called}-figure", chart, caption),
            *self.findings(intervals, metric, over),
        ]

    def _difference(self, study: Study, pair: Pair, metric: str) -> Interval:
        if self.over == "splits":
            one = over_splits(study.tests(pair.first, metric), study.tests(pair.second, metric))
            return Interval(one.mean, one.low, one.high)
        (users, first), (_, second) = (study.test_values(row, metric) for row in (pair.first, pair.second))
        return Interval(*interval_over_users(first - second, users))

    def findings(self, differences: Sequence[Interval], metric: str, over: str) -> list[Finding]:
        """Return the differences of which something is wanted, and those to the rows of ``against``.

        Args:
            differences: first − second of each pair, in their order.
            metric: in which.
            over: over how many splits or users, in words.
        """
        return [
            _finding(pair, difference, metric, over)
            for pair, difference in zip(self.pairs, differences, strict=True)
            if pair.want or {pair.first, pair.second} & set(self.against)
        ]


def _finding(pair: Pair, difference: Interval, metric: str, over: str) -> Finding:
    above = decided(difference)
    text = f"{pair.first} is {relation(above)} {pair.second} in {metric} over {over}: "
    text += interval_text(difference, 4, signed=True)
    if pair.by:
        text += f"; more than {number(pair.by, 4, signed=True)} was to be reached"
    return Finding(text, decided(difference, pair.by))
