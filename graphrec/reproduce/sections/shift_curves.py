"""Fall of recall without the evidence that each method names first (resolving representations, Figure 5)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, ratio_of_means
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.evaluation.explanations.shift import Shift
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
        shifts = self._shifts(study)
        bands = {name: shift.shift for name, shift in shifts.items()}
        what = f"pieces of evidence ({self.label})" if self.label else "pieces of evidence"
        lines = tuple(
            Band(
                _shown(name), tuple(map(float, self.removed)), *(_plain(getattr(b, e)) for e in ("mean", "low", "high"))
            )
            for name, b in bands.items()
        )
        users = int(bands[RANDOM].users[0])
        splits = len(self.jobs(study))
        caption = (
            f"{self.row}: share of recall@{self.k} that is lost without the first n {what} of each method, with its "
            f"95 % band over {users:,} users of {counted(splits, 'split')}."
        )
        columns = (Column("method"), *(Column(f"n = {n}", digits=3) for n in self.removed))
        curves = {name: [Interval(*map(float, ends)) for ends in zip(b.mean, b.low, b.high, strict=True)]
                  for name, b in bands.items()}  # fmt: skip
        rows: list[tuple[Cell, ...]] = [(_shown(name), *curve) for name, curve in curves.items()]
        figure = Figure(
            f"{self.called}-figure", Lines(f"n, {what} removed", f"shift@n of recall@{self.k}", lines), caption
        )
        shares = share_of(shifts[self.own], shifts[self.oracle]) if self.oracle else []
        return [
            figure,
            Table(self.called, columns, tuple(rows), f"shift@n of {self.row}, with 95 % intervals."),
            *self.findings(curves, shares),
        ]

    def findings(self, curves: Mapping[str, Sequence[Interval]], shares: Sequence[Interval]) -> list[Finding]:
        """Return how ``own`` stands to its rivals and to Random, and which share of the oracle's shift it reaches.

        Args:
            curves: shift of each method, one interval for each n.
            shares: of the oracle's shift, for each n; empty without an oracle.
        """
        about = f"{self.row}, {self.label} evidence" if self.label else self.row
        findings = []
        for rival in (*self.rivals, RANDOM):
            pairs = list(zip(curves[self.own], curves[rival], strict=True))
            apart = sum(own.low > other.high for own, other in pairs)
            where = "at every n" if apart == len(pairs) else f"at {apart} of {len(pairs)} values of n"
            below = any(own.high < other.low for own, other in pairs)
            findings.append(
                Finding(
                    f"{about}: shift@n of {self.own} is above that of {_shown(rival)}, intervals apart, {where} from "
                    f"{self.removed[0]} to {self.removed[-1]}",
                    True if apart == len(pairs) else False if below else None,
                )
            )
        known = [place for place, share in enumerate(shares) if not math.isnan(share.value)]
        if known:
            least = min(known, key=lambda place: shares[place].value)
            findings.append(
                Finding(
                    f"{about}: {self.own} reaches {interval_text(shares[least], 2)} of the shift of {self.oracle} at "
                    f"n = {self.removed[least]}, its least; more than {number(self.share, 2)} was to be reached",
                    decided(shares[least], self.share),
                )
            )
        return findings

    def _shifts(self, study: Study) -> dict[str, Shift]:
        from graphrec.evaluation.explanations.shift import Shift

        results = [study.result(job) for job in self.jobs(study)]
        return {
            name: Shift(
                self.removed,
                np.concatenate([np.asarray(one[name]["before"], dtype=np.float64) for one in results]),
                np.concatenate([np.asarray(one[name]["after"], dtype=np.float64) for one in results]),
            )
            for name in (*self.methods, RANDOM)
        }


def share_of(own: Shift, other: Shift) -> list[Interval]:
    """Return own shift / other shift for each n, with Student's 95 % interval of the ratio over the same users.

    The ratio is Σ_u (recall_u − recall′_u of own) / Σ_u (recall_u − recall′_u of other), as ``ratio_of_means``. NaN
    where the other loses nothing.

    Args:
        own: the shift in the numerator.
        other: the one in the denominator, of the same users and n.
    """
    lost, most = (of.before[:, None] - of.after for of in (own, other))
    return [ratio_of_means(mine, theirs) for mine, theirs in zip(lost.T, most.T, strict=True)]


def _shown(method: str) -> str:
    return method.capitalize() if method == RANDOM else method


def _plain(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
