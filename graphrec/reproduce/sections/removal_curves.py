"""How far a score falls when the reasons that a method names first are taken away (RecoNet, Figures 6 and 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graphrec.report import Band, Column, Figure, Finding, Heading, Interval, Lines, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.of_explanations import RANDOM, OfReasons, against

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.study import Study

_AT = (1, 2, 3, 5, 10, 20, 50)


class RemovalCurves(OfReasons):
    """Δŷ against the number of reasons removed, for every method beside Random, with 95 % bands.

    Attributes:
        own: the name of the method that is to be below Random at every k, and to remove at least as much as ``rival``.
        rival: the method to compare it with; empty for none.
    """

    kind: ClassVar[str] = "removal_curves"
    own: str = "LRP"
    rival: str = ""

    def blocks(self, study: Study) -> list[Block]:
        """Return for each measurement the curves, the areas, and what follows."""
        return [block for name in self.of for block in self._measurement(study, name)]

    def _measurement(self, study: Study, name: str) -> list[Block]:
        found, row = self.found(study, name), self.row(study, name)
        lines = tuple(_line(method, of["by_count"]) for method, of in found["methods"].items())
        first = found["methods"][RANDOM]["by_count"]
        figure = Figure(
            f"{self.called}-{name}",
            Lines("k, reasons removed", "Δŷ, change of the item's score", lines),
            f"{row}: mean change of the recommended item's score without the first k reasons of each method, with its "
            f"95 % band; {first['pairs'][0]:,} pairs of user and item at k = 1, {first['pairs'][-1]:,} at "
            f"k = {first['sizes'][-1]} (a user with n inputs counts up to n − 1).",
        )
        return [Heading(row, 3), figure, self._table(name, row, found), *self._findings(row, found)]

    def _table(self, name: str, row: str, found: dict[str, Any]) -> Table:
        sizes = found["methods"][RANDOM]["by_count"]["sizes"]
        shown = [k for k in _AT if k in sizes]
        columns = [Column("method"), *(Column(f"Δŷ, k = {k}", digits=None) for k in shown)]
        columns += [Column("comprehensiveness, area (95 % interval)"), Column("sufficiency, area (95 % interval)")]
        columns += [Column("beats Random")]
        rows = []
        for method, of in found["methods"].items():
            curve = of["by_count"]["delta"]["mean"]
            cells: list[Cell] = [method, *(curve[sizes.index(k)] for k in shown)]
            cells += [_area(of, loss) for loss in ("comprehensiveness", "sufficiency")]
            rows.append((*cells, "–" if method == RANDOM else _said(against(found, method, RANDOM)["beats"])))
        caption = (
            f"{row}: scores are in the model's own unit; a faithful order has high comprehensiveness, low sufficiency."
        )
        return Table(f"{self.called}-{name}", tuple(columns), tuple(rows), caption)

    def _findings(self, row: str, found: dict[str, Any]) -> list[Finding]:
        own, chance = found["methods"].get(self.own), found["methods"][RANDOM]
        if own is None:
            return []
        mine, theirs = own["by_count"]["delta"], chance["by_count"]["delta"]
        known = [at for at, low in enumerate(theirs["low"]) if low is not None and mine["high"][at] is not None]
        below = [at for at in known if mine["high"][at] < theirs["low"][at]]
        said = "at every k" if len(below) == len(known) else f"at {len(below)} of {len(known)} values of k"
        findings = [
            Finding(
                f"{row}: removing the first reasons of {self.own} lowers the score further than random ones, bands "
                f"apart, {said} from 1 to {own['by_count']['sizes'][known[-1]]}",
                len(below) == len(known),
            )
        ]
        weak = found["no_better_than_random"]
        if weak:
            findings.append(Finding(f"{row}: no better than Random by comprehensiveness: {', '.join(weak)}"))
        rival = found["methods"].get(self.rival)
        if rival is not None:
            pair = [_area(of, "comprehensiveness") for of in (own, rival)]
            one, two = (part.value for part in pair)
            met = one >= two * (1 - 1e-6)
            findings.append(
                Finding(
                    f"{row}: comprehensiveness (area up to k = {own['by_count']['sizes'][-1]}) of {self.own} "
                    f"{number(one)}, {'at or above' if met else 'below'} {self.rival}'s {number(two)}",
                    met,
                )
            )
        return findings


def _said(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _line(method: str, of: dict[str, Any]) -> Band:
    delta = of["delta"]
    known = [at for at, mean in enumerate(delta["mean"]) if mean is not None and delta["low"][at] is not None]
    parts = [[delta[part][at] for at in known] for part in ("mean", "low", "high")]
    x = tuple(float(of["sizes"][at]) for at in known)
    return Band(method.capitalize() if method == RANDOM else method, x, *map(tuple, parts))


def _area(of: dict[str, Any], loss: str) -> Interval:
    area = of["by_count"][loss]["score"]["area"]
    return Interval(*(float("nan") if area[end] is None else area[end] for end in ("mean", "low", "high")))
