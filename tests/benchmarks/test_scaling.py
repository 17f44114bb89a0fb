"""What the scaling benchmark tells of its measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from benchmarks.scaling.measurements import Measurement, read, summary, written
from benchmarks.scaling.slopes import Slope

if TYPE_CHECKING:
    from pathlib import Path


def test_a_power_has_its_exponent_as_slope() -> None:
    """3 · n^1.5 at 4, 16 and 64: eight times as much for each four, so that at 64 one costs four times that at 4."""
    slope = Slope.of([4, 16, 64], [24.0, 192.0, 1536.0])
    assert slope is not None
    assert (slope.value, slope.low, slope.high) == pytest.approx((1.5, 1.5, 1.5))
    assert slope.above_linear == pytest.approx(4.0)
    assert Slope.of([4, 4], [1.0, 2.0]) is None


def test_the_interval_is_that_of_a_regression() -> None:
    sizes, costs = [1, 2, 4, 8], [1.1, 1.9, 4.6, 7.5]
    slope, regression = Slope.of(sizes, costs), stats.linregress(np.log(sizes), np.log(costs))
    half = stats.t.ppf(0.975, 2) * regression.stderr
    assert slope is not None
    assert (slope.value, slope.low, slope.high) == pytest.approx(
        (regression.slope, regression.slope - half, regression.slope + half)
    )


def test_fixed_costs_of_small_sizes_and_failures_are_not_in_the_slope(tmp_path: Path) -> None:
    costs = {1: 50.0, 4: 8.0, 16: 32.0}
    rows = [Measurement("interactions", "load", n, 10, {"cpu": cpu, "peak": 100.0}) for n, cpu in costs.items()]
    rows.append(Measurement("interactions", "load", 64, 10, failed="no room"))
    (tmp_path / "s.json").write_text(written(rows), encoding="utf-8")
    assert read(tmp_path / "s.json") == rows
    (line,) = summary(rows, {"interactions": 4})
    assert line.endswith("cpu 1.00, 1.00 × linear, peak 0.00, 0.25 × linear; 64: no room")
