"""Recall@k, for every k, of the right users of items that training has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation.cold_items import MOST_ACTIVE, RANDOM
from graphrec.evaluation.evaluation import interval_over_users
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.recipe_protocol import SplitPlan
from graphrec.reproduce.sections.claims import decided, interval_text, relation
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study

_ORDERS = (MOST_ACTIVE, RANDOM)


@dataclass(frozen=True, eq=False)
class Curve:
    """Recall of every held-out item of all splits.

    Attributes:
        items: int64 [I], which item each is; one that several splits held out has one number.
        recall: float64 [I, K], at k = 1 to K.
    """

    items: npt.NDArray[np.int64]
    recall: npt.NDArray[np.float64]

    @classmethod
    def of(cls, parts: Sequence[dict[str, list[object]]]) -> Curve:
        """Return the values of several splits, one after the other."""
        ids = [item for part in parts for item in part["items"]]
        _, items = np.unique(np.array(ids, dtype=np.str_), return_inverse=True)
        return cls(items, np.concatenate([np.array(part["recall"], dtype=np.float64) for part in parts]))

    def interval(self, k: int) -> Interval:
        """Return the mean of recall@k with its 95 % interval over items."""
        return Interval(*interval_over_users(self.recall[:, k - 1], self.items))

    def minus(self, other: Curve) -> Curve:
        """Return the differences item by item; both are of the same splits."""
        return Curve(self.items, self.recall - other.recall)


class ColdItems(Section):
    """Recall at every k of the right users of held-out items, by rows and by two orders that need no model.

    Attributes:
        rows: the rows that are compared.
        test: items held out for each seed; below 1 a share of them.
        validation: items held out for early stopping and for choosing among ``trials``; 0 for none.
        seeds: one draw of held-out items each.
        up_to: the largest k.
        shown: values of k in the table.
        claimed: the k at which findings are told and trials are chosen; ``up_to`` if left out.
        settings: by row, put over the settings that were chosen on the protocol's first split.
        trials: by row, several of these to choose from, by recall on the validation items of each split.
        best: row that is told beside ``at_least`` and beside those of ``above``.
        at_least: what recall of ``best`` is to be above; 0 where nothing is to be reached.
        above: rows, or ``most active users`` and ``random users``, which ``best`` is compared with item by item.
    """

    kind: ClassVar[str] = "cold_items"
    rows: tuple[str, ...] = Field(min_length=1)
    test: float = Field(40, gt=0)
    validation: float = Field(40, ge=0)
    seeds: tuple[int, ...] = Field((0, 1, 2, 3, 4), min_length=1)
    up_to: int = Field(50, ge=1)
    shown: tuple[int, ...] = (10, 20, 30, 40, 50)
    claimed: int = Field(0, ge=0)
    settings: dict[str, Settings] = Field({})
    trials: dict[str, tuple[Settings, ...]] = Field({})
    best: str = ""
    at_least: float = Field(0.0, ge=0)
    above: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_choose(self) -> ColdItems:
        if self.trials and not self.validation:
            raise ValueError("trials are chosen by validation items, of which there are none")
        if self.claimed > self.up_to:
            raise ValueError(f"claims at k = {self.claimed} need an up_to that is as large")
        if self.best and self.best not in self.rows:
            raise ValueError(f"best names {self.best!r:.60}, which is not among its rows")
        strange = [name for name in (*self.settings, *self.trials, *self.above) if name not in (*self.rows, *_ORDERS)]
        if strange:
            raise ValueError(f"{strange[0]!r:.60} is not among its rows")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return every row that is compared."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return a fit a row, seed and trial, and the orders of each seed."""
        fits = [job for row in self.rows for seed in self.seeds for job in self._fits(study, row, seed)]
        return [*fits, *(self._orders(study, seed) for seed in self.seeds)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the curves, a table, differences item by item, and what is claimed."""
        curves = {row: Curve.of([self._chosen(study, row, seed)[1] for seed in self.seeds]) for row in self.rows}
        orders = [study.result(self._orders(study, seed)) for seed in self.seeds]
        curves |= {name: Curve.of([result[name] for result in orders]) for name in _ORDERS}
        ks = [k for k in self.shown if k <= self.up_to]
        columns = (Column("row"), *(Column(f"recall@{k}", digits=4) for k in ks))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (name, *(curve.interval(k) for k in ks)) for name, curve in curves.items()
        )
        lines = tuple(_line(name, curve) for name, curve in curves.items())
        blocks: list[Block] = [
            Text(self._about(study, curves[self.rows[0]], orders[0][RANDOM]["users"])),
            Figure(
                f"{self.called}-figure",
                Lines("k, users ranked first", "recall@k of the right users", lines),
                "Recall of the right users of held-out items, mean over items with its 95 % band.",
            ),
            Table(self.called, columns, rows, "Held-out items, mean over items with its 95 % interval."),
        ]
        rivals = {name: curves[self.best].minus(curves[name]) for name in self.above if self.best}
        if rivals:
            differences: tuple[tuple[Cell, ...], ...] = tuple(
                (f"{self.best} − {name}", *(curve.interval(k) for k in ks)) for name, curve in rivals.items()
            )
            signed = (Column("difference"), *(Column(f"recall@{k}", digits=4, signed=True) for k in ks))
            caption = "Differences item by item, with their 95 % intervals."
            blocks.append(Table(f"{self.called}-differences", signed, differences, caption))
        reached = {self.best: curves[self.best].interval(self._k)} if self.best else {}
        return [*blocks, *self.findings(reached, {name: curve.interval(self._k) for name, curve in rivals.items()})]

    def findings(self, reached: dict[str, Interval], differences: dict[str, Interval]) -> list[Finding]:
        """Return what the best row reaches, and how it stands to each rival.

        Args:
            reached: recall of ``best``, by its name; empty where there is none.
            differences: by rival, recall of ``best`` − that of the rival.
        """
        findings = []
        for name, value in reached.items():
            text = f"Cold items: {name} reaches recall@{self._k} {interval_text(value, 4)} of the right users"
            text += f"; more than {number(self.at_least, 4)} was to be reached" if self.at_least else ""
            findings.append(Finding(text, decided(value, self.at_least) if self.at_least else None))
        for name, difference in differences.items():
            above = decided(difference)
            text = f"Cold items: {self.best} is {relation(above)} {name} in recall@{self._k}, item by item: "
            findings.append(Finding(text + interval_text(difference, 4, signed=True), above))
        return findings

    @property
    def _k(self) -> int:
        return self.claimed or self.up_to

    def _about(self, study: Study, curve: Curve, users: int) -> str:
        text = (
            f"Training sees no interaction of the held-out items ({len(curve.items):,} over {len(self.seeds)} draws, "
            f"{int(curve.items.max()) + 1:,} different ones); for each of them {users:,} users are ranked. "
            "Intervals are over items. "
        )
        changed = "; ".join(f"{row}: {_listed(settings)}" for row, settings in self.settings.items())
        text += f"Settings are those chosen on the first split{', but for ' + changed if changed else ''}. "
        for row, tried in self.trials.items():
            won = [_listed(self._chosen(study, row, seed)[0]) for seed in self.seeds]
            text += f"{row} chose among {len(tried)} by the validation items of each draw: {'; '.join(won)}. "
        return text.rstrip()

    def _tried(self, row: str) -> tuple[Settings, ...]:
        own = self.settings.get(row, {})
        return tuple({**own, **trial} for trial in self.trials.get(row, ({},)))

    def _fits(self, study: Study, row: str, seed: int) -> list[Job]:
        model = study.recipe.row(row).model
        jobs = []
        for settings in self._tried(row):
            inputs = {
                "split": self._cut(study, seed),
                "model": model,
                "settings": {**study.chosen(row), **settings},
                "up_to": self.up_to,
            }
            jobs.append(study.job("cold_items", model, f"{row}, cold items {seed}: {_listed(settings)}", inputs))
        return jobs

    def _chosen(self, study: Study, row: str, seed: int) -> tuple[Settings, dict[str, list[object]]]:
        """Return the trial with the best recall on the validation items, the first of equals, and its result."""
        trials = self.trials.get(row, ({},))
        results = [study.result(job) for job in self._fits(study, row, seed)]
        if len(results) == 1:
            return trials[0], results[0]
        return max(zip(trials, results, strict=True), key=lambda pair: pair[1]["validation"][self._k - 1])

    def _orders(self, study: Study, seed: int) -> Job:
        inputs = {"split": self._cut(study, seed), "up_to": self.up_to}
        return study.job("cold_item_orders", "orders", f"orders of users, cold items {seed}", inputs)

    def _cut(self, study: Study, seed: int) -> str:
        options = {"validation": self.validation, "test": self.test}
        return study.cut(SplitPlan(kind="items", options=options), seed)


def _line(name: str, curve: Curve) -> Band:
    intervals = [curve.interval(k) for k in range(1, curve.recall.shape[1] + 1)]
    x, y = tuple(map(float, range(1, len(intervals) + 1))), tuple(one.value for one in intervals)
    return Band(name, x, y, tuple(one.low for one in intervals), tuple(one.high for one in intervals))


def _listed(settings: Settings) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items()) or "as they are"
