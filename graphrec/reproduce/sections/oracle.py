"""Falls of methods beside that of an oracle, which switches every reason off to see, and what explanations cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from graphrec.report import Column, Finding, Interval, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import all_decided, decided, interval_text
from graphrec.reproduce.strict import Strict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.report.document import Cell


class Oracle(Strict):
    """The method that others are measured by, and what one of them is to reach beside it.

    Attributes:
        method: its name, of removal of each single reason, for instance.
        of_oracle: share of its fall that the other is to reach at every n.
        cheaper: how many times cheaper than the oracle's an explanation of the other is to be.
        users: users whose explanations are timed by every method.
    """

    method: str
    of_oracle: float = Field(0.85, gt=0)
    cheaper: float = Field(100.0, gt=0)
    users: int = Field(50, ge=1)

    def table(
        self,
        name: str,
        removed: Sequence[int],
        shares: Mapping[str, Sequence[Interval]],
        seconds: Mapping[str, float],
    ) -> Table:
        """Return the share of the oracle's fall that every method reaches, and what one explanation costs.

        Args:
            name: of the table.
            removed: values of n.
            shares: by method, for each n.
            seconds: of one explanation, by method; Random has none.
        """
        columns = (
            Column("method"),
            *(Column(f"n = {n}", digits=3) for n in removed),
            Column("one explanation", "ms of one core"),
        )
        rows: list[tuple[Cell, ...]] = [
            (method, *of, 1e3 * seconds[method] if method in seconds else None) for method, of in shares.items()
        ]
        caption = f"Share of the fall without the first n reasons of {self.method} that each method reaches."
        return Table(name, columns, tuple(rows), caption)

    def findings(
        self, row: str, own: str, removed: Sequence[int], shares: Sequence[Interval], seconds: Mapping[str, float]
    ) -> list[Finding]:
        """Return which share of the oracle's fall a method reaches, and how much cheaper it is.

        Args:
            row: whose model is explained.
            own: the method.
            removed: values of n.
            shares: of the method, for each n.
            seconds: of one explanation, by method.
        """
        told = ", ".join(f"{interval_text(one, 3)} at n = {n}" for n, one in zip(removed, shares, strict=True))
        mine, other = seconds[own], seconds[self.method]
        return [
            Finding(
                f"{row}: the share of the fall of {self.method} that {own} reaches is {told}; more than "
                f"{number(self.of_oracle, 2)} was to be reached",
                all_decided([decided(one, self.of_oracle) for one in shares]),
            ),
            Finding(
                f"{row}: an explanation of {own} takes {number(1e3 * mine)} ms of one core, one of {self.method} "
                f"{number(1e3 * other)} ms: {number(other / mine)} times as much; {number(self.cheaper)} times was to "
                "be reached",
                other / mine >= self.cheaper,
            ),
        ]
