"""Parameters of queries: the same on both engines, or refused by name."""

from __future__ import annotations

import datetime as dt
import math
from collections import deque
from decimal import Decimal
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some

from graphrec.errors import UsageError
from graphrec.store.parameters import plain_parameters
from tests.store.content import load_small

if TYPE_CHECKING:
    from graphrec.store.store import Store


class Size(IntEnum):
    FOUR = 4


class Word(str, Enum):
    ADA = "ada"


FOURS: list[Any] = [
    4,
    4.0,
    Size.FOUR,
    Decimal("4.00"),
    np.int8(4),
    np.int64(4),
    np.uint64(4),
    np.float16(4),
    np.float32(4),
    np.float64(4),
    np.longdouble(4),
    np.array(4),
    pa.scalar(4),
    pa.scalar(4.0, pa.float32()),
    pa.scalar(Decimal("4.0")),
]
PEOPLE: list[Any] = [
    ["ada", "dan"],
    ("ada", "dan"),
    {"ada", "dan"},
    frozenset(("ada", "dan")),
    {"ada": 1, "dan": 2}.keys(),
    {1: "ada", 2: "dan"}.values(),
    deque(["ada", "dan"]),
    np.array(["ada", "dan"]),
    np.array(["ada", "dan"], dtype=object),
    [np.str_("ada"), "dan"],
    [Word.ADA, "dan"],
    pd.Series(["ada", "dan"]),
    pd.Series(["ada", "dan"], dtype="string"),
    pd.Series(["ada", "dan"], dtype="category"),
    pd.Index(["ada", "dan"]),
    pa.array(["ada", "dan"]),
    pa.array(["ada", "dan"]).dictionary_encode(),
    pa.chunked_array([["ada"], ["dan"]]),
    pa.scalar(["ada", "dan"]),
]
MISSING: list[Any] = [None, math.nan, np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), pa.scalar(None)]
REFUSED: list[tuple[Any, str]] = [
    (2**63, "at most 64 bits"),
    (-(2**63) - 1, "at most 64 bits"),
    (np.uint64(2**63), "at most 64 bits"),
    (Decimal("0.1"), "cannot be held exactly"),
    (dt.date(2024, 1, 3), "whole seconds since 1970"),
    (dt.datetime(2024, 1, 3, tzinfo=dt.timezone.utc), "whole seconds since 1970"),
    (dt.timedelta(1), "whole seconds since 1970"),
    (pd.Timestamp("2024-01-03"), "whole seconds since 1970"),
    (np.datetime64("2024-01-03"), "whole seconds since 1970"),
    (np.array(["2024-01-03"], dtype="datetime64[s]"), "whole seconds since 1970"),
    (pd.Series(pd.to_datetime(["2024-01-03"])), "whole seconds since 1970"),
    (pa.scalar(dt.datetime(2024, 1, 3)), "whole seconds since 1970"),
    (b"ada", "bytes is no value"),
    (np.bytes_("ada"), "no value of a graph"),
    (memoryview(b"ada"), "no value of a graph"),
    (1j, "complex is no value"),
    (object(), "object is no value"),
    (iter(["ada"]), "no value of a graph"),
    (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), "no value of a graph"),
    (pd.DataFrame({"a": [1]}), "a whole table"),
    (pa.table({"a": [1]}), "a whole table"),
    ("half \ud83d", "half of a character is missing"),
    (["ada", "half \ud83d"], "half of a character is missing"),
    (["ada", None], "value 2 of its list is missing"),
    (pd.Series(["ada", np.nan], dtype=object), "value 2 of its list is missing"),
    (pd.Series([1, None], dtype="Int64"), "value 2 of its list is missing"),
    (["ada", 4], "int and str side by side"),
    ([True, 1], "bool and int side by side"),
    ([2**60, 0.5], "float and int side by side"),
    ([{"a": 1}, {"b": 2}], "different keys"),
    ({1: "ada"}, "keys of a dictionary are texts"),
    ({"a": None}, "'a' of its dictionary is missing or empty"),
]


@pytest.mark.parametrize("four", FOURS, ids=lambda value: type(value).__name__)
def test_a_number_of_any_library_is_a_number(four: Any) -> None:
    (plain,) = plain_parameters({"x": four}).values()
    assert plain == 4
    assert type(plain) in (int, float)


@pytest.mark.parametrize("people", PEOPLE, ids=lambda value: type(value).__name__)
def test_a_list_of_any_library_is_a_list(people: Any) -> None:
    plain = plain_parameters({"x": people})["x"]
    assert plain == ["ada", "dan"]
    assert {type(value) for value in plain} == {str}


@pytest.mark.parametrize("value", MISSING, ids=lambda value: type(value).__name__)
def test_a_missing_value_is_null(value: Any) -> None:
    assert plain_parameters({"x": value}) == {"x": None}


@pytest.mark.parametrize(("value", "words"), REFUSED)
def test_what_engines_would_take_differently_is_refused_by_name(value: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        plain_parameters({"good": 1, "bad one": value})
    assert "the parameter $bad one: " in str(refused.value)
    assert refused.value.remedy


def test_nested_values() -> None:
    given = {"a": np.int64(1), "b": {"c": (np.float32(0.5), 1)}, "d": np.arange(4).reshape(2, 2), "e": np.bool_(True)}
    plain = plain_parameters({"x": given})["x"]
    assert plain == {"a": 1, "b": {"c": [0.5, 1.0]}, "d": [[0, 1], [2, 3]], "e": True}
    assert [type(value) for value in (plain["a"], plain["b"]["c"][1], plain["e"])] == [int, float, bool]
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(UsageError, match=r"\$x: it is nested more than"):
        plain_parameters({"x": endless})
    with pytest.raises(UsageError, match="the name of a parameter is a text"):
        plain_parameters({1: "x"})  # type: ignore[dict-item]


_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text() | some.binary() | some.dates(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text() | some.integers(), inner),
    max_leaves=8,
)


@given(_VALUES)
def test_anything_is_plain_or_refused(value: Any) -> None:
    try:
        plain = plain_parameters({"x": value})
    except UsageError:
        return
    assert plain_parameters(plain) == plain


# --- on both engines

_LEAST = "MATCH (:User)-[r:INTERACTED]->() WHERE r.rating >= $x RETURN count(r) AS n"
_WHEN = "MATCH (:User {id: 'ada'})-[r:INTERACTED]->(i) WHERE r.timestamp IN $x RETURN i.id AS i"
_WHO = "MATCH (u:User) WHERE u.id IN $x RETURN count(u) AS n"


def test_both_engines_take_them_alike(store: Store) -> None:
    load_small(store)
    least = store.query(_LEAST.replace("$x", "4.0"))["n"].tolist()
    assert least[0] > 0
    for four in FOURS:
        assert store.query(_LEAST, {"x": four})["n"].tolist() == least, repr(four)
    for people in PEOPLE:
        assert store.query(_WHO, {"x": people})["n"].tolist() == [2], repr(people)
    for value in MISSING:
        assert store.query(_LEAST, {"x": value})["n"].tolist() == [0]
    for value in (math.inf, -math.inf):
        expected = 0 if value > 0 else store.query("MATCH ()-[r:INTERACTED]->() RETURN count(r) AS n")["n"].tolist()[0]
        assert store.query(_LEAST, {"x": value})["n"].tolist() == [expected]
    for value, words in REFUSED:
        with pytest.raises(UsageError, match=words):
            store.query(_LEAST, {"x": value})


def test_numbers_meet_numbers_of_the_other_kind(store: Store) -> None:
    load_small(store)
    for times in ([10, 11], [10.0, 11.0], [10, 11.0], np.array([10, 11], dtype=np.float32)):
        rows = store.query(
            "MATCH (:User {id: 'ada'})-[r:INTERACTED]->(i) WHERE r.timestamp IN $x RETURN i.id AS i", {"x": times}
        )
        assert sorted(rows["i"]) == ["alien", "blade"]
    assert len(store.query(_WHO.replace("count(u) AS n", "u.id AS id"), {"x": []})) == 0


def test_dictionaries_and_texts_come_back_as_they_went(store: Store) -> None:
    rows = store.query(
        "RETURN $x AS x, $x.a AS a, $y AS y", {"x": {"a": (1, 2), "b": {"c": "d"}}, "y": "nul \0 “é” 😀"}
    )
    assert rows.to_dict("records") == [{"x": {"a": [1, 2], "b": {"c": "d"}}, "a": [1, 2], "y": "nul \0 “é” 😀"}]
    rows = store.query("UNWIND $x AS row RETURN row.a + 1 AS n", {"x": [{"a": 1}, {"a": np.int64(2)}]})
    assert rows["n"].tolist() == [2, 3]


def test_a_parameter_that_the_query_does_not_use_does_no_harm(store: Store) -> None:
    assert store.query("RETURN 1 AS one", {"spare": "x"})["one"].tolist() == [1]
