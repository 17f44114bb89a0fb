"""The score without the first reason against the score without a random one, and the test (RecoNet, Figure 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.report import Column, Densities, Figure, Finding, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.of_explanations import OfReasons, against

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.study import Study


class TopOneDistributions(OfReasons):
    """Distributions of Δŷ, and the Mann–Whitney U test of every method against Random.

    Attributes:
        own: the method that is drawn.
        p: bar that its two-sided p is to be below.
    """

    kind: ClassVar[str] = "top1_distributions"
    own: str = "LRP"
    p: float = 1e-4

    def blocks(self, study: Study) -> list[Block]:
        """Return the distributions of each measurement, and one table of all tests."""
        blocks: list[Block] = []
        rows: list[tuple[Cell, ...]] = []
        findings: list[Block] = []
        for name in self.of:
            measures, row = self.measures(study, name), self.row(study, name)
            samples = tuple(
                (f"{label} 1", tuple(measures["first"][m])) for label, m in (("top", self.own), (RANDOM, RANDOM))
            )
            blocks.append(
                Figure(
                    f"{self.called}-{name}",
                    Densities("Δŷ, change of the item's score", samples),
                    f"{row}: without the first reason of {self.own} (top 1), and without a random input (random 1).",
                )
            )
            for method in measures["methods"]:
                if method == RANDOM:
                    continue
                test = against(measures, method, RANDOM)["test"]
                cells = [test[part][0] for part in ("pairs", "u", "p_two_sided", "below")]
                rows.append((row, method, *cells))
            findings.append(self._finding(row, against(measures, self.own, RANDOM)["test"]))
        columns = (
            Column("row"),
            Column("method"),
            Column("pairs"),
            Column("U", digits=0),
            Column("p, two-sided"),
            Column("chance of being below random", digits=3),
        )
        caption = "Mann–Whitney U of Δŷ without the first reason, against a random one."
        return [*blocks, Table(self.called, columns, tuple(rows), caption), *findings]

    def _finding(self, row: str, test: dict[str, list[float]]) -> Finding:
        p = test["p_two_sided"][0]
        # the smallest double is what a p of any smaller size rounds to
        level = f"p = {number(p)}" if p > 0 else "p below the smallest number that a computer holds"
        if p >= self.p:
            return Finding(
                f"{row}: top 1 ({self.own}) and random 1 are not distinguishable: {level}, bar {number(self.p)}"
            )
        lower = test["below"][0] > 0.5
        text = f"{row}: top 1 ({self.own}) lowers the score {'more' if lower else 'less'} than random 1: {level}"
        return Finding(f"{text}, bar {number(self.p)}", lower)
