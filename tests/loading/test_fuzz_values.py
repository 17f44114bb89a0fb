"""Any values and times in every format: a load that equals an independent reading, counted faults, or one sentence.

The reading that it is compared with goes row by row over Python's values and knows the rules of docs/data.md alone:
decimals for numbers, pandas for the dates, a dictionary for repeated pairs.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.errors import GraphrecError
from graphrec.loaders.table import load
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.loading.interactions import INTERACTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.loading.contract import Loaded

NAN, INF = float("nan"), float("inf")
UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000}
MAPPING = """
[dataset]
id = "d"
[interactions]
file = "r.{ending}"
user = "u"
item = "i"
rating = "r"
timestamp = "t"
time_unit = "{unit}"
[items]
file = "i.{ending}"
id = "i"
name = "n"
properties = {{ y = "integer" }}
"""

IDS = st.one_of(
    st.sampled_from(["a", "b", "1", " x", "café", "😀", "a\\", 'say "hi"', "NaN", "x\ny"]),
    st.sampled_from([1, 2, 1.0, 2.5, NAN, INF, None, "", True, 2.0**60]),
)
NUMBERS = st.one_of(
    st.sampled_from([1, 2.5, 4.0, -1, NAN, INF, None, "", "3", "4.50", "x", "1e400", "9" * 400, " 2 ", 10**25]),
    st.integers(-3, 9),
)
WHOLE = st.one_of(
    st.sampled_from([2008, 2008.0, 2008.5, "2008.0", "1e3", 2**53, 2.0**53, 2**63, "9" * 6000, NAN, INF, None, "old"]),
    st.integers(-(2**64), 2**64),
    st.floats(-1e17, 1e17).map(lambda x: float(round(x, 2))),
)
SECONDS = st.one_of(
    st.sampled_from([1_600_000_000, 1_600_000_000.5, "1.6e9", "1600000000.25", None, NAN, "soon", INF, -5, "9" * 400]),
    st.integers(1_500_000_000, 1_500_000_004),
)
UNSOUND = st.sampled_from(["half \ud83d", "\ude00", "\ud83d\ude00 whole"])


# What is expected of one value.


def is_missing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def exact(value: Any) -> Decimal | None:
    """Return the number that a value is or says, None if it is none; NaN and infinity are no numbers here."""
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or not set(text) <= set("0123456789+-.eE"):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def id_of(value: Any, *, as_text: bool) -> str | None:
    """Return an id; None if there is none, or none that can be one."""
    if is_missing(value) or (not as_text and isinstance(value, bool)):
        return None
    if as_text:
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else None
    return str(value)


def whole_of(value: Any) -> int | None:
    number = None if is_missing(value) else exact(value)
    if number is None or number != number.to_integral_value() or not -(2**63) <= number < 2**63:
        return None
    is_float = isinstance(value, float) or (isinstance(value, str) and "e" in value.lower())
    return None if is_float and abs(number) >= 2**53 else int(number)


def micros_of(value: Any, unit: str) -> int | None:
    number = None if is_missing(value) else exact(value)
    if number is None or not -62_135_596_800 <= number / UNITS[unit] < 253_402_300_800:
        return None
    return int(math.floor(number) * (10**6 // UNITS[unit])) + round((number % 1) * (10**6 // UNITS[unit]))


def rating_of(value: Any) -> float | None:
    """Return a rating; NaN where its row has to be skipped."""
    if is_missing(value):
        return None
    number = exact(value)
    if number is None or number < 0 or math.isinf(float(number)):
        return NAN
    return float(number)


def expected_edges(rows: list[dict[str, Any]], unit: str, *, as_text: bool) -> dict[tuple[str, str], Any]:
    """Return rating, weight, seconds and microseconds of every pair: the latest counts, of equals the last."""
    edges: dict[tuple[str, str], tuple[float | None, float, int | None]] = {}
    for row in rows:
        user, item = (id_of(row[side], as_text=as_text) for side in ("u", "i"))
        rating, micros = rating_of(row["r"]), micros_of(row["t"], unit)
        if user is None or item is None or (rating is not None and math.isnan(rating)):
            continue
        before = edges.get((user, item))
        weight = 1.0 + (before[1] if before else 0.0)
        age = -math.inf if micros is None else micros
        if before is not None and age < (-math.inf if before[2] is None else before[2]):
            rating, micros = before[0], before[2]
        edges[user, item] = (rating, weight, micros)
    return edges


# How rows are written.


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows([{name: "" if value is None else value for name, value in row.items()} for row in rows])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def write_json(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="ascii")


def column(values: list[Any]) -> pa.Array:
    """Return numbers as the type that pandas would give them, and anything else as texts."""
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int} and all(abs(value) < 2**63 for value in values if value is not None):
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float}:
        return pa.array([None if value is None else float(value) for value in values])
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    pq.write_table(pa.table({name: column([row[name] for row in rows]) for name in rows[0]}), path)


def as_written(ending: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as their format holds them: everything is text in CSV, one type for each column in Parquet."""
    if ending == "csv":
        return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    if ending == "parquet":
        names = list(rows[0])
        columns = {name: column([row[name] for row in rows]).to_pylist() for name in names}
        return [{name: columns[name][n] for name in names} for n in range(len(rows))]
    return rows


WRITERS: dict[str, Callable[[Path, list[dict[str, Any]]], None]] = {
    "csv": write_csv,
    "jsonl": write_json,
    "parquet": write_parquet,
}
REFUSALS = (
    "no row of the file could be read", "no line of the file could be read", "cannot be times in", "rows can be used",
    "are times:", "later than the year 2100", "which name",
)  # fmt: skip


def assert_equal_to_the_reading(loaded: Loaded, rows: list[dict[str, Any]], unit: str, *, as_text: bool) -> None:
    edges = loaded.tables.edges[INTERACTED].to_pylist()
    expected = expected_edges(rows, unit, as_text=as_text)
    found = {(e["from"], e["to"]): (e["rating"], e["weight"], stored(e)) for e in edges}
    assert found == expected
    fractions = any(micros is not None and micros % 10**6 for _, _, micros in expected.values())
    for edge in edges:
        if not fractions and edge["timestamp"] is not None:
            assert edge["microsecond"] in (None, 0)
    for file in loaded.report.files:
        assert file.read == file.kept + sum(file.skipped.values())
        assert set(file.examples) == {*file.skipped, *file.unread, *file.mended}


def outcome(read: Callable[[], Loaded]) -> tuple[Loaded | None, str]:
    """Return what was loaded, or the sentence that refuses it; any other exception is a fault."""
    try:
        return read(), ""
    except GraphrecError as error:
        return None, str(error)


def stored(edge: dict[str, Any]) -> int | None:
    return None if edge["timestamp"] is None else edge["timestamp"] * 10**6 + (edge["microsecond"] or 0)


@pytest.mark.parametrize("ending", list(WRITERS))
@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    rows=st.lists(st.fixed_dictionaries({"u": IDS, "i": IDS, "r": NUMBERS, "t": SECONDS}), min_size=1, max_size=8),
    years=st.lists(WHOLE, min_size=1, max_size=6),
)
def test_a_file_is_what_a_plain_reading_makes_of_it(
    tmp_path_factory: pytest.TempPathFactory, ending: str, rows: list[dict[str, Any]], years: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    items = [{"i": f"item {n}", "n": f"name {n}", "y": year} for n, year in enumerate(years)]
    WRITERS[ending](folder / f"r.{ending}", rows)
    WRITERS[ending](folder / f"i.{ending}", items)
    (folder / "mapping.toml").write_text(MAPPING.format(ending=ending, unit="s"), encoding="utf-8")
    loaded, sentence = outcome(lambda: load(folder))
    if loaded is None:
        assert any(words in sentence for words in REFUSALS), sentence
        plain = expected_edges(as_written(ending, rows), "s", as_text=ending == "csv")
        assert not plain or "no row" not in sentence
        return
    assert_equal_to_the_reading(loaded, as_written(ending, rows), "s", as_text=ending == "csv")
    described = {row["id"]: row["y"] for row in loaded.tables.nodes["Item"].to_pylist()}
    for item in as_written(ending, items):
        assert described[item["i"]] == whole_of(item["y"])
    assert next(file for file in loaded.report.files if file.path.endswith(f"i.{ending}")).kept == len(items)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"u": st.sampled_from(["a", 1, None]), "i": st.sampled_from(["x", "y"]), "r": NUMBERS, "t": SECONDS}
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_a_frame_is_what_a_plain_reading_makes_of_it(rows: list[dict[str, Any]]) -> None:
    """Frames hold numbers and nothing in their column of times: texts there are ISO 8601."""
    numeric = [{**row, "t": row["t"] if not isinstance(row["t"], str) else None} for row in rows]
    frame = pd.DataFrame(numeric).astype({"u": object, "r": object, "t": "float64"})
    loaded, sentence = outcome(lambda: frames_to_tables(frame, user="u", item="i", rating="r", timestamp="t"))
    if loaded is None:
        assert not expected_edges(numeric, "s", as_text=False) or "cannot be times in" in sentence
        return
    assert_equal_to_the_reading(loaded, numeric, "s", as_text=False)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "frame"])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    moments=st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)), min_size=1, max_size=6),
    unit=st.sampled_from(["s", "ms", "us"]),
    how=st.sampled_from(["whole", "float", "typed", "iso"]),
)
def test_times_in_every_unit_and_form(
    tmp_path_factory: pytest.TempPathFactory, ending: str, moments: list[dt.datetime], unit: str, how: str
) -> None:
    per = 10**6 // UNITS[unit]
    micros = [int(number) // per * per for number in pd.DatetimeIndex(moments).as_unit("us").asi8]
    typed = pd.to_datetime(micros, unit="us")
    forms: dict[str, list[Any]] = {
        "whole": [value // per for value in micros],
        "float": [float(value // per) for value in micros],
        "typed": [stamp.isoformat() for stamp in typed] if ending in ("csv", "jsonl") else list(typed),
        "iso": [stamp.isoformat() for stamp in typed],
    }
    values = forms[how]
    rows = [{"u": f"u{n}", "i": "x", "t": value} for n, value in enumerate(values)]
    stated = "iso" if isinstance(values[0], str) else unit
    if ending == "frame":
        frame = pd.DataFrame(rows)
        loaded = frames_to_tables(frame, user="u", item="i", timestamp="t", time_unit=unit)  # type: ignore[arg-type]
    else:
        folder = tmp_path_factory.mktemp("times")
        if how == "typed" and ending == "parquet":
            table = pa.table(
                {"u": [row["u"] for row in rows], "i": ["x"] * len(rows), "t": pa.array(values, pa.timestamp(unit))}
            )
            pq.write_table(table, folder / "r.parquet", coerce_timestamps=None)
            stated = pq.read_schema(folder / "r.parquet").field("t").type.unit
        else:
            WRITERS[ending](folder / f"r.{ending}", rows)
        head = MAPPING.partition("[items]")[0].replace('rating = "r"\n', "")
        (folder / "mapping.toml").write_text(head.format(ending=ending, unit=stated), encoding="utf-8")
        loaded = load(folder)
    assert [stored(edge) for edge in loaded.tables.edges[INTERACTED].to_pylist()] == micros


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    ids=st.lists(st.one_of(IDS, UNSOUND), min_size=1, max_size=6),
    names=st.lists(st.one_of(st.text(), UNSOUND), min_size=6, max_size=6),
)
def test_texts_that_are_no_valid_unicode(
    tmp_path_factory: pytest.TempPathFactory, ids: list[Any], names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    rows = [{"u": value, "i": f"i{n}"} for n, value in enumerate(ids)]
    write_json(folder / "r.jsonl", rows)
    write_json(folder / "i.jsonl", [{"i": f"i{n}", "n": name} for n, name in enumerate(names)])
    text = MAPPING.format(ending="jsonl", unit="s")
    for line in ('rating = "r"\n', 'timestamp = "t"\n', 'time_unit = "s"\n', 'properties = { y = "integer" }\n'):
        text = text.replace(line, "")
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    kept = [id_of(json.loads(json.dumps(value)), as_text=False) for value in ids]
    kept = [text if (text is not None and text.isprintable()) or text == "x\ny" else None for text in kept]
    loaded, sentence = outcome(lambda: load(folder))
    if loaded is None:
        assert not any(kept), sentence
        return
    edges = loaded.tables.edges[INTERACTED].to_pylist()
    assert sorted((e["from"], e["to"]) for e in edges) == sorted((u, f"i{n}") for n, u in enumerate(kept) if u)
    described = {row["id"]: row["name"] for row in loaded.tables.nodes["Item"].to_pylist()}
    for n, name in enumerate(names):
        sound = json.loads(json.dumps(name)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        assert described[f"i{n}"] == (sound or f"i{n}")
