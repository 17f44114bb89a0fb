from __future__ import annotations

import pyarrow as pa
import pytest

from graphrec.loading.columns import Column
from graphrec.loading.local_numbers import comma_hint, plain_numbers, with_plain_missing


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


@pytest.mark.parametrize(
    ("texts", "hint"),
    [
        (["4,5", "4", "3,5", "n/a"], ("2 values", "4,5", "before decimals", "decimal")),
        (["1,296", "4,5"], ("1 value", "4,5", "before decimals", "decimal")),
        (["1,296.63", "1,296"], ("2 values", "1,296.63", "between thousands", "thousands")),
    ],
)
def test_the_hint_says_what_the_comma_would_have_to_mean(texts: list[str], hint: tuple[str, ...]) -> None:
    count, example, meaning, entry = hint
    told = f"{count} of 'r', such as '{example}', would be a number with a comma {meaning}: say {entry} = \",\""
    assert comma_hint("r", pa.array(texts)) == told


def test_there_is_no_hint_where_the_comma_says_nothing() -> None:
    assert comma_hint("r", pa.array(["4.5", "", "$1,296.63", "none, yet", None])) == ""
