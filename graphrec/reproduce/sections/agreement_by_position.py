"""Positions at which two methods name the same reason (RecoNet, Figure 8, right)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.of_explanations import OfReasons

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.study import Study


class AgreementByPosition(OfReasons):
    """How often one method and each other name the same reason at position p.

    Attributes:
        own: the method that all others are compared with.
        positions: how many positions the table shows.
    """

    kind: ClassVar[str] = "agreement_by_position"
    own: str = "LRP"
    positions: int = 5

    def blocks(self, study: Study) -> list[Block]:
        """Return for each measurement the curves, and one table."""
        blocks: list[Block] = []
        rows: list[tuple[Cell, ...]] = []
        findings: list[Block] = []
        for name in self.of:
            row, agreements = self.row(study, name), self._with_own(self.measures(study, name))
            blocks.append(
                Figure(
                    f"{self.called}-{name}",
                    Lines(
                        "position",
                        "share of pairs with the same reason there",
                        tuple(map(_line, agreements, agreements.values())),
                    ),
                    f"{row}: how often {self.own} and the other method name the same reason at a position, with its "
                    "95 % band.",
                )
            )
            for other, of in agreements.items():
                same = [_interval(of["same"], place) for place in range(self.positions)]
                rows.append((row, other, *(part.value for part in same), _scalar(of["rbo"])))
                if other.lower() == "lime":
                    shares = ", ".join(number(100 * part.value, 0) + " %" for part in same)
                    findings.append(
                        Finding(
                            f"{row}: {self.own} and {other} name the same reason at the first {self.positions} "
                            f"positions in {shares} of the pairs (the paper: the same order in the first four or five)"
                        )
                    )
        columns = (
            Column("row"),
            Column(f"{self.own} and"),
            *(Column(f"position {place + 1}", digits=2) for place in range(self.positions)),
            Column("rank-biased overlap", digits=2),
        )
        caption = (
            "Share of pairs with the same reason at each position, and rank-biased overlap of the first ten (p .9)."
        )
        return [*blocks, Table(self.called, columns, tuple(rows), caption), *findings]

    def _with_own(self, measures: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the agreements of ``own`` by the other method."""
        return {
            next(name for name in one["methods"] if name != self.own): one
            for one in measures["agreements"]
            if self.own in one["methods"]
        }


def _line(other: str, of: dict[str, Any]) -> Band:
    same = of["same"]
    known = [at for at, mean in enumerate(same["mean"]) if mean is not None and same["low"][at] is not None]
    parts = [tuple(same[part][at] for at in known) for part in ("mean", "low", "high")]
    return Band(other, tuple(float(at + 1) for at in known), *parts)


def _interval(band: dict[str, Any], at: int) -> Interval:
    ends = (band[end][at] if at < len(band[end]) else None for end in ("mean", "low", "high"))
    return Interval(*(float("nan") if end is None else end for end in ends))


def _scalar(band: dict[str, Any]) -> Interval:
    return Interval(*(float("nan") if band[end] is None else band[end] for end in ("mean", "low", "high")))
