"""Charts as SVG, drawn by matplotlib: readable on screen and in print, and for those who see no red or green."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from graphrec.errors import MissingExtraError
from graphrec.report.cells import number
from graphrec.report.charts import Cloud, Densities, Heat, Lines, Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.report.charts import Band, Chart

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#6b7280", "#a0522d")
"""Okabe and Ito's colours, the yellow darkened so that it is seen on white."""

_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (7, 2, 1, 2)))
_SHAPES = ("o", "^", "s")
_HALF_A_LINE = 45
"""Characters of a label in a legend that two columns have room for."""
_DARK = 0.6
"""Values of a heat map, of its largest, whose colour is so dark that figures on it are white."""
_MOST_WRITTEN, _MOST_LABELS = 12, 20
"""Columns of a heat map up to which numbers are written into it, and labels of columns that there is room for."""
_INK, _FAINT = "#1d2430", "#8a94a3"
_STYLE: Any = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": _FAINT,
    "grid.alpha": 0.25,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
}


def need_matplotlib() -> None:
    """Raise MissingExtraError where plots cannot be drawn: before hours of work rather than after."""
    try:
        import matplotlib as mpl  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("matplotlib", extra="reports", purpose="A report's plots") from error


def svg_of(chart: Chart, name: str) -> str:
    """Return a chart as an SVG document without a background; the same chart gives the same text.

    Args:
        chart: what to draw.
        name: makes the ids in it unique in a page that holds several.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    need_matplotlib()
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        height = 1.2 + 0.3 * len(chart.labels) if isinstance(chart, Points) else 3.8
        height = 6.0 if isinstance(chart, (Cloud, Heat)) or (isinstance(chart, Lines) and chart.differences) else height
        canvas = Canvas(figsize=(7.2, height), layout="constrained")
        if isinstance(chart, Lines):
            _lines(canvas, chart)
            return _finished(canvas, name)
        axes = canvas.add_subplot()
        if isinstance(chart, Points):
            _points(axes, chart)
        elif isinstance(chart, Cloud):
            _cloud(axes, chart)
        elif isinstance(chart, Heat):
            _heat(axes, chart)
        else:
            _densities(axes, chart)
        return _finished(canvas, name)


def _finished(canvas: Any, name: str) -> str:
    file = io.StringIO()
    canvas.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _with_own_ids(file.getvalue(), name)


def _lines(canvas: Any, chart: Lines) -> None:
    """Draw the lines, and below them the differences of those that lie on each other."""
    if not chart.differences:
        _lines_of(canvas.add_subplot(), list(enumerate(chart.lines)), chart.x_label, chart.y_label)
        return
    above, below = canvas.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    _lines_of(above, list(enumerate(chart.lines)), "", chart.y_label)
    _lines_of(below, chart.differences, chart.x_label, "difference")
    below.axhline(0, color=_INK, linewidth=0.8)


def _lines_of(axes: Any, lines: Sequence[tuple[int, Band]], x_label: str, y_label: str) -> None:
    """Draw lines with their bands, each in the colour and dash of its place."""
    for place, line in lines:
        colour, dash = PALETTE[place % len(PALETTE)], _DASHES[place % len(_DASHES)]
        marker = "o" if len(line.x) < 12 else None
        axes.plot(line.x, line.y, color=colour, linestyle=dash, linewidth=1.8, label=line.label, marker=marker, ms=4)
        if line.low:
            axes.fill_between(line.x, line.low, line.high, color=colour, alpha=0.18, linewidth=0)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    if all(float(x).is_integer() for _, line in lines for x in line.x):
        axes.xaxis.get_major_locator().set_params(integer=True)
    _legend(axes, len(lines))


def _points(axes: Any, chart: Points) -> None:
    rows = list(range(len(chart.labels)))[::-1]
    if chart.low:
        axes.hlines(rows, chart.low, chart.high, color=PALETTE[0], linewidth=2)
    axes.plot(chart.values, rows, "o", color=PALETTE[0], label=chart.value_name)
    marked = [(row, value) for row, value in zip(rows, chart.marks, strict=False) if value is not None]
    if marked:
        axes.plot(
            [v for _, v in marked], [r for r, _ in marked], "D", color=PALETTE[1], mfc="none", label=chart.mark_name
        )
        _legend(axes, 2)
    if chart.zero:
        axes.axvline(0, color=_INK, linewidth=1)
    if chart.log_x:
        axes.set_xscale("log")
    axes.set_yticks(rows, chart.labels)
    axes.set_xlabel(chart.x_label)
    axes.margins(y=0.5 / max(len(rows), 1))


def _densities(axes: Any, chart: Densities) -> None:
    import numpy as np

    everything = np.concatenate([values for _, values in chart.samples])
    low, high = np.quantile(everything, (0.002, 0.998))
    edges = np.linspace(low, high if high > low else low + 1, 61)
    for place, (label, values) in enumerate(chart.samples):
        colour = PALETTE[place % len(PALETTE)]
        clipped = np.clip(values, edges[0], edges[-1])
        weights = np.full(len(clipped), 100 / max(len(clipped), 1))
        style: dict[str, Any] = {"bins": edges, "weights": weights, "color": colour}
        axes.hist(clipped, histtype="stepfilled", alpha=0.25, **style)
        axes.hist(clipped, histtype="step", linewidth=1.6, linestyle=_DASHES[place % 4], label=label, **style)
    axes.axvline(0, color=_INK, linewidth=1)
    axes.set_xlabel(chart.x_label)
    axes.set_ylabel("share of pairs [%]")
    _legend(axes, len(chart.samples))


def _cloud(axes: Any, chart: Cloud) -> None:
    for place, (label, x, y) in enumerate(chart.groups):
        colour, shape = PALETTE[place % len(PALETTE)], _SHAPES[place // len(PALETTE) % len(_SHAPES)]
        axes.scatter(x, y, s=7, color=colour, marker=shape, label=label, linewidths=0, alpha=0.8, rasterized=False)
    axes.set_axis_off()
    axes.set_aspect("equal", adjustable="datalim")
    columns = 2 if max(len(label) for label, *_ in chart.groups) <= _HALF_A_LINE else 1
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=columns, fontsize=8, markerscale=2)


def _heat(axes: Any, chart: Heat) -> None:
    columns, largest = chart.column_labels, chart.largest
    are_written = len(columns) <= _MOST_WRITTEN
    edges: Any = {"edgecolors": "white", "linewidth": 1} if are_written else {}
    shown = axes.pcolormesh(chart.values, cmap="RdBu_r", vmin=-largest, vmax=largest, **edges)
    for row, values in enumerate(chart.values if are_written else ()):
        for column, value in enumerate(values):
            colour = "white" if abs(value) > _DARK * largest else _INK
            text = number(value, 2)
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=colour, fontsize=9)
    every = -(-len(columns) // _MOST_LABELS)
    axes.set_xticks([place + 0.5 for place in range(0, len(columns), every)], columns[::every], rotation=45, ha="right")
    axes.set_yticks([place + 0.5 for place in range(len(chart.labels))], chart.labels)
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.figure.colorbar(shown, ax=axes, label=chart.value_name, shrink=0.7)


def _legend(axes: Any, entries: int) -> None:
    axes.legend(loc="best", ncols=1 if entries < 7 else 2, fontsize=9)


def _with_own_ids(document: str, name: str) -> str:
    """Return the document with its ids, and what refers to them, prefixed by a name."""
    body = document[document.index("<svg") :]
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'href="#', f'href="#{name}-', body)
    return re.sub(r"url\(#", f"url(#{name}-", body)
