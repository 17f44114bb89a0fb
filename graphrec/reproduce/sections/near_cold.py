"""The same held-out users, of whom only a few items are given: where little is known of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation.evaluation import interval_over_users
from graphrec.rankings.metrics import Metric
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Table, Text
from graphrec.reproduce.sections.claims import all_decided, decided, interval_text, relation
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted, enumerated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

Values = dict[str, "npt.NDArray[np.float64]"]


class NearCold(Section):
    """A metric of rows for held-out users who are given 1, 2, 4 and 10 of their items, and all of them.

    InDGRM's near-cold-start view takes users who have few items; those are other users than all, and few where people
    take much. Here they are the same users, and are asked for the same items among the same candidates, so that only
    what is known of them changes.

    Attributes:
        rows: the models that are compared.
        given: numbers of items, ascending; smaller sets are part of the larger ones.
        metric: what is measured; the one that settings are chosen by if left out.
        best: row that is told beside those of ``above``; none if left out.
        above: those rows.
        seed: of the items that are given.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "near_cold"
    rows: tuple[str, ...] = Field(min_length=1)
    given: tuple[int, ...] = Field((1, 2, 4, 10), min_length=1)
    metric: str = ""
    best: str = ""
    above: tuple[str, ...] = ()
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _fits_together(self) -> NearCold:
        if self.metric:
            Metric.parse(self.metric)
        if self.given[0] < 1 or list(self.given) != sorted(set(self.given)):
            raise ValueError("given holds ascending numbers of items, from 1")
        strange = [row for row in (*self.above, *([self.best] if self.best else [])) if row not in self.rows]
        if strange:
            raise ValueError(f"{strange[0]!r:.60} is not among its rows")
        if bool(self.best) != bool(self.above):
            raise ValueError("best and above belong together")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return every row that is compared."""
        return self.rows

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return every row that is compared."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return an evaluation a row and split."""
        return [job for row in self.rows for job in self._measured(study, row)]

    def blocks(self, study: Study) -> list[Block]:
        """Return a table and a figure of all rows, differences user by user, and what is claimed."""
        metric = self.metric or study.recipe.protocol.metric
        results = {row: [study.result(job) for job in self._measured(study, row)] for row in self.rows}
        one = results[self.rows[0]]
        users = np.concatenate([np.array(result["users"], dtype=np.int64) for result in one])
        values = {row: self._values(of) for row, of in results.items()}
        names = [str(number) for number in self.given]
        columns = (Column("row"), *(Column(f"{name} given", digits=4) for name in names), Column("all given", digits=4))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (row, *(Interval(*interval_over_users(of[name], users)) for name in (*names, "all")))
            for row, of in values.items()
        )
        caption = f"{metric} of the same held-out users by how many of their items are given"
        lines = tuple(self._line(row, of, users) for row, of in values.items())
        blocks: list[Block] = [
            Text(self._about(users, [sum(counts) for counts in zip(*(of["fewer"] for of in one), strict=True)])),
            Table(self.called, columns, rows, f"{caption}, mean over users with its 95 % interval."),
            Figure(
                f"{self.called}-figure",
                Lines("items given", metric, lines),
                f"{caption}, with the 95 % band over users.",
            ),
        ]
        differences = {
            rival: {
                name: Interval(*interval_over_users(values[self.best][name] - values[rival][name], users))
                for name in (*names, "all")
            }
            for rival in self.above
        }
        if differences:
            signed = tuple(Column(column.name, digits=4, signed=True) for column in columns[1:])
            told: tuple[tuple[Cell, ...], ...] = tuple(
                (f"{self.best} − {rival}", *of.values()) for rival, of in differences.items()
            )
            caption = f"Differences in {metric}, user by user, with their 95 % intervals."
            blocks.append(Table(f"{self.called}-differences", (Column("difference"), *signed), told, caption))
        return [*blocks, *self.findings(metric, differences)]

    def findings(self, metric: str, differences: Mapping[str, Mapping[str, Interval]]) -> list[Finding]:
        """Return how the best row stands to each rival where few items are given.

        Args:
            metric: of the differences.
            differences: by rival, ``best`` − the rival for each number of items given, as text; ``all`` is not claimed.
        """
        findings = []
        for rival, by_number in differences.items():
            few = {name: difference for name, difference in by_number.items() if name != "all"}
            standing = {name: decided(difference) for name, difference in few.items()}
            words = [
                f"{relation(verdict)} {rival} given "
                + enumerated([name for name, is_above in standing.items() if is_above is verdict])
                for verdict in (True, None, False)
                if verdict in standing.values()
            ]
            shown = ", ".join(f"{name}: {interval_text(one, 4, signed=True)}" for name, one in few.items())
            text = f"Few items given, {metric}: {self.best} is {'; '.join(words)} ({shown})"
            findings.append(Finding(text, all_decided(list(standing.values()))))
        return findings

    def _measured(self, study: Study, row: str) -> list[Job]:
        protocol = study.recipe.protocol
        inputs: dict[str, Any] = {
            "given": list(self.given),
            "metric": self.metric or protocol.metric,
            "candidates": protocol.candidates,
            "seed": self.seed,
        }
        return [
            study.job(
                "near_cold",
                row,
                f"{row} given few items, split {at + 1}",
                {**inputs, "split": study.splits[at]},
                needs=[fit],
            )
            for at, fit in enumerate(study.kept_fits(row)[: self.splits or None])
        ]

    def _values(self, results: Sequence[Mapping[str, Any]]) -> Values:
        """Return the value of every ranking of all splits, by the number of items given, and with all."""
        few = {
            str(number): np.concatenate([np.array(result["few"][place]) for result in results])
            for place, number in enumerate(self.given)
        }
        return {**few, "all": np.concatenate([np.array(result["all"]) for result in results])}

    def _line(self, row: str, values: Values, users: npt.NDArray[np.int64]) -> Band:
        intervals = [Interval(*interval_over_users(values[str(number)], users)) for number in self.given]
        x, y = tuple(map(float, self.given)), tuple(one.value for one in intervals)
        return Band(row, x, y, tuple(one.low for one in intervals), tuple(one.high for one in intervals))

    def _about(self, users: npt.NDArray[np.int64], fewer: Sequence[int]) -> str:
        text = (
            f"{counted(len(np.unique(users)), 'user')}, who are asked for the same items each time, among what "
            "they have not taken. The items given are drawn from those that the split gives, a smaller set as part of "
            "a larger one."
        )
        short = [
            f"{count:,} have fewer than {number}" for number, count in zip(self.given, fewer, strict=True) if count
        ]
        return text + (f" Who has fewer is given all: {enumerated(short)}." if short else "")
