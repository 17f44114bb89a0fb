from __future__ import annotations

from typing import Any

import pyarrow as pa

from graphrec.loading.attributes import AttributeTables, exploded
from graphrec.loading.contract import LoaderReport
from graphrec.loading.signals.attribute_rule import AttributeRule
from graphrec.loading.signals.ruled_attributes import add_by_rule
from graphrec.schema.elements import EdgeKind

HAS = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")


def made(ids: list[str], values: list[Any], **rule: Any) -> tuple[dict[str, list[str]], dict[str, str], list[str]]:
    """Return the values of each item, the names of values, and the remarks."""
    attributes, report = AttributeTables(), LoaderReport()
    said, every = AttributeRule(**rule), pa.array(ids)
    owners, split = exploded(every, pa.array(values), said.separator)
    add_by_rule(attributes, "item", "price", owners, split, said, report, every=every, missing=["?"])
    tables, found = attributes.tables(), {}
    nodes = tables.nodes["Attribute"].to_pylist() if tables.nodes else []
    of = {node["id"]: node["value"] for node in nodes}
    for edge in tables.edges[HAS].to_pylist() if tables.edges else []:
        found.setdefault(edge["from"], []).append(of[edge["to"]])
    return found, {node["value"]: node["name"] for node in nodes}, report.remarks


def test_bins_of_equal_frequency() -> None:
    # six items with a number: 5, 5, 7 | 10, 20, 30
    values, names, remarks = made(list("abcdefgh"), ["5", "5.0", "$7", "10", "20", "30", "7", "?"], bins=2)
    assert values == {
        "a": ["under 10"], "b": ["under 10"], "d": ["10 or more"], "e": ["10 or more"], "f": ["10 or more"],
        "g": ["under 10"],
    }  # fmt: skip
    assert names == {"under 10": "price under 10", "10 or more": "price 10 or more"}
    assert remarks == [
        "1 value of 'price', such as '$7', cannot be read as a number and became null",
        "price: 2 bins: under 10 (3 items) and 10 or more (3 items)",
    ]


def test_an_item_that_is_described_twice_counts_once() -> None:
    # a has 1 five times: counted by rows, the bound would lie between 1 and 2
    values, _, _ = made([*"aaaaa", *"bcd"], ["1"] * 5 + ["2", "3", "4"], bins=2)
    assert values == {"a": ["under 3"], "b": ["under 3"], "c": ["3 or more"], "d": ["3 or more"]}


def test_repeated_numbers_give_fewer_bins() -> None:
    _, _, remarks = made(list("abcde"), ["0", "0", "0", "0", "9"], bins=4)
    assert remarks == ["price: 2 bins, fewer than 4 since numbers repeat: under 9 (4 items) and 9 or more (1 item)"]
    assert made(list("ab"), ["3", "3"], bins=2) == (
        {},
        {},
        ["price: no bins, since there are no two different numbers"],
    )


def test_edges_and_widths() -> None:
    values, _, remarks = made(list("ab"), ["10", "99|9"], edges=[10, 25], separator="|")
    assert values == {"a": ["10 to under 25"], "b": ["25 or more", "under 10"]}
    assert remarks == ["price: 3 bins: under 10 (1 item), 10 to under 25 (1 item) and 25 or more (1 item)"]
    values, _, remarks = made(list("abc"), ["1994", "1e300", "1990"], width=10)
    assert values == {"a": ["1990 to under 2000"], "c": ["1990 to under 2000"]}
    assert remarks == [
        "price: 1 number too large for bins of 10 left out",
        "price: 1 bin: 1990 to under 2000 (2 items)",
    ]


def test_what_too_many_items_have_is_left_out() -> None:
    values, _, remarks = made(list("abcd"), ["x|y", "x", "x|z", ""], separator="|", most_items=0.7)
    assert values == {"a": ["y"], "c": ["z"]}  # x is of three of four items: the fourth is described, too
    assert remarks == ["1 value of price left out with 3 edges, since more than 70 % of 4 items have it: x (3 items)"]
    assert made(list("abcd"), ["x|y", "x", "x|z", ""], separator="|", most_items=0.75)[2] == []


def test_bins_that_hold_too_many_are_left_out() -> None:
    values, _, _ = made(list("abc"), ["1", "2", "30"], edges=[10], most_items=0.5)
    assert values == {"c": ["10 or more"]}


def test_key_terms() -> None:
    texts = ["the sea, the sea", "ships at sea", "ships and storms", None]
    values, names, remarks = made(list("abcd"), texts, terms=1, min_items=1, most_items=0.7)
    assert values == {"a": ["sea"], "b": ["sea"], "c": ["storms"]}
    assert names == {"sea": "sea", "storms": "storms"}
    assert remarks[0].startswith(
        "price: 3 key terms of 3 of 3 (100 %) items with a text, out of 3 words that at least 1"
    )
