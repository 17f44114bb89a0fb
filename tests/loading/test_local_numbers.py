from __future__ import annotations

import pyarrow as pa
import pytest

from graphrec.loading.columns import Column
from graphrec.loading.local_numbers import plain_numbers, with_plain_missing


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("3,5", "3.5"), ("3.5", "3,5"), ("-1.234,5", "-1234.5"), ("1.234.567", "1234567"), ("1.23", "1,23"),
        ("12.34,5", "12,34.5"), ("1.2345", "1,2345"), (" 7 ", "7"), ("n/a", "n/a"), (None, None),
    ],
)  # fmt: skip
def test_decimal_commas_and_points_between_thousands(text: str | None, plain: str | None) -> None:
    assert plain_numbers(pa.array([text], pa.string()), ",", ".").to_pylist() == [plain]


def test_commas_between_thousands() -> None:
    assert plain_numbers(pa.array(["1,234.5", "1,23", "1,234"]), ".", ",").to_pylist() == ["1234.5", "1,23", "1234"]


def test_missing_values_of_numbers_alone_are_rewritten() -> None:
    columns = [Column("p", "number", missing=("-1,0", "NA")), Column("t", missing=("-1,0",))]
    assert [column.missing for column in with_plain_missing(columns, ",")] == [("-1.0", "NA"), ("-1,0",)]
