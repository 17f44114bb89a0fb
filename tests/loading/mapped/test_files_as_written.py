"""Files as people have them, each read by the mapping that says how they are written."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError
from graphrec.loaders.table import load
from graphrec.loading.interactions import INTERACTED
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import Loaded

HEAD = '[dataset]\nid = "d"\n[interactions]\nfile = "r.txt"\n'


def loaded(folder: Path, entries: str, content: str | bytes, rest: str = "") -> Loaded:
    raw = content.encode() if isinstance(content, str) else content
    (folder / "r.txt").write_bytes(raw)
    (folder / "mapping.toml").write_text(HEAD + entries + rest)
    return load(folder)


def edges(folder: Path, entries: str, content: str | bytes, *columns: str) -> set[tuple[object, ...]]:
    return edge_set(assert_sound(loaded(folder, entries, content)).edges[INTERACTED], *columns)


NAMED = 'user = "u"\nitem = "i"\nrating = "r"\n'
TWO = {("a", "x", 4.0), ("b", "y", 3.5)}


@pytest.mark.parametrize(
    ("entries", "content"),
    [
        ('header = false\nuser = "1"\nitem = "2"\nrating = "3"\n', "a,x,4\nb,y,3.5\n"),
        ('header = false\nuser = "2"\nitem = "1"\nrating = "4"\n', "x,a,?,4\ny,b,?,3.5\n"),
        (NAMED + 'columns = ["u", "i", "r"]\n', "a,x,4\nb,y,3.5\n"),
        (NAMED + 'columns = ["u", "i", "r", "t"]\n', "a,x,4,9\nb,y,3.5,\n"),
        (NAMED + 'header = true\ncolumns = ["u", "i", "r"]\n', "who,what,stars\na,x,4\nb,y,3.5\n"),
        (NAMED + 'columns = ["u", "i", "r"]\ndelimiter = "::"\n', "a::x::4\nb::y::3.5\n"),
        (NAMED + 'delimiter = "::"\n', "u::i::r\na::x::4\nb::y::3.5\n"),
        (NAMED + 'delimiter = " | "\n', "u | i | r\r\na | x | 4\r\nb | y | 3.5\r\n"),
        (NAMED + 'delimiter = "whitespace"\ncolumns = ["u", "i", "r"]\n', "  a   x\t4 \nb\t\ty 3.5\n"),
        (NAMED + 'delimiter = "whitespace"\n', "\ufeffu i r\r\na x  4\t\r\n\r\n b y 3.5\r\n"),
        (NAMED + 'quote = "\'"\n', "u,i,r\n'a','x',4\nb,y,'3.5'\n"),
        (NAMED + 'decimal = ","\ndelimiter = ";"\n', "u;i;r\na;x;4\nb;y;3,5\n"),
        (NAMED + 'decimal = ","\n', 'u,i,r\na,x,4\nb,y,"3,5"\n'),
        (NAMED + 'decimal = ","\ndelimiter = "::"\n', "u::i::r\na::x::4,0\nb::y::3,5\n"),
    ],
)
def test_two_ratings_in_many_hands(tmp_path: Path, entries: str, content: str) -> None:
    assert edges(tmp_path, entries, content, "rating") == TWO
    faulty = content + content.splitlines()[-1].replace("3.5", "five").replace("3,5", "five").replace("y", "z") + "\n"
    again = loaded(tmp_path, entries, faulty)
    assert edge_set(assert_sound(again).edges[INTERACTED], "rating") == TWO
    (reason,) = again.report.files[0].examples
    assert reason.endswith("is not a number")
    assert again.report.files[0].examples[reason] == [faulty.count("\n")]
    assert edges(tmp_path, entries, gzip.compress(content.encode()), "rating") == TWO


def test_the_kinds_of_a_headerless_file_are_its_numbers(tmp_path: Path) -> None:
    report = loaded(tmp_path, 'header = false\nuser = "1"\nitem = "2"\n', "a,x,4,k\nb,y,5,l\n").report
    assert report.remarks == ["r.txt: columns dropped: 3, 4"]


def test_values_between_long_delimiters_hold_single_ones_and_quotation_marks(tmp_path: Path) -> None:
    content = 'u::i::r\na::12:30 "x"::4\nb::y:::5\n'
    found = loaded(tmp_path, NAMED + 'delimiter = "::"\n', content)
    assert edge_set(assert_sound(found).edges[INTERACTED], "rating") == {("a", '12:30 "x"', 4.0)}
    assert found.report.files[0].examples == {"r is not a number": [3]}


def test_long_delimiters_over_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphrec.loading.separated_text._BLOCK", 7)
    content = "u::i::r\n" + "".join(f"user{n}::item{n % 7}::{n % 5}\n" for n in range(100))
    expected = {(f"user{n}", f"item{n % 7}", float(n % 5)) for n in range(100)}
    assert edges(tmp_path, NAMED + 'delimiter = "::"\n', content.rstrip("\n"), "rating") == expected


def test_long_delimiters_in_another_encoding(tmp_path: Path) -> None:
    content = "u::i::r\nÄ::é::4\n".encode("latin-1")
    assert edges(tmp_path, NAMED + 'delimiter = "::"\nencoding = "latin-1"\n', content, "rating") == {("Ä", "é", 4.0)}
    with pytest.raises(InputError, match=r"not UTF-8 text .*line 2"):
        loaded(tmp_path, NAMED + 'delimiter = "::"\n', content)


def test_the_sign_that_stands_for_a_long_delimiter_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"control character .*line 3"):
        loaded(tmp_path, NAMED + 'delimiter = "::"\n', "u::i::r\na::x::4\nb::y\x1f::4\n")


def test_marks_that_are_no_quotation(tmp_path: Path) -> None:
    content = 'u,i,r\n"a,x",4\n"b,"y,5\n'
    assert edges(tmp_path, NAMED + 'quote = ""\n', content, "rating") == {('"a', 'x"', 4.0), ('"b', '"y', 5.0)}


def test_escaped_delimiters_marks_and_line_ends(tmp_path: Path) -> None:
    content = 'u;i;r\na;one\\; two;4\nb;"say \\"hi\\"";5\n'
    found = edges(tmp_path, NAMED + 'delimiter = ";"\nescape = "\\\\"\n', content, "rating")
    assert found == {("a", "one; two", 4.0), ("b", 'say "hi"', 5.0)}


def test_decimals_and_thousands(tmp_path: Path) -> None:
    entries = (
        'user = "u"\nitem = "i"\nweight = "w"\ndelimiter = ";"\ndecimal = ","\nthousands = "."\nmissing = ["-1,0"]\n'
        'properties = { p = "float", n = "integer" }\n'
    )
    content = "u;i;w;p;n\na;x;1.234,5;-1,0;1.000\nb;y;7;0,25;12\nc;z;1.23;1;1\nd;v;3.5;1;1\ne;t;1.234.567;2,5;1.00\n"
    found = loaded(tmp_path, entries, content)
    assert edge_set(assert_sound(found).edges[INTERACTED], "weight", "p", "n") == {
        ("a", "x", 1234.5, None, 1000), ("b", "y", 7.0, 0.25, 12), ("e", "t", 1234567.0, 2.5, None),
    }  # fmt: skip
    assert found.report.files[0].examples == {"w is not a number": [4, 5], "n is not a whole number": [6]}


def test_a_decimal_comma_file_does_not_read_points(tmp_path: Path) -> None:
    found = loaded(tmp_path, NAMED + 'decimal = ","\ndelimiter = ";"\n', "u;i;r\na;x;4,5\nb;y;3.5\n")
    assert edge_set(assert_sound(found).edges[INTERACTED], "rating") == {("a", "x", 4.5)}
    assert found.report.files[0].examples == {"r is not a number": [3]}


def test_decimal_commas_in_a_column_that_is_an_attribute_too(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("id;price\nx;1,5\ny;n/a\n")
    items = (
        '[items]\nfile = "i.csv"\nid = "id"\ndelimiter = ";"\ndecimal = ","\nattributes = ["price"]\n'
        'missing = ["n/a"]\nproperties = { price = "float" }\n'
    )
    tables = assert_sound(loaded(tmp_path, 'user = "u"\nitem = "i"\n', "u,i\na,x\nb,y\n", items))
    assert {row["id"]: row["price"] for row in tables.nodes["Item"].to_pylist()} == {"x": 1.5, "y": None}
    assert tables.nodes["Attribute"].column("id").to_pylist() == ["item.price=1,5"]


TIMED = 'user = "u"\nitem = "i"\ntimestamp = "t"\n'


def test_a_format_of_times(tmp_path: Path) -> None:
    entries = TIMED + 'time_format = "%d/%m/%Y %H:%M"\n'
    content = "u,i,t\na,x,02/01/1970 00:01\nb,y,\nc,z,01/02/1970 00:00\n"
    expected = {("a", "x", 86_460), ("b", "y", None), ("c", "z", 31 * 86_400)}
    assert edges(tmp_path, entries, content, "timestamp") == expected
    found = loaded(tmp_path, entries, content + "d,w,1970-01-02\ne,v,now\n")
    assert found.report.files[0].examples == {"t is not a time": [5, 6]}
    assert edge_set(assert_sound(found).edges[INTERACTED], "timestamp") == expected | {
        ("d", "w", None),
        ("e", "v", None),
    }


def test_a_format_with_a_zone_and_parts_of_a_second(tmp_path: Path) -> None:
    entries = TIMED + 'time_format = "%Y-%m-%d %H:%M:%S.%f %z"\n'
    found = edges(tmp_path, entries, "u,i,t\na,x,1970-01-01 02:00:01.25 +0200\n", "timestamp", "microsecond")
    assert found == {("a", "x", 1, 250_000)}


def test_times_of_which_most_are_written_otherwise(tmp_path: Path) -> None:
    content = "u,i,t\na,x,2024-01-02\nb,y,01/02/2024\nc,z,2024-01-03\n"
    with pytest.raises(
        InputError, match=r"2 of 3 values of 't' are not written as '%d/%m/%Y', such as '2024-01-02'.*line 2"
    ):
        loaded(tmp_path, TIMED + 'time_format = "%d/%m/%Y"\n', content)


def test_a_format_of_a_column_that_holds_times(tmp_path: Path) -> None:
    table = pa.table({"u": ["a"], "i": ["x"], "t": pa.array([0], pa.timestamp("s"))})
    pq.write_table(table, tmp_path / "r.parquet")
    entries = TIMED + 'time_format = "%Y"\n'
    (tmp_path / "mapping.toml").write_text(HEAD.replace("r.txt", "r.parquet") + entries)
    with pytest.raises(InputError, match=r"holds times already .* which time_format = '%Y' contradicts"):
        load(tmp_path)


def test_a_format_of_whole_numbers(tmp_path: Path) -> None:
    entries = TIMED + 'time_format = "%Y%m%d"\n'
    assert edges(tmp_path, entries, "u,i,t\na,x,19700102\n", "timestamp") == {("a", "x", 86_400)}
    (tmp_path / "r.jsonl").write_text('{"u": "a", "i": "x", "t": 19700102}\n')
    (tmp_path / "mapping.toml").write_text(HEAD.replace("r.txt", "r.jsonl") + entries)
    assert edge_set(load(tmp_path).tables.edges[INTERACTED], "timestamp") == {("a", "x", 86_400)}


@pytest.mark.parametrize(
    ("entries", "content", "message"),
    [
        (NAMED, "196\t242\t3\n", "The file seems to be separated by"),
        (
            NAMED,
            "196,242,3\n1,2,3\n",
            r'Has the file a header\? Line 1 holds: 196, 242, 3\. .*columns = \["u", "i", "r"\]',
        ),
        (NAMED, "ann,sea,3,9\n1,2,3,4\n", r'columns = \["u", "i", "r", "4"\]; or header = false'),
        (NAMED, "u,item,r\na,x,3\n", "the column 'i' is missing .*Columns found: u, item, r"),
        (NAMED + 'columns = ["u", "i", "r"]\n', "a,x,3,4\n", "3 columns named, and line 1 has 4"),
        (NAMED + 'columns = ["u", "i", "r"]\n', "a\tx\t3\n", r"seems to be separated by '\\t', not ','"),
        ('header = false\nuser = "1"\nitem = "4"\n', "a,x,3\n", "the column '4' is missing .*Columns found: 1, 2, 3"),
    ],
)
def test_a_wrong_word_on_the_header_is_answered_with_the_right_one(
    tmp_path: Path, entries: str, content: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        loaded(tmp_path, entries, content)


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ('header = false\nuser = "1"\nitem = "2"\n', "'stars'"),
        ('columns = ["u", "who", "r"]\nuser = "u"\nitem = "who"\n', "'who'"),
        ('columns = ["u", "WHO_", "r"]\nuser = "u"\nitem = "WHO_"\n', "'who'"),
    ],
)
def test_a_header_that_is_read_as_data_is_told(tmp_path: Path, entries: str, told: str) -> None:
    remarks = loaded(tmp_path, entries, "what,who,stars\na,x,4\nb,y,5\n").report.remarks
    assert f"r.txt: line 1 was read as data, and looks like a header: it holds {told}. " in remarks[0]
    assert not any("header" in remark for remark in loaded(tmp_path, entries, "a,x,4\nb,y,5\n").report.remarks)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (NAMED + "header = false\n", r"\[interactions\] names the column 'u' of a file without a header"),
        (NAMED + 'columns = ["u", "i"]\n', "names the column 'r', which is not among its columns .*Columns: u, i"),
        (NAMED + 'columns = ["u", "i", "r", "u"]\n', "columns: two are called 'u'"),
        (NAMED + "columns = []\n", "'interactions.columns': List should have at least 1 item"),
        (NAMED + 'quote = ";"\ndelimiter = ";"\n', "delimiter and quote are both ';'"),
        (NAMED + 'quote = "\\\\"\nescape = "\\\\"\n', "quote and escape are both"),
        (NAMED + 'quote = "ab"\n', "'interactions.quote': must be one character"),
        (NAMED + 'delimiter = "::"\nescape = "\\\\"\n', "quoted or escaped, and a delimiter of several characters"),
        (NAMED + 'delimiter = "\\\\s+"\n', 'is no pattern; .*say "whitespace"'),
        (NAMED + 'decimal = ","\nthousands = ","\n', "decimal and thousands are both ','"),
        (NAMED + 'decimal = ";"\n', r"'interactions.decimal': Input should be '\.' or ','"),
        (NAMED + 'time_format = "%d"\n', "'interactions.time_format': .*: it says nothing of the year"),
        (TIMED + 'time_format = "mixed"\n', "it has no directive such as %d"),
        (TIMED + 'time_format = "%Q"\n', "'%Q' is no format of strptime"),
        (TIMED + 'time_format = "%d.%m."\n', "it says nothing of the year"),
        (TIMED + 'time_format = "%Y"\ntime_unit = "s"\n', "both time_unit and time_format"),
        (NAMED + 'time_format = "%Y"\n', "says time_format, and no timestamp"),
        (NAMED + 'time_unit = "s"\n', "says time_unit, and no timestamp"),
    ],
)
def test_what_contradicts_itself_is_refused_before_a_file_is_read(tmp_path: Path, entries: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        loaded(tmp_path, entries, b"\x00\xff")
    assert str(refused.value.where).endswith("mapping.toml")


def test_what_other_formats_say_themselves(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"u": "a", "i": "x"}\n')
    (tmp_path / "mapping.toml").write_text(HEAD.replace("r.txt", "r.jsonl") + 'user = "u"\nitem = "i"\ndecimal = ","\n')
    with pytest.raises(InputError, match=r"\[interactions\] says decimal, which files of delimited text have"):
        load(tmp_path)


def test_a_forgotten_decimal_comma_is_told_with_an_example_and_the_line(tmp_path: Path) -> None:
    rows = (
        "".join(f"a{n};x;{n % 5},5\n" for n in range(12))
        + "b;x;4\nc;x;$1,296.63\n"
        + "".join(f"d{n};x;3\n" for n in range(9))
    )
    (account,) = loaded(tmp_path, NAMED + 'delimiter = ";"\n', "u;i;r\n" + rows).report.files
    assert (account.read, account.kept) == (23, 10)
    assert account.faults() == [
        "13 skipped: r is not a number, such as '0,5' (line 2, 3, 4, 5, 6)",
        "warning: 12 values of 'r', such as '0,5', would be a number with a comma before decimals: say decimal = \",\"",
        "warning: half of the rows or more are lost, 13 of 23; the most since r is not a number",
    ]


def test_an_example_is_shown_as_the_file_has_it(tmp_path: Path) -> None:
    (account,) = loaded(tmp_path, NAMED + 'decimal = ","\ndelimiter = ";"\n', "u;i;r\na;x;4,5\nb;x;3.5\n").report.files
    assert account.faults() == ["1 skipped: r is not a number, such as '3.5' (line 3)"]


def test_text_of_another_encoding_is_answered_with_the_line_that_names_it(tmp_path: Path) -> None:
    content = "u,i,r\na,Café,4\n".encode("latin-1")
    with pytest.raises(InputError, match='encoding = "latin-1"'):
        loaded(tmp_path, NAMED, content)
    assert edges(tmp_path, NAMED + 'encoding = "latin-1"\n', content) == {("a", "Café")}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "\ufeffSEP=;"])
def test_a_first_line_that_names_the_delimiter_is_no_row(tmp_path: Path, first: str, end: str) -> None:
    rows = ["u;i;r", "a;x;4", "b;y;3.5"]
    assert edges(tmp_path, NAMED, end.join([first, *rows, ""]), "rating") == TWO
    headless = NAMED + 'columns = ["u", "i", "r"]\n'
    assert edges(tmp_path, headless, end.join([first, *rows[1:], ""]), "rating") == TWO
    (account,) = loaded(tmp_path, NAMED, end.join([first, *rows, "c;z;?", "d;z", ""])).report.files
    assert account.examples == {"not 3 columns": [6], "r is not a number": [5]}


RECURRING = [f"{user},{item}" for user in ("ann", "ben", "cat", "dan", "eva") for item in ("sea", "sun", "sky", "sand")]


@pytest.mark.parametrize(
    ("first", "others", "is_told"),
    [
        ("reader,book", RECURRING, True),
        ("ann,book", RECURRING, False),  # ann is on other lines: a book that nobody else read
        ("reader,book", [*RECURRING, "zoe,zen"], False),  # two such rows: nothing tells them apart
        ("reader,book", RECURRING[:10], False),  # too few to say
        ("7,book", RECURRING, False),
    ],
)
def test_a_header_of_words_above_words_is_told(tmp_path: Path, first: str, others: list[str], is_told: bool) -> None:
    said = loaded(tmp_path, 'columns = ["u", "i"]\nuser = "u"\nitem = "i"\n', "\n".join([first, *others]) + "\n")
    told = [remark for remark in said.report.remarks if "looks like a header: it holds 'reader'" in remark]
    assert len(told) == is_told
    assert len(said.tables.edges[INTERACTED]) == len(others) + 1


def test_a_line_of_numbers_that_is_read_as_names_is_told(tmp_path: Path) -> None:
    said = loaded(tmp_path, 'user = "1"\nitem = "2"\n', "1,2,5\n3,4,5\n")
    assert (
        "r.txt: line 1 was read as the names of columns, and looks like data: it holds 1, 2, 5. "
        in (said.report.remarks[0])
    )
    assert len(said.tables.edges[INTERACTED]) == 1


SPARSE = """[dataset]
id = "d"
[interactions]
file = "o.jsonl"
user = "u"
item = "i"
[items]
file = "p.jsonl"
id = "i"
properties = { price = "float", sponsor = "string" }
"""


def of_a_day(folder: Path, entries: str, *lines: str) -> Loaded:
    (folder / "o.jsonl").write_text('{"u": "ann", "i": "sea"}\n')
    (folder / "p.jsonl").write_text("".join(f"{line}\n" for line in lines))
    (folder / "mapping.toml").write_text(SPARSE + entries)
    return load(folder)


def test_an_optional_field_may_be_on_no_line(tmp_path: Path) -> None:
    line = '{"i": "sea", "price": 2.5}'
    with pytest.raises(InputError, match=r"no line has the field 'sponsor'.*say optional = \[\"sponsor\"\]"):
        of_a_day(tmp_path, "", line)
    day = of_a_day(tmp_path, 'optional = ["sponsor"]\n', line)
    assert "p.jsonl: no line has the field 'sponsor', which is optional" in day.report.remarks
    assert day.tables.nodes["Item"].select(["id", "price", "sponsor"]).to_pylist() == [
        {"id": "sea", "price": 2.5, "sponsor": None}
    ]
    other = of_a_day(tmp_path, 'optional = ["sponsor"]\n', line, '{"i": "sun", "sponsor": "ACME"}')
    assert not [remark for remark in other.report.remarks if "optional" in remark]


@pytest.mark.parametrize(
    ("optional", "lines", "fault"),
    [
        ("sponsr", '{"i": "sea"}', r"\[items\] says that 'sponsr' is optional, and does not read it .*price, sponsor"),
        ("i", '{"i": "sea"}', r"\[items\] says that 'i' is optional, and no row can be without it"),
        ("price", '{"i": "sea"}', "no line has the field 'sponsor'"),
    ],
)
def test_what_cannot_be_optional(tmp_path: Path, optional: str, lines: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        of_a_day(tmp_path, f'optional = ["{optional}"]\n', lines)


def test_only_json_has_optional_fields(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="says optional, which is for the fields of JSON lines"):
        loaded(tmp_path, NAMED + 'optional = ["r"]\n', "u,i,r\na,x,4\n")
