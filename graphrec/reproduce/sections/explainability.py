"""MEP and MER of rows beside popularity and a random order, and what these numbers can tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator

from graphrec.evaluation.explanations.explainability import BANDS, THRESHOLD
from graphrec.models.neighbours.item_neighbours import NEIGHBOURS
from graphrec.report import Band, Column, Figure, Finding, Lines, Spread, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

RANDOM = "random list"

_MEASURES = (("mep", "MEP"), ("mer", "MER"))


class ExplainabilityTables(Section):
    """Mean explainable precision and recall (InDGRM, Tables 5 to 7) of rows, of popularity and of a random order.

    Attributes:
        rows: the models that are compared.
        popularity: row of popularity, which all are told beside.
        ks: lengths of the lists.
        k: the one that curves, bands and findings are of.
        threshold: ξ, which the share of an item's neighbours that the user took has to exceed.
        thresholds: the values of ξ that the curves go through.
        neighbours: of an item, at most.
        below: users given fewer items than this are near-cold.
        seed: of the random order.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "explainability"
    rows: tuple[str, ...] = Field(min_length=1)
    popularity: str
    ks: tuple[int, ...] = (1, 5, 10, 50, 100)
    k: int = Field(10, ge=1)
    threshold: float = Field(THRESHOLD, ge=0, lt=1)
    thresholds: tuple[float, ...] = (0.0, 0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)
    neighbours: int = Field(NEIGHBOURS, ge=1)
    below: int = Field(5, ge=1)
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _fits_together(self) -> ExplainabilityTables:
        if self.k not in self.ks or min(self.ks) < 1:
            raise ValueError(f"k = {self.k} has to be among its ks, which are 1 or more")
        if not self.thresholds or not all(0 <= value < 1 for value in self.thresholds):
            raise ValueError("thresholds are from 0 and below 1")
        if self.popularity in self.rows:
            raise ValueError(f"popularity, {self.popularity!r:.60}, stands beside the rows, not among them")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the rows, and that of popularity."""
        return (*self.rows, self.popularity)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the rows, and that of popularity."""
        return self.rows_used()

    def jobs(self, study: Study) -> list[Job]:
        """Return a measurement of each row and of the random order, one a split."""
        return [job for name in (*self.rows_used(), RANDOM) for job in self._measured(study, name)]

    def blocks(self, study: Study) -> list[Block]:
        """Return tables over k for all and for near-cold users, curves over the threshold, bands, and findings."""
        names = (*self.rows_used(), RANDOM)
        results = {name: [study.result(job) for job in self._measured(study, name)] for name in names}
        one = results[RANDOM]
        users, near = ([result[name] for result in one] for name in ("users", "near_cold"))
        blocks: list[Block] = [
            Text(self._about(users, near)),
            self._over_lengths(self.called, results, "all", f"Test users ({_range(users)} a split)"),
        ]
        if any(near):
            caption = f"Users given fewer than {self.below} items ({_range(near)} a split)"
            blocks.append(self._over_lengths(f"{self.called}-near-cold", results, "of_near_cold", caption))
        curves = {
            name: {measure: _columns([result["curves"][measure] for result in of]) for measure, _ in _MEASURES}
            for name, of in results.items()
        }
        for measure, words in _MEASURES:
            lines = tuple(_line(name, self.thresholds, curve[measure]) for name, curve in curves.items())
            label = f"{words}@{self.k}"
            caption = f"{label} over the threshold, mean over the splits."
            figure = Lines("ξ, share of an item's neighbours that has to be exceeded", label, lines)
            blocks.append(Figure(f"{self.called}-{measure}-figure", figure, caption))
        means = {name: [spread.mean for spread in curve["mep"] if spread] for name, curve in curves.items()}
        at = self.ks.index(self.k)
        own = {name: Spread.of([result["all"]["mep"][at] for result in of]).mean for name, of in results.items()}
        return [*blocks, *self._by_bands(results), *self.findings(own, means)]

    def findings(self, values: Mapping[str, float], curves: Mapping[str, Sequence[float]]) -> list[Finding]:
        """Return how far the rows are apart, against how far popularity and a random order are from them.

        Args:
            values: MEP@k at the threshold, of every row, of popularity and of the random order.
            curves: the same at every one of ``thresholds``.
        """
        own = {row: values[row] for row in self.rows}
        low, high = (pick(own, key=own.__getitem__) for pick in (min, max))
        told = f"MEP@{self.k} at ξ = {self.threshold:g}: "
        if len(own) > 1:
            told += f"the rows lie between {number(own[low], 4)} ({low}) and {number(own[high], 4)} ({high}), "
            told += f"{number(own[high] - own[low], 4)} apart"
        else:
            told += f"{low} has {number(own[low], 4)}"
        for name, words in ((self.popularity, self.popularity), (RANDOM, f"a {RANDOM}")):
            told += f"; {words} has {number(values[name], 4)}, {_beside(values[name], own[low], own[high])}"
        if len(own) < 2:
            return [Finding(told)]
        apart = (max(column) - min(column) for column in zip(*(curves[row] for row in self.rows), strict=True))
        most, where = max(zip(apart, self.thresholds, strict=True))
        return [
            Finding(told),
            Finding(
                f"MEP@{self.k}: of the thresholds, the rows are furthest apart at ξ = {where:g}, {number(most, 4)}"
            ),
        ]

    def _measured(self, study: Study, name: str) -> list[Job]:
        inputs: dict[str, Any] = {
            "ks": list(self.ks),
            "k": self.k,
            "threshold": self.threshold,
            "thresholds": list(self.thresholds),
            "neighbours": self.neighbours,
            "below": self.below,
        }
        places = range(self.splits or len(study.splits))
        needs = [[fit] for fit in study.kept_fits(name)] if name != RANDOM else [[] for _ in study.splits]
        over = {} if name != RANDOM else {"seed": self.seed}
        return [
            study.job(
                "explainability",
                name,
                f"explainability of {name}, split {at + 1}",
                {**inputs, **over, "split": study.splits[at]},
                needs=needs[at],
            )
            for at in places
            if at < len(study.splits)
        ]

    def _about(self, users: list[int], near: list[int]) -> str:
        words = (
            f"An item is explainable to a user who took more than a share ξ of its {self.neighbours} nearest items by "
            f"cosine. MEP@k is the explainable share of the first k items, MER@k the share of all items explainable to "
            f"the user that are among them."
        )
        if self.threshold * self.neighbours < 1:
            words += (
                f" One neighbour is a share of {1 / self.neighbours:g}, so that one is enough at {self.threshold:g}."
            )
        if not any(near):
            words += f" Of {counted(sum(users), 'test user')} nobody is given fewer than {self.below} items."
        return words

    def _over_lengths(self, name: str, results: Mapping[str, list[Any]], part: str, whose: str) -> Table:
        columns = [Column("row"), *(Column(f"{words}@{k}", digits=4) for _, words in _MEASURES for k in self.ks)]
        rows = []
        for row, of in results.items():
            known = [result[part] for result in of if result[part] is not None]
            rows.append(
                (row, *(cell for measure, _ in _MEASURES for cell in _columns([one[measure] for one in known])))
            )
        caption = f"{whose}, ξ = {self.threshold:g}; mean ± standard deviation over the splits."
        return Table(name, tuple(columns), tuple(rows), caption)

    def _by_bands(self, results: Mapping[str, list[Any]]) -> list[Block]:
        columns = [Column("row"), *(Column(f"{band}: {words}", digits=4) for band in BANDS for _, words in _MEASURES)]
        shares = [Column("row"), *(Column(band, "%", digits=2) for band in BANDS)]
        rows: list[tuple[Cell, ...]] = []
        recommended: list[tuple[Cell, ...]] = []
        for name, of in results.items():
            by_measure = [_columns([result["bands"][measure] for result in of]) for measure, _ in _MEASURES]
            rows.append((name, *(cell for pair in zip(*by_measure, strict=True) for cell in pair)))
            totals = [sum(counts) for counts in zip(*(result["bands"]["recommended"] for result in of), strict=True)]
            recommended.append((name, *(100 * total / sum(totals) for total in totals)))
        at = f"items by their interactions in training, first {self.k} items, ξ = {self.threshold:g}"
        return [
            Table(
                f"{self.called}-bands", tuple(columns), tuple(rows), f"MEP and MER of the {at}; – where there are none."
            ),
            Table(
                f"{self.called}-recommended", tuple(shares), tuple(recommended), f"Which of the {at} are recommended."
            ),
        ]


def _columns(values: Sequence[Sequence[float | None]]) -> list[Spread | None]:
    """Return the spread over the splits of each place; None where no split has a value."""
    known = [[value for value in column if value is not None] for column in zip(*values, strict=True)]
    return [Spread.of(column) if column else None for column in known]


def _line(name: str, x: Sequence[float], spreads: Sequence[Spread | None]) -> Band:
    points = [(value, spread.mean) for value, spread in zip(x, spreads, strict=True) if spread is not None]
    return Band(name, tuple(value for value, _ in points), tuple(mean for _, mean in points))


def _beside(value: float, low: float, high: float) -> str:
    if value < low:
        return f"{number(low - value, 4)} below the lowest"
    return f"{number(value - high, 4)} above the highest" if value > high else "among them"


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
