from __future__ import annotations

import pyarrow as pa

from graphrec.loading.contract import LoaderReport
from graphrec.loading.knowledge.links import linked_items

LINKS = pa.table(
    {
        "item": ["1", "2", "3", "3", "1", "4", "9"],
        "entity": ["a", "a", "b", "c", "a", "z", "b"],
    }
)
ENDS = pa.array(["a", "b", "c", "q"])


def pairs(table: pa.Table) -> list[tuple[str, str]]:
    return list(zip(table.column("item").to_pylist(), table.column("entity").to_pylist(), strict=True))


def test_links_of_all_kinds_with_their_account() -> None:
    report = LoaderReport()
    found = linked_items(LINKS, ENDS, report, items=pa.array(["1", "2", "3", "4", "5"]))
    assert pairs(found) == [("1", "a"), ("2", "a"), ("3", "b"), ("3", "c"), ("4", "z")]
    assert report.remarks == [
        "links: 1 repeated link left out",
        "links: 1 of 5 (20 %) linked items is not in the data set, such as 9; their entities stay entities",
        "links: 1 entity is several items, such as a (1 and 2)",
        "links: 1 item is several entities, such as 3 (b and c)",
        "links: 1 of 4 (25 %) linked entities is in no triple, such as z",
    ]


def test_where_the_items_are_not_known_every_link_holds() -> None:
    report = LoaderReport()
    assert pairs(linked_items(LINKS, ENDS, report))[-1] == ("9", "b")
    assert not any("not in the data set" in remark for remark in report.remarks)


def test_links_of_other_items_alone_say_so_with_examples_of_both_sides() -> None:
    report = LoaderReport()
    found = linked_items(LINKS.slice(2, 2), ENDS, report, items=pa.array(["tt3"]), place="map.tsv")
    assert pairs(found) == []
    assert report.remarks == [
        "map.tsv: items: none of 1 is in the data set; here ids are such as '3', there such as 'tt3'"
    ]


def test_examples_are_few() -> None:
    links = pa.table({"item": [str(k) for k in range(6)], "entity": ["a"] * 5 + ["b"]})
    report = LoaderReport()
    linked_items(links, ENDS, report)
    assert report.remarks == ["links: 1 entity is several items, such as a (0, 1, 2, …)"]
