from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.loading.list_texts import lists_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("['a', 'b']", ["a", "b"]),
        ('["a, b", "c]"]', ["a, b", "c]"]),
        ("('a',)", ["a"]),
        ("{'b', 'a'}", ["a", "b"]),
        ("[1, 2.5, 3.0, true, null]", ["1", "2.5", "3", "true"]),
        ("[True, None]", ["true"]),
        (" [] ", []),
        ("", []),
        (None, []),
        (r"['it\'s', 'a\tb']", ["it's", "a\tb"]),
    ],
)
def test_lists_in_both_notations(text: str | None, values: list[str]) -> None:
    lists, ((_, wrong),) = lists_of(pa.array([text], pa.string()))
    assert lists.to_pylist() == [values]
    assert not wrong.any()


@pytest.mark.parametrize(
    "text",
    [
        "a", "a, b", "['a'", "['a' 'b']", "['a'\n 'b']", '["a" "b"]', "[1 2]", "[['a']]", "[{'a': 1}]", "{'a': 1}",
        "[f(1)]", "[a]", "__import__('os')", "[b'a']", '["\\ud800"]', "[" * 100_000, "[" + "1," * (1 << 20) + "1]",
    ],
)  # fmt: skip
def test_what_is_no_list_of_single_values(text: str) -> None:
    lists, ((_, wrong),) = lists_of(pa.array(["['x']", text, ""]))
    assert lists.to_pylist() == [["x"], [], []]
    assert wrong.tolist() == [False, True, False]


def test_an_entry_of_objects() -> None:
    texts = pa.array(["[{'id': 1, 'name': 'a'}, {\"id\": 2}]", '[{"name": "b"}]', "['a']", "[{'name': ['c']}]"])
    lists, ((_, wrong),) = lists_of(texts, "name")
    assert lists.to_pylist() == [["a"], ["b"], [], []]
    assert wrong.tolist() == [False, False, True, True]


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=4))
def test_what_python_writes_is_read(values: list[str]) -> None:
    lists, ((_, wrong),) = lists_of(pa.array([repr(values)]))
    assert lists.to_pylist() == [values]
    assert not wrong.any()


def test_no_text_at_all() -> None:
    lists, ((_, wrong),) = lists_of(pa.array([], pa.string()))
    assert (len(lists), len(wrong)) == (0, 0)
