"""Fall of a score when the reasons that a method names first are taken away (RecoNet, Figures 6 and 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.report import Band, Column, Figure, Finding, Heading, Interval, Lines, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, relation
from graphrec.reproduce.sections.of_explanations import OfReasons, against

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
        measures, row = self.measures(study, name), self.row(study, name)
        lines = tuple(_line(method, of["by_count"]) for method, of in measures["methods"].items())
        first = measures["methods"][RANDOM]["by_count"]
        figure = Figure(
            f"{self.called}-{name}",
            Lines("k, reasons removed", "Δŷ, change of the item's score", lines),
            f"{row}: mean change of the recommended item's score without the first k reasons of each method, with its "
            f"95 % band; {first['pairs'][0]:,} pairs of user and item at k = 1, {first['pairs'][-1]:,} at "
            f"k = {first['sizes'][-1]} (a user with n inputs counts up to n − 1).",
        )
        return [Heading(row, 3), figure, self._table(name, row, measures), *self._findings(row, measures)]

    def _table(self, name: str, row: str, measures: dict[str, Any]) -> Table:
        sizes = measures["methods"][RANDOM]["by_count"]["sizes"]
        shown = [k for k in _AT if k in sizes]
        columns = [Column("method"), *(Column(f"Δŷ, k = {k}", digits=None) for k in shown)]
        columns += [Column("comprehensiveness, area (95 % interval)"), Column("sufficiency, area (95 % interval)")]
        columns += [Column("beats Random")]
        rows = []
        for method, of in measures["methods"].items():
            curve = of["by_count"]["delta"]["mean"]
            cells: list[Cell] = [method, *(curve[sizes.index(k)] for k in shown)]
            cells += [_area(of, loss) for loss in ("comprehensiveness", "sufficiency")]
            rows.append((*cells, "–" if method == RANDOM else _yes_or_no(against(measures, method, RANDOM)["beats"])))
        caption = (
            f"{row}: scores are in the model's own unit; a faithful order has high comprehensiveness, low sufficiency."
        )
        return Table(f"{self.called}-{name}", tuple(columns), tuple(rows), caption)

    def _findings(self, row: str, measures: dict[str, Any]) -> list[Finding]:
        if self.own not in measures["methods"]:
            return []
        of = {name: one["by_count"] for name, one in measures["methods"].items()}
        lines = {name: _line(name, one) for name, one in of.items()}
        findings = [self.curve_finding(row, lines[self.own], lines[RANDOM])]
        weak = measures["no_better_than_random"]
        if weak:
            findings.append(Finding(f"{row}: no better than Random by comprehensiveness: {', '.join(weak)}"))
        if self.rival in of:
            areas = [_area(measures["methods"][name], "comprehensiveness").value for name in (self.own, self.rival)]
            difference = _band(against(measures, self.own, self.rival)["comprehensiveness"]["difference"])
            findings.append(self.area_finding(row, areas[0], areas[1], difference, of[self.own]["sizes"][-1]))
        return findings

    def curve_finding(self, row: str, own: Band, chance: Band) -> Finding:
        """Return whether the curve of ``own`` lies below that of random reasons, their bands apart.

        Args:
            row: whose reasons.
            own: curve of ``own``.
            chance: of random reasons.
        """
        place = {k: at for at, k in enumerate(chance.x)}
        pairs = [(at, place[k]) for at, k in enumerate(own.x) if k in place]
        below = sum(own.high[mine] < chance.low[theirs] for mine, theirs in pairs)
        above = any(own.low[mine] > chance.high[theirs] for mine, theirs in pairs)
        where = "at every k" if below == len(pairs) else f"at {below} of {len(pairs)} values of k"
        return Finding(
            f"{row}: removing the first reasons of {self.own} lowers the score further than random ones, bands "
            f"apart, {where} from 1 to {own.x[pairs[-1][0]]:.0f}",
            True if below == len(pairs) else False if above else None,
        )

    def area_finding(self, row: str, own: float, rival: float, difference: Interval, up_to: int) -> Finding:
        """Return how the comprehensiveness of ``own`` stands to that of ``rival``.

        Args:
            row: whose reasons.
            own: area of ``own``.
            rival: area of ``rival``.
            difference: own − rival, with its interval over the same pairs.
            up_to: reasons removed at most.
        """
        above = decided(difference)
        return Finding(
            f"{row}: comprehensiveness (area up to k = {up_to}) of {self.own} {number(own)}, {relation(above)} "
            f"{self.rival}'s {number(rival)}: {interval_text(difference, signed=True)}",
            above,
        )


def _yes_or_no(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _line(method: str, of: dict[str, Any]) -> Band:
    delta = of["delta"]
    known = [at for at, mean in enumerate(delta["mean"]) if mean is not None and delta["low"][at] is not None]
    parts = [[delta[part][at] for at in known] for part in ("mean", "low", "high")]
    x = tuple(float(of["sizes"][at]) for at in known)
    return Band(method.capitalize() if method == RANDOM else method, x, *map(tuple, parts))


def _area(of: dict[str, Any], loss: str) -> Interval:
    return _band(of["by_count"][loss]["score"]["area"])


def _band(band: dict[str, Any]) -> Interval:
    return Interval(*(float("nan") if band[end] is None else band[end] for end in ("mean", "low", "high")))
