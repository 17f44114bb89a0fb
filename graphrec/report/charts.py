"""Plots as numbers: lines with bands, points with intervals, distributions side by side, clouds, heat maps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """One line with its 95 % band.

    Attributes:
        label: in the legend.
        x, y: of the points.
        low, high: of the band; empty where there is none.
    """

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


COINCIDING = 0.03
"""Two lines lie on each other where they are nowhere further apart than this share of the drawn height."""


@dataclass(frozen=True)
class Lines:
    """Lines over one axis. Labels of axes name their units."""

    x_label: str
    y_label: str
    lines: tuple[Band, ...]

    @property
    def differences(self) -> tuple[tuple[int, Band], ...]:
        """The lines that lie on an earlier one, as differences to it, each with its place among the lines.

        Compared are the points at the same x; lines without two of them lie on no other.
        """
        drawn = [y for line in self.lines for y in line.y]
        tolerance = COINCIDING * (max(drawn) - min(drawn)) if drawn else 0.0
        apart: list[Band] = []
        differences = []
        for place, line in enumerate(self.lines):
            for other in apart:
                at = dict(zip(other.x, other.y, strict=True))
                points = [(x, y - at[x]) for x, y in zip(line.x, line.y, strict=True) if x in at]
                if len(points) > 1 and all(abs(difference) <= tolerance for _, difference in points):
                    x, y = zip(*points, strict=True)
                    differences.append((place, Band(f"{line.label} − {other.label}", x, y)))
                    break
            else:
                apart.append(line)
        return tuple(differences)


@dataclass(frozen=True)
class Points:
    """One row a label, with a point, its interval, and a mark to compare with.

    Attributes:
        x_label: of the axis, with its unit.
        labels: of the rows, from top to bottom.
        values: of the points.
        low, high: of the intervals; empty where there are none.
        marks: other values, such as the paper's; None where there is none.
        value_name, mark_name: in the legend.
        zero: draw a line at 0.
        log_x: logarithmic axis.
    """

    x_label: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    marks: tuple[float | None, ...] = ()
    value_name: str = "here"
    mark_name: str = "paper"
    zero: bool = False
    log_x: bool = False


@dataclass(frozen=True)
class Densities:
    """Distributions as histograms over one another.

    Attributes:
        x_label: of the axis, with its unit.
        samples: values by label.
    """

    x_label: str
    samples: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True)
class Cloud:
    """Points on a plane whose axes mean nothing, in groups.

    Attributes:
        groups: label, x and y of each.
    """

    groups: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...]


@dataclass(frozen=True)
class Heat:
    """A number for each pair of things, as a colour from −``largest`` to ``largest``.

    Attributes:
        labels: of the rows.
        values: of each row; NaN where there is none.
        value_name: of the numbers, beside the scale of colours.
        columns: labels of the columns; empty where they are those of the rows.
        largest: end of the scale of colours.
    """

    labels: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    value_name: str
    columns: tuple[str, ...] = ()
    largest: float = 1.0

    @property
    def column_labels(self) -> tuple[str, ...]:
        """Labels of the columns."""
        return self.columns or self.labels


Chart = Lines | Points | Densities | Cloud | Heat
