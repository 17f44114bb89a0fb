"""Numbers as people write them."""

from __future__ import annotations

import pytest

from graphrec.report import Column, Interval, Spread
from graphrec.report.cells import as_json, number, text

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "digits", "signed", "written"),
    [
        (0.37761, 4, False, "0.3776"),
        (-0.00004, 4, True, "+0.0000"),  # a rounded zero has no minus
        (-0.0102, 4, True, "−0.0102"),
        (12345.6, None, False, "12,346"),
        (5, None, True, "+5"),
        (0.0123456, None, False, "0.0123"),
        (120.5, None, False, "120"),
        (1.2e-7, None, False, "1.2e-07"),
        (0.0, None, False, "0"),
        (NAN, 2, False, "–"),
        (float("inf"), None, False, "∞"),
    ],
)
def test_numbers(value: float, digits: int | None, signed: bool, written: str) -> None:
    assert number(value, digits, signed=signed) == written


def test_cells() -> None:
    column = Column("recall@50", digits=3, signed=True)
    assert text(None, column) == "–"
    assert text(Spread(0.3, 0.0123, 5), column) == "+0.300 ± 0.012"
    assert text(Spread(0.3, None, 1), column) == "+0.300"
    assert text(Interval(0.1, -0.2, 0.4), column) == "+0.100 (−0.200 to +0.400)"
    assert text("as it is", column) == "as it is"


def test_json_keeps_every_digit_and_knows_no_nan() -> None:
    assert as_json(Spread(0.123456789012, NAN, 2)) == {"mean": 0.123456789012, "sd": None, "n": 2}
    assert as_json(Interval(1.0, NAN, 2.0)) == {"value": 1.0, "low": None, "high": 2.0}
    assert as_json(NAN) is None


def test_a_spread_is_that_of_a_sample() -> None:
    assert Spread.of([1.0, 2.0, 3.0]) == Spread(2.0, 1.0, 3)
    assert Spread.of([4.0]) == Spread(4.0, None, 1)
