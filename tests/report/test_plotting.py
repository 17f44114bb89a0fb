"""Plots name their axes, and say what is missing."""

from __future__ import annotations

import builtins
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from graphrec.errors import MissingExtraError
from graphrec.report import Band, Cloud, Heat, Lines
from graphrec.report.plotting import svg_of
from graphrec.report.standing_alone import standing_alone
from tests.report.example import DENSITIES, DRAWING, EVIL, LINES, POINTS


def words(svg: str) -> list[str]:
    """Return all text of a drawing."""
    return ["".join(one.itertext()).strip() for one in ET.fromstring(svg).iter() if one.tag.endswith("text")]


def test_lines_name_axes_and_lines() -> None:
    drawn = words(svg_of(LINES.chart, "curves"))
    assert {"k, reasons removed", "Δŷ [score]", "LRP", "Random"} <= set(drawn)


def test_points_name_rows_and_what_is_compared() -> None:
    drawn = words(svg_of(POINTS.chart, "points"))
    assert {"EASE", EVIL, "recall@50", "here", "paper"} <= set(drawn)


def test_distributions_name_samples_and_unit() -> None:
    assert {"top 1", "random 1", "share of pairs [%]", "Δŷ [score]"} <= set(words(svg_of(DENSITIES.chart, "d")))


def test_a_cloud_names_its_groups_and_has_every_point() -> None:
    cloud = Cloud((("rock", (0.0, 1.0), (0.0, 2.0)), (EVIL, (3.0,), (4.0,))))
    drawn = svg_of(cloud, "cloud")
    assert words(drawn) == ["rock", EVIL]  # the axes of such a plane mean nothing, and have no numbers
    assert drawn.count("<use ") == 3 + 2  # points, and the legend's own


def test_a_heat_map_names_rows_and_columns_and_writes_numbers_where_there_is_room() -> None:
    small = words(svg_of(Heat(("drama", EVIL), ((2.0, -0.5), (0.0, 0.25)), "o", ("one", "two"), 2.0), "h"))
    assert {"drama", EVIL, "one", "two", "2.00", "−0.50", "0.25"} <= set(small)
    columns = tuple(f"dimension {number}" for number in range(100))
    wide = words(svg_of(Heat(("drama",), (tuple(float(number) for number in range(100)),), "o", columns, 99.0), "h"))
    assert [word for word in wide if word.startswith("dimension")] == list(columns[::5])
    assert "3.00" not in wide


def test_all_of_a_sample_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies outside the drawn range counts in its last bar: nothing is cut off silently."""
    import numpy as np
    from matplotlib.axes import Axes

    bars: list[tuple[Any, Any]] = []
    draw = Axes.hist

    def noted(axes: Any, values: Any, **style: Any) -> Any:
        bars.append((drawn := draw(axes, values, **style))[:2])
        return drawn

    monkeypatch.setattr(Axes, "hist", noted)
    values = (*np.linspace(-1, 1, 999), 1e6)
    svg_of(type(DENSITIES.chart)("x", (("a", values), ("b", (0.0,)))), "d")
    assert [heights.sum() for heights, _ in bars] == pytest.approx([100] * 4)  # each sample: filled, and its outline
    heights, edges = bars[0]
    assert edges[-1] < 1 < values[-1]
    # 0.1 % of a each: 17 or so for a bar's width, and in the last one those above its upper edge too
    last = sum(value >= edges[-2] for value in values)
    assert heights[-1] == pytest.approx(last / 10)


def test_a_line_of_no_points_is_drawn_as_nothing() -> None:
    assert "empty" in words(svg_of(Lines("x", "y", (Band("empty", (), ()), Band("one", (1.0,), (2.0,)))), "n"))


def test_without_matplotlib_the_error_says_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(MissingExtraError, match=r"pip install 'graphrec\[reports\]'"):
        svg_of(LINES.chart, "curves")


def test_a_file_is_one_document_with_its_paper() -> None:
    assert words(standing_alone(DRAWING.svg)) == ["Alien"]
    assert 'fill="#ffffff"' in standing_alone(svg_of(LINES.chart, "curves"))
    with pytest.raises(ValueError, match="no SVG"):
        standing_alone("<p>Alien</p>")


def test_lines_that_lie_on_each_other_are_drawn_as_differences_too() -> None:
    """The height is 10, so that lines within 0.3 of each other lie on each other; b does at x = 1 alone."""
    lines = Lines(
        "x",
        "y",
        (
            Band("a", (1, 2, 3), (0.0, 5.0, 10.0)),
            Band("b", (1, 2, 3), (0.1, 5.5, 9.0)),
            Band("c", (2, 3, 4), (5.2, 9.8, 3.0)),
            Band("d", (1, 2, 3), (0.2, 5.4, 9.2)),
            Band("e", (3,), (10.0,)),
        ),
    )
    (c_of_a, d_of_b) = lines.differences
    assert (c_of_a[0], c_of_a[1].label, c_of_a[1].x) == (2, "c − a", (2, 3))
    assert c_of_a[1].y == pytest.approx((0.2, -0.2))
    assert (d_of_b[0], d_of_b[1].label) == (3, "d − b")
    assert d_of_b[1].y == pytest.approx((0.1, -0.1, 0.2))
    drawn = words(svg_of(lines, "lines"))
    assert {"a", "b", "c", "d", "c − a", "d − b", "difference"} <= set(drawn)
    assert "difference" not in words(svg_of(LINES.chart, "curves"))
    assert Lines("x", "y", ()).differences == ()
