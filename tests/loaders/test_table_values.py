"""Values, times, ids and texts that are not as they should be, through whole files of every format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError
from graphrec.loaders.table import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import FileReport, Loaded

HEAD = '[dataset]\nid = "d"\n[interactions]\nfile = "{}"\nuser = "u"\nitem = "i"\n'
ITEMS = '[items]\nfile = "{}"\nid = "i"\nname = "n"\nproperties = {{ year = "integer", price = "float" }}\n'


def write(folder: Path, name: str, columns: dict[str, list[Any]]) -> None:
    """Write columns as the ending of the name says: texts into CSV, values as they are into JSON and Parquet."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if name.endswith(".parquet"):
        pq.write_table(pa.table(columns), folder / name)
    elif name.endswith(".jsonl"):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        lines = [",".join("" if value is None else str(value) for value in row.values()) for row in rows]
        (folder / name).write_text("\n".join([",".join(columns), *lines]) + "\n")


def loaded(folder: Path, mapping: str) -> Loaded:
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    return load(folder)


def account(result: Loaded, name: str) -> FileReport:
    return next(file for file in result.report.files if file.path.endswith(name))


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_an_optional_value_that_cannot_be_read_is_null_and_its_row_stays(tmp_path: Path, ending: str) -> None:
    numbers = {"year": [2008.0, None, 1999.5], "price": [1.5, 2.0, None]}
    texts = {"year": ["2008.0", "", "old"], "price": ["1.5", "2", ""]}
    values = numbers if ending == "parquet" else texts
    write(tmp_path, f"r.{ending}", {"u": ["a", "b", "c"], "i": ["x", "y", "z"]})
    write(tmp_path, f"i.{ending}", {"i": ["x", "y", "z"], "n": ["Xenon", "Yak", "Zed"], **values})
    result = loaded(tmp_path, HEAD.format(f"r.{ending}") + ITEMS.format(f"i.{ending}"))
    assert result.tables.nodes["Item"].to_pylist() == [
        {"id": "x", "name": "Xenon", "year": 2008, "price": 1.5},
        {"id": "y", "name": "Yak", "year": None, "price": 2.0},
        {"id": "z", "name": "Zed", "year": None, "price": None},
    ]
    items = account(result, f"i.{ending}")
    line = {"csv": 4, "jsonl": 3, "parquet": 3}[ending]
    assert (items.kept, items.skipped, items.unread) == (3, {}, {"year is not a whole number": 1})
    told = f" (row {line})" if ending == "parquet" else f", such as 'old' (line {line})"
    assert f"1 value not read, left empty: year is not a whole number{told}" in str(items)


def test_most_of_a_column_unread_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", {"u": ["a"], "i": ["x"]})
    write(
        tmp_path, "i.csv", {"i": ["x", "y", "z"], "n": [1, 2, 3], "year": ["c. 1900", "n/a", 1900], "price": [1, 2, 3]}
    )
    items = account(loaded(tmp_path, HEAD.format("r.csv") + ITEMS.format("i.csv")), "i.csv")
    assert items.warnings == ["most values of 'year' could not be read, 2 of 3: is each a whole number?"]


@pytest.mark.parametrize(
    ("bound", "message"), [("", "rows can be used: 30 times r is negative"), ("lowest_rating = 1", "")]
)
def test_almost_nothing_left_is_an_error_and_a_stated_bound_is_none(tmp_path: Path, bound: str, message: str) -> None:
    write(tmp_path, "r.csv", {"u": range(31), "i": ["x"] * 31, "r": [-1] * 30 + [5]})
    mapping = HEAD.format("r.csv") + f'rating = "r"\n{bound}\n'
    if message:
        with pytest.raises(InputError, match=message):
            loaded(tmp_path, mapping)
    else:
        assert account(loaded(tmp_path, mapping), "r.csv").skipped == {"r is below 1": 30}


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_of_two_ratings_in_one_second_the_later_counts(tmp_path: Path, ending: str) -> None:
    times = [1_700_000_000_900, 1_700_000_000_100, 1_700_000_000_900]
    write(tmp_path, f"r.{ending}", {"u": ["p", "p", "q"], "i": ["x", "x", "y"], "r": [5, 1, 3], "t": times})
    result = loaded(tmp_path, HEAD.format(f"r.{ending}") + 'rating = "r"\ntimestamp = "t"\ntime_unit = "ms"\n')
    assert result.tables.edges[INTERACTED].select(["from", "rating", "timestamp", "microsecond"]).to_pylist() == [
        {"from": "p", "rating": 5.0, "timestamp": 1_700_000_000, "microsecond": 900_000},
        {"from": "q", "rating": 3.0, "timestamp": 1_700_000_000, "microsecond": 900_000},
    ]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("time", "unit", "message"),
    [
        (1_700_000_000_000, "s", 'would be the year 55,840 .*say time_unit = "ms"'),
        (1_700_000_000, "ms", 'would be 1970-01-20 .*say time_unit = "s"'),
        (20240103, "s", 'would be 1970-08-23 .*say time_unit = "iso"'),
    ],
)
def test_a_unit_that_cannot_be_right(tmp_path: Path, ending: str, time: int, unit: str, message: str) -> None:
    write(tmp_path, f"r.{ending}", {"u": ["p", "q"], "i": ["x", "x"], "t": [time, time]})
    with pytest.raises(InputError, match=message) as caught:
        loaded(tmp_path, HEAD.format(f"r.{ending}") + f'timestamp = "t"\ntime_unit = "{unit}"\n')
    assert caught.value.where.endswith({"csv": ", line 2", "jsonl": ", line 1", "parquet": ", row 1"}[ending])


def test_texts_where_numbers_of_seconds_are_meant(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", {"u": range(12), "i": ["x"] * 12, "t": ["2024-01-03"] * 12})
    with pytest.raises(InputError, match=r"only 0 of 12 values of 't' are times.*time_unit = .iso"):
        loaded(tmp_path, HEAD.format("r.csv") + 'timestamp = "t"\n')


@pytest.mark.parametrize(
    ("unit", "contradicts"), [("", False), ("us", False), ("iso", False), ("ms", True), ("s", True)]
)
def test_a_stated_unit_and_a_typed_column(tmp_path: Path, unit: str, contradicts: bool) -> None:
    when = pa.array([1_700_000_000_000_000, None], pa.timestamp("us"))
    pq.write_table(pa.table({"u": ["p", "q"], "i": ["x", "y"], "t": when}), tmp_path / "r.parquet")
    mapping = HEAD.format("r.parquet") + 'timestamp = "t"\n' + (f'time_unit = "{unit}"\n' if unit else "")
    if contradicts:
        with pytest.raises(InputError, match=r"holds times already \(timestamp\[us\]\), which time_unit = '\w+' contr"):
            loaded(tmp_path, mapping)
    else:
        edges = loaded(tmp_path, mapping).tables.edges[INTERACTED]
        assert edges.column("timestamp").to_pylist() == [1_700_000_000, None]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_nan_is_a_missing_id_and_a_fraction_is_none(tmp_path: Path, ending: str) -> None:
    write(tmp_path, f"r.{ending}", {"u": [1.0, float("nan"), 2.5, float("inf"), 3.0], "i": ["x"] * 5})
    result = loaded(tmp_path, HEAD.format(f"r.{ending}"))
    assert result.tables.nodes["User"].column("id").to_pylist() == ["1", "3"]
    assert account(result, ending).examples == {
        "u is no whole number, text, date or time, which ids are": [3, 4],
        "u is empty": [2],
    }


def test_nested_arrays_and_endless_integers_are_counted(tmp_path: Path) -> None:
    deep, digits = "[" * 3000 + "]" * 3000, "9" * 6000
    lines = [f'{{"u": "a", "i": "x", "t": {digits}}}', f'{{"u": {deep}, "i": "x"}}', '{"u": "b", "i": "y", "t": 1.6e9}']
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    result = loaded(tmp_path, HEAD.format("r.jsonl") + 'timestamp = "t"\n')
    assert result.tables.edges[INTERACTED].column("timestamp").to_pylist() == [None, 1_600_000_000]
    assert account(result, "r.jsonl").examples == {"not a JSON object": [2], "t is not a time": [1]}


def test_ends_of_triples_are_ids_which_are_never_mended(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", {"u": ["a"], "i": ["x"]})
    write(tmp_path, "t.jsonl", {"h": ["x", "x", "cut \ud83d"], "r": ["is"] * 3, "t": ["good", "\ude00", "x"]})
    result = loaded(
        tmp_path, HEAD.format("r.csv") + '[triples]\nfile = "t.jsonl"\nhead = "h"\nrelation = "r"\ntail = "t"\n'
    )
    assert result.tables.edges[EdgeKind("HAS_ENTITY", "Item", "Entity")].num_rows == 1
    assert account(result, "t.jsonl").skipped == {
        "h holds half of a surrogate pair": 1,
        "t holds half of a surrogate pair": 1,
    }


def test_bytes_that_are_no_utf8_in_parquet(tmp_path: Path) -> None:
    broken = pa.array([b"ok", b"caf\xe9"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"u": ["a", "b"], "i": broken}), tmp_path / "r.parquet")
    tags = pa.array([[b"one"], [b"caf\xe9", b"two"]], pa.list_(pa.binary()))
    pq.write_table(pa.table({"i": ["ok", "other"], "n": broken, "tags": tags}), tmp_path / "i.parquet")
    items = '[items]\nfile = "i.parquet"\nid = "i"\nname = "n"\nattributes = ["tags"]\n'
    result = loaded(tmp_path, HEAD.format("r.parquet") + items)
    assert result.tables.nodes["Item"].to_pylist() == [{"id": "ok", "name": "ok"}, {"id": "other", "name": "caf�"}]
    assert result.tables.nodes["Attribute"].column("value").to_pylist() == ["one", "caf�", "two"]
    assert account(result, "r.parquet").skipped == {"i holds bytes that are no UTF-8": 1}
    assert account(result, "i.parquet").mended == {
        "n holds bytes that are no UTF-8": 1,
        "tags holds bytes that are no UTF-8": 1,
    }


def json_lines(folder: Path, name: str, rows: list[str]) -> None:
    """Write lines as they stand."""
    (folder / name).write_text("\n".join(rows) + "\n")


@pytest.mark.parametrize("nested", ['{"v": 5}', "[5]", "{}", "[]", '[{"a": 1}]'])
@pytest.mark.parametrize("place", range(3))
def test_a_nested_rating_or_weight_skips_its_row(tmp_path: Path, nested: str, place: int) -> None:
    for role in ("rating", "weight"):
        rows = [f'{{"u": "a{n}", "i": "x", "r": {nested if n == place else n + 1}}}' for n in range(3)]
        json_lines(tmp_path, "r.jsonl", rows)
        result = loaded(tmp_path, HEAD.format("r.jsonl") + f'{role} = "r"\n')
        edges = result.tables.edges[INTERACTED]
        assert edges.column(role).to_pylist() == [n + 1.0 for n in range(3) if n != place]
        file = account(result, "r.jsonl")
        assert file.skipped == {"r is a list or an object, not one value": 1}
        assert file.examples["r is a list or an object, not one value"] == [place + 1]


def test_all_ratings_nested_is_an_error(tmp_path: Path) -> None:
    json_lines(tmp_path, "r.jsonl", [f'{{"u": "a{n}", "i": "x", "r": {{"v": 5}}}}' for n in range(12)])
    with pytest.raises(InputError, match="no line of the file") as caught:
        loaded(tmp_path, HEAD.format("r.jsonl") + 'rating = "r"\n')
    assert "r is a list or an object, not one value: 12 lines" in str(caught.value)


@pytest.mark.parametrize("nested", ['{"v": 5}', "[5]", "{}", "[]"])
def test_nested_times_names_and_properties_are_null_and_counted(tmp_path: Path, nested: str) -> None:
    json_lines(tmp_path, "r.jsonl", ['{"u": "a", "i": "x", "t": 5000000000}', f'{{"u": "b", "i": "x", "t": {nested}}}'])
    fields = ", ".join(f'"{name}": {nested}' for name in ("n", "s", "b", "k", "f"))
    whole = '{"i": "y", "n": "Yak", "s": "t", "b": true, "k": 1, "f": 0.5}'
    json_lines(tmp_path, "i.jsonl", [whole, f'{{"i": "x", {fields}}}', f'{{"i": {nested}, "n": "no id"}}'])
    types = 's = "string", b = "boolean", k = "integer", f = "float"'
    result = loaded(
        tmp_path,
        HEAD.format("r.jsonl")
        + 'timestamp = "t"\ntime_unit = "ms"\n'
        + f'[items]\nfile = "i.jsonl"\nid = "i"\nname = "n"\nproperties = {{ {types} }}\n',
    )
    assert result.tables.edges[INTERACTED].column("timestamp").to_pylist() == [5_000_000, None]
    assert account(result, "r.jsonl").unread == {"t is a list or an object, not one value": 1}
    by_id = {row["i" if "i" in row else "id"]: row for row in result.tables.nodes["Item"].to_pylist()}
    assert set(by_id) == {"x", "y"}
    assert [by_id["y"][name] for name in "sbkf"] == ["t", True, 1, 0.5]
    assert [by_id["x"][name] for name in "sbkf"] == [None] * 4
    assert by_id["x"]["name"] == "x"
    items = account(result, "i.jsonl")
    assert items.unread == {f"{name} is a list or an object, not one value": 1 for name in ("n", "s", "b", "k", "f")}
    assert sum(items.skipped.values()) == 1


def test_attributes_may_be_lists_and_what_in_them_is_no_text_is_counted(tmp_path: Path) -> None:
    json_lines(tmp_path, "r.jsonl", [f'{{"u": "a", "i": "{item}"}}' for item in "vwxyz"])
    values = {
        "v": '["one", 2]',
        "w": '[{"name": "lost"}, "kept"]',
        "x": '{"name": "lost"}',
        "y": '"alone"',
        "z": "null",
    }
    json_lines(tmp_path, "i.jsonl", [f'{{"i": "{item}", "g": {value}}}' for item, value in values.items()])
    result = loaded(tmp_path, HEAD.format("r.jsonl") + '[items]\nfile = "i.jsonl"\nid = "i"\nattributes = ["g"]\n')
    edges = result.tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")].to_pylist()
    found = sorted((row["from"], row["to"].rpartition("=")[2]) for row in edges)
    assert found == [("v", "2"), ("v", "one"), ("w", "kept"), ("y", "alone")]
    reason = "g holds an object, a deeper list or an infinite number, which are no texts"
    assert account(result, "i.jsonl").unread == {reason: 2}
    assert account(result, "i.jsonl").examples[reason] == [2, 3]


def test_a_number_too_large_is_no_text_in_json(tmp_path: Path) -> None:
    json_lines(tmp_path, "r.jsonl", ['{"u": "a", "i": "x"}', '{"u": "a", "i": "y"}'])
    json_lines(tmp_path, "i.jsonl", ['{"i": "x", "n": 1e400, "s": -1e400}', '{"i": "y", "n": "Yak", "s": 1.5}'])
    said = '[items]\nfile = "i.jsonl"\nid = "i"\nname = "n"\nproperties = { s = "string" }\n'
    result = loaded(tmp_path, HEAD.format("r.jsonl") + said)
    assert result.tables.nodes["Item"].select(["id", "name", "s"]).to_pylist() == [
        {"id": "x", "name": "x", "s": None},
        {"id": "y", "name": "Yak", "s": "1.5"},
    ]
    assert account(result, "i.jsonl").unread == {"n is not a finite number": 1, "s is not a finite number": 1}


def test_a_time_as_a_float_keeps_its_fraction_and_as_an_integer_is_whole_or_null(tmp_path: Path) -> None:
    whens = pa.array([1_700_000_000_250, 1_700_000_001_000, None], pa.timestamp("ms"))
    pq.write_table(pa.table({"u": list("abc"), "i": list("xyz"), "f": whens, "k": whens}), tmp_path / "r.parquet")
    result = loaded(tmp_path, HEAD.format("r.parquet") + 'properties = { f = "float", k = "integer" }\n')
    edges = result.tables.edges[INTERACTED]
    assert edges.column("f").to_pylist() == [1_700_000_000.25, 1_700_000_001.0, None]
    assert edges.column("k").to_pylist() == [None, 1_700_000_001, None]
    assert account(result, "r.parquet").unread == {"k is not a whole number": 1}


@pytest.mark.filterwarnings("error")
def test_times_beyond_64_bits_are_never_those_of_another_year(tmp_path: Path) -> None:
    times = pa.array([1_700_000_000 * 10**9 + n for n in range(4)] + [2**63, 2**64 - 1], pa.uint64())
    pq.write_table(pa.table({"u": list("abcdef"), "i": list("uvwxyz"), "t": times}), tmp_path / "r.parquet")
    result = loaded(tmp_path, HEAD.format("r.parquet") + 'timestamp = "t"\ntime_unit = "ns"\n')
    stored = result.tables.edges[INTERACTED].column("timestamp").to_pylist()
    assert stored == [1_700_000_000] * 4 + [2**63 // 10**9, 2**64 // 10**9]
    late = pa.array([1_700_000_000, 1_700_000_001, 2**63], pa.uint64())
    pq.write_table(pa.table({"u": list("abc"), "i": list("xyz"), "t": late}), tmp_path / "q.parquet")
    result = loaded(tmp_path, HEAD.format("q.parquet") + 'timestamp = "t"\n')
    assert result.tables.edges[INTERACTED].column("timestamp").to_pylist() == [1_700_000_000, 1_700_000_001, None]
    assert account(result, "q.parquet").unread == {"t is not a time": 1}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("role", ["rating", "weight"])
def test_a_rating_or_weight_beyond_single_precision_is_no_finite_number(tmp_path: Path, ending: str, role: str) -> None:
    write(tmp_path, f"r.{ending}", {"u": list("abcd"), "i": list("wxyz"), "r": [1.0, 3.5e38, 1e308, 3.4e38]})
    lowest = "lowest_rating = -1e308\n" if role == "rating" else ""
    result = loaded(tmp_path, HEAD.format(f"r.{ending}") + f'{role} = "r"\n{lowest}')
    assert result.tables.edges[INTERACTED].column(role).to_pylist() == [1.0, 3.4e38]
    assert account(result, f"r.{ending}").skipped == {"r is not a finite number": 2}


def test_a_property_may_be_beyond_single_precision(tmp_path: Path) -> None:
    write(tmp_path, "r.csv", {"u": list("ab"), "i": list("xy"), "p": [1e308, -1e308]})
    result = loaded(tmp_path, HEAD.format("r.csv") + 'properties = { p = "float" }\n')
    assert result.tables.edges[INTERACTED].column("p").to_pylist() == [1e308, -1e308]


def test_ids_that_are_a_number_and_a_text_in_one_column_are_told(tmp_path: Path) -> None:
    json_lines(
        tmp_path,
        "r.jsonl",
        [
            '{"u": 1, "i": "x"}',
            '{"u": "1", "i": "y"}',
            '{"u": "2", "i": "y"}',
            '{"u": 3, "i": "y"}',
            '{"u": null, "i": "z"}',
        ],
    )
    result = loaded(tmp_path, HEAD.format("r.jsonl"))
    told = "r.jsonl: 1 id in 'u' stands both as a number and as a text, such as 1 and \"1\"; each became one id"
    assert told in result.report.remarks
    assert sorted(result.tables.nodes["User"].column("id").to_pylist()) == ["1", "2", "3"]
    json_lines(tmp_path, "r.jsonl", ['{"u": 1, "i": "x"}', '{"u": "two", "i": "y"}', '{"u": null, "i": ""}'])
    assert not any("both as" in remark for remark in loaded(tmp_path, HEAD.format("r.jsonl")).report.remarks)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_column_without_a_readable_value_is_not_said_to_be_empty(tmp_path: Path, ending: str) -> None:
    write(tmp_path, f"r.{ending}", {"u": ["a", "b"], "i": ["x", "y"]})
    write(tmp_path, f"i.{ending}", {"i": ["x", "y"], "n": ["X", "Y"], "year": ["old", "new"], "price": ["", ""]})
    result = loaded(tmp_path, HEAD.format(f"r.{ending}") + ITEMS.format(f"i.{ending}"))
    assert f"i.{ending}: the column 'year' has no value that could be read" in result.report.remarks
    assert f"i.{ending}: the column 'price' has no text or number in any row" in result.report.remarks


def test_spaces_in_a_header_are_named(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("u, i, r\na, x, 5\n")
    with pytest.raises(InputError, match="the column 'i' is missing") as caught:
        loaded(tmp_path, HEAD.format("r.csv"))
    assert "The header has spaces around names: it says ' i'. Leave out the spaces" in str(caught.value)
    assert "separated by" not in str(caught.value)


def test_a_list_that_turns_up_late_is_read_too(tmp_path: Path) -> None:
    json_lines(tmp_path, "r.jsonl", ['{"u": "a", "i": "1"}', '{"u": "a", "i": "200"}'])
    rows = [f'{{"i": {n}, "g": "one"}}' for n in range(200)]
    json_lines(tmp_path, "i.jsonl", [*rows, '{"i": "200", "g": ["one", "two"], "n": "Zed"}'])
    said = '[items]\nfile = "i.jsonl"\nid = "i"\nname = "n"\nattributes = ["g"]\n'
    result = loaded(tmp_path, HEAD.format("r.jsonl") + said)
    edges = result.tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]
    assert edges.num_rows == 202
    assert [row["to"] for row in edges.to_pylist() if row["from"] == "200"] == ["item.g=one", "item.g=two"]
    assert [(file.read, file.kept, file.unread) for file in result.report.files] == [(201, 201, {}), (2, 2, {})]
    assert len(set(result.report.remarks)) == len(result.report.remarks)
