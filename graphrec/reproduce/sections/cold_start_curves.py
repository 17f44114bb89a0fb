"""Recall@k, for every k, of users whose history training has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from graphrec.report import Band, Column, Figure, Finding, Lines, Spread, Table, Text
from graphrec.reproduce.recipe_protocol import SplitPlan
from graphrec.reproduce.sections.claims import decided, interval_of, interval_text
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.report import Block, Interval
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class ColdStartCurves(Section):
    """Recall at every k of users whose history training has not seen.

    Attributes:
        rows: the rows that are compared.
        share: of the users who are made cold.
        seeds: one draw of cold users each.
        up_to: the largest k.
        settings: by row, put over the settings that were chosen on the warm users' validation part.
        best: row that is to be above those of ``above`` at every k.
        above: those rows.
    """

    kind: ClassVar[str] = "cold_start_curves"
    rows: tuple[str, ...] = Field(min_length=1)
    share: float = Field(0.1, gt=0, lt=1)
    seeds: tuple[int, ...] = (0, 1, 2)
    up_to: int = Field(50, ge=1)
    settings: dict[str, Settings] = Field({})
    best: str = ""
    above: tuple[str, ...] = ()

    def rows_used(self) -> tuple[str, ...]:
        """Return every row that is named."""
        return (*self.rows, *self.settings, *self.above, *([self.best] if self.best else []))

    def jobs(self, study: Study) -> list[Job]:
        """Return a fit a row and seed."""
        return [job for row in self.rows for job in self._fits(study, row)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the curves, a table at some k, and how the best stands to the others."""
        ks = np.arange(1, self.up_to + 1)
        curves = {row: self._curves(study, row) for row in self.rows}
        lines = tuple(_line(row, ks, values) for row, values in curves.items())
        shown = [k for k in (1, 5, 10, 20, 50) if k <= self.up_to]
        columns = (Column("row"), *(Column(f"recall@{k}", digits=4) for k in shown))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (row, *(Spread.of(values[:, k - 1].tolist()) for k in shown)) for row, values in curves.items()
        )
        users = study.result(self._fits(study, self.rows[0])[0])["users"]
        about = (
            f"{100 * self.share:g} % of the users with test items are cold: their history is in no part, so that only "
            f"their attributes tell of them ({users:,} users for each of {len(self.seeds)} draws). "
            "Settings are those chosen for all users."
        )
        changed = "; ".join(f"{row}: {', '.join(f'{n}={v}' for n, v in s.items())}" for row, s in self.settings.items())
        return [
            Text(about + (f" But for {changed}." if changed else "")),
            Figure(
                f"{self.called}-figure",
                Lines("k, items recommended", "recall@k of cold users", lines),
                "Recall of cold users"
                + (", mean over the draws with its 95 % band." if len(self.seeds) > 1 else ", of a single draw."),
            ),
            Table(self.called, columns, rows, "Cold users, mean ± standard deviation over the draws."),
            *self.findings(
                {rival: _differences(curves[self.best], curves[rival]) for rival in self.above if self.best}
            ),
        ]

    def _fits(self, study: Study, row: str) -> list[Job]:
        protocol = study.recipe.protocol
        options = {"share": self.share}
        if protocol.split.kind == "random":
            options.update(protocol.split.options)
        metrics = [f"recall@{k}" for k in range(1, self.up_to + 1)]
        plan = SplitPlan(kind="cold-users", options=options)
        return [study.elsewhere(row, study.cut(plan, seed), metrics, self.settings.get(row, {})) for seed in self.seeds]

    def _curves(self, study: Study, row: str) -> npt.NDArray[np.float64]:
        """Return recall [seeds, k]."""
        tests = [study.result(job)["test"] for job in self._fits(study, row)]
        return np.array([[test[f"recall@{k}"] for k in range(1, self.up_to + 1)] for test in tests])

    def findings(self, differences: Mapping[str, Sequence[Interval]]) -> list[Finding]:
        """Return how ``best`` stands to each rival, as far as intervals tell.

        Args:
            differences: by rival, recall@k of ``best`` − that of the rival for k = 1, 2, ….
        """
        findings = []
        for rival, curve in differences.items():
            standing = [decided(difference) for difference in curve]
            clear = sum(above is True for above in standing)
            where = "at every k" if clear == len(curve) else f"at {clear} of {len(curve)} values of k"
            shown = ", ".join(
                f"recall@{k} {interval_text(curve[k - 1], 4, signed=True)}" for k in (10, self.up_to) if k <= len(curve)
            )
            findings.append(
                Finding(
                    f"Cold users: {self.best} is above {rival} {where} with the whole 95 % interval of the difference "
                    f"({shown})",
                    True if clear == len(curve) else False if False in standing else None,
                )
            )
        return findings


def _differences(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> list[Interval]:
    """Return first − second at each k, paired over the draws, with its interval; both [draws, k]."""
    return [interval_of(Spread.of(column.tolist())) for column in (first - second).T]


def _line(row: str, ks: npt.NDArray[np.int64], values: npt.NDArray[np.float64]) -> Band:
    mean = values.mean(axis=0)
    x, y = tuple(map(float, ks)), tuple(mean.tolist())
    if len(values) == 1:
        return Band(row, x, y)
    intervals = [interval_of(Spread.of(column.tolist())) for column in values.T]
    return Band(row, x, y, tuple(one.low for one in intervals), tuple(one.high for one in intervals))
