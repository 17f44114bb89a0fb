"""Is one row better than another? The paired difference over the shared splits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from graphrec.evaluation import over_splits
from graphrec.report import Column, Figure, Finding, Interval, Points, Table
from graphrec.report.cells import number
from graphrec.reproduce.recipe import Strict
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.evaluation import Difference
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class Pair(Strict):
    """Two rows.

    Attributes:
        first, second: their names.
        want: what the difference first − second is to be: ``above`` zero with its whole interval, ``not below`` it
            (the interval does not lie below zero), or nothing.
        by: how much the mean difference is to be at least, beside what is wanted of the interval.
    """

    first: str
    second: str
    want: Literal["above", "not below", ""] = ""
    by: float = Field(0.0, ge=0)


class PairedDifferences(Section):
    """Paired differences with their 95 % intervals.

    Attributes:
        pairs: rows to compare.
        metric: the one that settings are chosen by if left out.
    """

    kind: ClassVar[str] = "paired_differences"
    pairs: tuple[Pair, ...] = Field(min_length=1)
    metric: str = ""

    def rows_used(self) -> tuple[str, ...]:
        """Return all that is compared."""
        return tuple(name for pair in self.pairs for name in (pair.first, pair.second))

    def metrics_used(self) -> tuple[str, ...]:
        """Return the named metric."""
        return (self.metric,) if self.metric else ()

    def jobs(self, study: Study) -> list[Job]:
        """Return the fits of all rows that are compared, on all splits."""
        return [job for name in dict.fromkeys(self.rows_used()) for job in study.fits(name)]

    def blocks(self, study: Study) -> list[Block]:
        """Return a table, a figure, and what became of each difference that something is wanted of."""
        metric = self.metric or study.recipe.protocol.metric
        found = [over_splits(study.tests(pair.first, metric), study.tests(pair.second, metric)) for pair in self.pairs]
        names = tuple(f"{pair.first} − {pair.second}" for pair in self.pairs)
        columns = (Column("difference"), Column(f"{metric} (95 % interval)", digits=4, signed=True), Column("splits"))
        rows = tuple(
            (name, Interval(one.mean, one.low, one.high), one.pairs) for name, one in zip(names, found, strict=True)
        )
        chart = Points(
            f"difference in {metric}",
            names,
            tuple(one.mean for one in found),
            tuple(one.low for one in found),
            tuple(one.high for one in found),
            zero=True,
        )
        caption = f"Paired differences in {metric} on the test parts of the shared splits, with 95 % intervals."
        findings = [_finding(pair, one, metric) for pair, one in zip(self.pairs, found, strict=True) if pair.want]
        return [Table(self.called, columns, rows, caption), Figure(f"{self.called}-figure", chart, caption), *findings]


def _finding(pair: Pair, found: Difference, metric: str) -> Finding:
    told = f"{number(found.mean, 4, signed=True)} ({number(found.low, 4, signed=True)} to "
    told += f"{number(found.high, 4, signed=True)})"
    if found.low > 0:
        said = "is above"
    elif found.high < 0:
        said = "is below"
    else:
        said = "cannot be told from"
    met = bool(found.low > 0 if pair.want == "above" else found.high >= 0)
    if pair.by:
        met = met and found.mean >= pair.by
        told += f"; {number(pair.by, 4, signed=True)} was to be reached"
    return Finding(f"{pair.first} {said} {pair.second} in {metric} over {found.pairs} splits: {told}", met)
