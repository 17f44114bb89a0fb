"""All curves in one picture: processor time and peak memory of every stage, in log–log, beside a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from benchmarks.scaling.measurements import curve

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.scaling.measurements import Measurement

COSTS = {"cpu": "processor time (s)", "peak": "peak memory (MB)"}
_MARKS = "os^vD*PXhd<>"


def draw(rows: list[Measurement], path: Path) -> None:
    """Draw the curves; the ending of the file says its format.

    Args:
        rows: all measurements.
        path: the file, such as ``scaling.svg``.
    """
    all_series = list(dict.fromkeys(row.series for row in rows))
    figure = Figure(figsize=(12, 4.6 * len(all_series)), layout="constrained")
    panels = figure.subplots(len(all_series), len(COSTS), squeeze=False)
    for series, line in zip(all_series, panels, strict=True):
        stages = list(dict.fromkeys(row.stage for row in rows if row.series == series))
        for (cost, label), axes in zip(COSTS.items(), line, strict=True):
            for place, stage in enumerate(stages):
                sizes, costs = curve(rows, series, stage, cost)
                axes.loglog(sizes, costs, marker=_MARKS[place % len(_MARKS)], label=stage)
            low, high = axes.get_ylim()
            left, right = axes.get_xlim()
            axes.plot([left, right], [low, low * right / left], color="0.6", linestyle=":", label="linear")
            axes.set(xlabel=series, ylabel=label, xlim=(left, right), ylim=(low, high))
            axes.grid(alpha=0.3)
        line[-1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(path)
