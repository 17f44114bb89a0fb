"""What was measured, one row for each stage and size, as JSON; and what follows from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from benchmarks.scaling.slopes import Slope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Measurement:
    """One stage at one size.

    Attributes:
        series: ``interactions`` or ``items``: which of the two grows.
        stage: its name.
        interactions: rows of the data.
        items: likewise.
        cost: ``cpu`` and ``wall`` in seconds, ``held`` and ``peak`` in megabytes, and counts; empty where it failed.
        failed: why; empty where it did not.
    """

    series: str
    stage: str
    interactions: int
    items: int
    cost: dict[str, float] = field(default_factory=dict)
    failed: str = ""

    @property
    def size(self) -> int:
        """The number that grows in the series."""
        return self.interactions if self.series == "interactions" else self.items


def written(rows: Iterable[Measurement]) -> str:
    """Return measurements as JSON."""
    return json.dumps([asdict(row) for row in rows], indent=1) + "\n"


def read(path: Path) -> list[Measurement]:
    """Return the measurements of a file that ``written`` made."""
    return [Measurement(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def curve(rows: Iterable[Measurement], series: str, stage: str, cost: str) -> tuple[list[int], list[float]]:
    """Return sizes and costs of a stage, the smallest first."""
    points = sorted(
        (row.size, row.cost[cost]) for row in rows if (row.series, row.stage) == (series, stage) and row.cost
    )
    return [size for size, _ in points], [value for _, value in points]


def summary(rows: list[Measurement], least: dict[str, int]) -> list[str]:
    """Return a line for each stage and series: the slopes of processor time and of peak memory.

    Args:
        rows: all measurements.
        least: for each series the size from which on slopes are told.
    """
    lines = []
    for series, stage in dict.fromkeys((row.series, row.stage) for row in rows):
        told = []
        for cost in ("cpu", "peak"):
            sizes, costs = curve(rows, series, stage, cost)
            large = [(size, value) for size, value in zip(sizes, costs, strict=True) if size >= least[series]]
            slope = Slope.of([size for size, _ in large], [value for _, value in large])
            told.append(f"{cost} {slope}" if slope else f"{cost} –")
        failed = [
            f"{row.size:,}: {row.failed}" for row in rows if (row.series, row.stage) == (series, stage) and row.failed
        ]
        lines.append("; ".join([f"{series:12} {stage:14} {', '.join(told)}", *failed]))
    return lines


def _of(rows: Iterable[Measurement], series: str, stage: str) -> list[Measurement]:
    return [row for row in rows if (row.series, row.stage) == (series, stage)]
