"""How much recall falls without the evidence that each method names first (resolving representations, Figure 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Table
from graphrec.report.cells import number
from graphrec.reproduce.recipe import Settings  # noqa: TC001 - pydantic reads it
from graphrec.reproduce.sections.of_explanations import RANDOM
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.evaluation.explanations.bands import Band as Measured
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class ShiftCurves(Section):
    """shift@n = (recall − recall′) / recall against n, for every method beside Random, with 95 % bands over users.

    Attributes:
        row: whose fits, one a split, are explained; the users of all splits are put together.
        methods: explainers by the name that the figure gives them: ``explainer`` and its settings.
        own: the name of the method that is to be above ``rivals`` and Random at every n.
        rivals: names of methods.
        oracle: name of the method that ``own`` is to reach a share of; empty for none.
        share: that share.
        removed: n.
        label: evidence that is removed, such as ``Entity``; all of it if left out.
        of: whose evidence is removed: of each ``hit`` its own, or of the whole ``list``.
        users: users of a split.
        k: items recommended.
        seed: of the draw of users, of Random and of ties.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "shift_curves"
    row: str
    methods: dict[str, Settings] = Field(min_length=1)
    own: str
    rivals: tuple[str, ...] = ()
    oracle: str = ""
    share: float = Field(0.8, gt=0)
    removed: tuple[int, ...] = Field((1, 2, 3, 4, 5), min_length=1)
    label: str = ""
    of: Literal["hit", "list"] = "hit"
    users: int = Field(200, ge=2)
    k: int = Field(10, ge=1)
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Any) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a split."""
        fits = study.kept_fits(self.row)[: self.splits or None]
        inputs = {
            "methods": self.methods,
            "users": self.users,
            "removed": list(self.removed),
            "label": self.label,
            "of": self.of,
            "k": self.k,
            "seed": self.seed,
        }
        label = f"shift of {self.row}{', ' + self.label if self.label else ''}"
        return [
            study.job("shift", self.row, f"{label}, split {at + 1}", {**inputs, "split": study.splits[at]}, needs=[fit])
            for at, fit in enumerate(fits)
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return the curves, the table, and what follows."""
        found = self._found(study)
        what = f"pieces of evidence ({self.label})" if self.label else "pieces of evidence"
        lines = tuple(
            Band(
                _shown(name), tuple(map(float, self.removed)), *(_plain(getattr(b, e)) for e in ("mean", "low", "high"))
            )
            for name, b in found.items()
        )
        users = int(found[RANDOM].users[0])
        splits = len(self.jobs(study))
        caption = (
            f"{self.row}: share of recall@{self.k} that is lost without the first n {what} of each method, with its "
            f"95 % band over {users:,} users of {counted(splits, 'split')}."
        )
        columns = (Column("method"), *(Column(f"n = {n}", digits=3) for n in self.removed))
        rows: list[tuple[Cell, ...]] = [
            (_shown(name), *(Interval(*map(float, ends)) for ends in zip(b.mean, b.low, b.high, strict=True)))
            for name, b in found.items()
        ]
        figure = Figure(
            f"{self.called}-figure", Lines(f"n, {what} removed", f"shift@n of recall@{self.k}", lines), caption
        )
        return [
            figure,
            Table(self.called, columns, tuple(rows), f"shift@n of {self.row}, with 95 % intervals."),
            *self._findings(found),
        ]

    def _found(self, study: Study) -> dict[str, Measured]:
        from graphrec.evaluation.explanations.shift import Shift

        results = [study.result(job) for job in self.jobs(study)]
        return {
            name: Shift(
                self.removed,
                np.concatenate([np.asarray(one[name]["before"], dtype=np.float64) for one in results]),
                np.concatenate([np.asarray(one[name]["after"], dtype=np.float64) for one in results]),
            ).shift
            for name in (*self.methods, RANDOM)
        }

    def _findings(self, found: dict[str, Measured]) -> list[Finding]:
        own = found[self.own].mean
        said = []
        for rival in (*self.rivals, RANDOM):
            above = own > found[rival].mean
            where = "for every n" if above.all() else f"for {int(above.sum())} of {len(above)} values of n"
            about = f"{self.label} evidence: " if self.label else ""
            said.append(
                Finding(
                    f"{self.row}, {about}shift@n of {self.own} is above that of {_shown(rival)} {where} from "
                    f"{self.removed[0]} to {self.removed[-1]}",
                    bool(above.all()),
                )
            )
        if self.oracle:
            share = own / np.where(found[self.oracle].mean > 0, found[self.oracle].mean, np.nan)
            least = float(np.nanmin(share)) if np.isfinite(share).any() else float("nan")
            said.append(
                Finding(
                    f"{self.row}, {self.own} reaches at least {number(least, 2)} of the shift of {self.oracle}, where "
                    f"{number(self.share, 2)} was to be reached",
                    least >= self.share,
                )
            )
        return said


def _shown(method: str) -> str:
    return method.capitalize() if method == RANDOM else method


def _plain(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
