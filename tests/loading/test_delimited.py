from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.layout import Layout

if TYPE_CHECKING:
    from pathlib import Path

RATINGS = [
    Column("user", "id", required=True),
    Column("item", "id", required=True),
    Column("rating", "number", required=True, minimum=0),
    Column("time", "integer"),
]
COLONS = Layout("::", header=False, quoted=False)


def read(
    path: Path, content: str | bytes, layout: Layout | None = None
) -> tuple[dict[str, list[object]], LoaderReport]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = LoaderReport()
    return read_delimited(path, RATINGS, report, layout).to_pydict(), report


def refused(path: Path, content: str | bytes, layout: Layout | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read(path, content, layout)
    assert str(path) in caught.value.where
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ratings.csv"


def test_a_clean_file_and_its_account(path: Path) -> None:
    table, report = read(path, "user,item,rating,time\nu,i,4.5,10\nv,i,3,\n")
    assert table == {"user": ["u", "v"], "item": ["i", "i"], "rating": [4.5, 3.0], "time": [10, None]}
    assert (report.files[0].read, report.files[0].kept, report.files[0].skipped) == (2, 2, {})


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_byte_order_mark_and_line_ends_do_not_matter(path: Path, newline: str, bom: str) -> None:
    table, _ = read(path, bom + newline.join(["user,item,rating,time", "u,é,1,2", ""]))
    assert table == {"user": ["u"], "item": ["é"], "rating": [1.0], "time": [2]}


def test_columns_may_stand_in_any_order_and_others_are_dropped_and_said(path: Path) -> None:
    table, report = read(path, "zip,time,rating,item,user\n1234,9,5,i,u\n")
    assert table == {"user": ["u"], "item": ["i"], "rating": [5.0], "time": [9]}
    assert report.remarks == ["ratings.csv: columns dropped: zip"]


def test_every_bad_row_is_counted_with_its_reason_and_line(path: Path) -> None:
    rows = [
        "user,item,rating,time",
        "u,i,4,1",  # 2
        "u,j,four,1",  # 3
        "u,k,NaN,1",  # 4
        "u,l,-2,1",  # 5
        ",m,3,1",  # 6
        "u,n,3",  # 7
        "",  # 8
        "u,o,,1",  # 9
        "u,p,inf,1",  # 10
        "u,q,3,noon",  # 11
        "u,r,2,7",  # 12
        "u,s,4,1,9",  # 13
        "u,t,1e999,1",  # 14
        "u,v,1,99999999999999999999",  # 15
    ]
    table, report = read(path, "\n".join(rows) + "\n")
    assert table == {
        "user": ["u"] * 4,
        "item": ["i", "q", "r", "v"],
        "rating": [4.0, 3.0, 2.0, 1.0],
        "time": [1, None, 7, None],
    }
    account = report.files[0]
    assert account.examples == {
        "not 4 columns": [7, 13],
        "user is empty": [6],
        "rating is not a finite number": [4, 10, 14],
        "rating is not a number": [3],
        "rating is empty": [9],
        "rating is negative": [5],
        "time is not a whole number": [11],
        "time is too large for a whole number": [15],
    }
    assert {**account.skipped, **account.unread} == {r: len(lines) for r, lines in account.examples.items()}
    assert list(account.unread) == ["time is too large for a whole number", "time is not a whole number"]
    assert (account.read, account.kept) == (13, 4)


def test_line_numbers_count_the_newlines_inside_quoted_values(path: Path) -> None:
    _, report = read(path, 'user,item,rating,time\n"u\n1",i,4,1\n"u\n\n2",i,bad,1\nv,"i\n3",3\nw,i,bad,1\nx,i,1,1\n')
    assert report.files[0].examples == {"not 4 columns": [7], "rating is not a number": [4, 9]}


def test_only_the_first_lines_of_many_bad_ones_are_named(path: Path) -> None:
    _, report = read(path, "user,item,rating,time\n" + "u,i,1,1\n" * 3 + "u,i,x,1\n" * 20)
    assert report.files[0].skipped == {"rating is not a number": 20}
    assert report.files[0].examples == {"rating is not a number": [5, 6, 7, 8, 9]}


def test_a_missing_column_is_named_with_those_found(path: Path) -> None:
    message = refused(path, "user,item,stars,time\nu,i,1,1\n")
    assert "the column 'rating' is missing" in message
    assert "line 1" in message
    assert "user, item, stars, time" in message


def test_a_column_that_stands_twice_is_refused(path: Path) -> None:
    assert "two columns are called 'item'" in refused(path, "user,item,rating,time,item\nu,i,1,1,j\n")


@pytest.mark.parametrize(("delimiter", "shown"), [(";", "';'"), ("\t", r"'\t'"), ("::", "'::'"), ("|", "'|'")])
def test_a_wrong_delimiter_is_recognised(path: Path, delimiter: str, shown: str) -> None:
    content = "user,item,rating,time\nu,i,1,1\n".replace(",", delimiter)
    assert f"The file seems to be separated by {shown}, not ','" in refused(path, content)


def test_a_wrong_delimiter_is_recognised_without_a_header(path: Path) -> None:
    message = refused(path, "1,2,3,4\n", COLONS)
    assert "4 columns separated by '::' are expected, and 1 found" in message
    assert "The file seems to be separated by ',', not '::'" in message


def test_double_colons_with_a_filled_gap_are_skipped_with_their_line(path: Path) -> None:
    table, report = read(path, "1::2::3::4\n1:x:3::3::4\n5::6::1::7\n1::2\n", COLONS)
    assert table == {"user": ["1", "5"], "item": ["2", "6"], "rating": [3.0, 1.0], "time": [4, 7]}
    assert report.files[0].skipped == {"not 4 columns": 2}
    assert sorted(report.files[0].examples["not 4 columns"]) == [2, 4]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(path: Path, content: bytes) -> None:
    assert "the file is empty" in refused(path, content)


def test_a_file_with_a_header_only_is_refused(path: Path) -> None:
    assert "the file has a header but no rows" in refused(path, "user,item,rating,time\n")


def test_a_file_of_which_nothing_remains_is_refused_with_the_reasons(path: Path) -> None:
    message = refused(path, "user,item,rating,time\nu,i,x,1\nu,i,-1,1\n")
    assert "no row of the file could be read" in message
    assert "rating is not a number: 1 rows, such as line 2" in message
    assert "rating is negative: 1 rows, such as line 3" in message


def test_a_missing_file_and_a_folder_are_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_delimited(path, RATINGS, LoaderReport())
    with pytest.raises(InputError, match="this is a folder"):
        read_delimited(tmp_path, RATINGS, LoaderReport())


@pytest.mark.parametrize("column", ["user", "item"])
def test_wrong_encoding_is_refused_with_its_line(path: Path, column: str) -> None:
    row = {"user": "u", "item": "i", column: "caf\xe9"}
    content = f"user,item,rating,time\nu,i,1,1\n{row['user']},{row['item']},1,1\n".encode("latin-1")
    message = refused(path, content)
    assert "this is not UTF-8 text" in message
    assert "line 3" in message


def test_wrong_encoding_far_into_a_file_is_refused_with_its_line(path: Path) -> None:
    rows = ["user,item,rating,time", *["u,i,1,1"] * 50_000, "caf\xe9,i,1,1"]
    assert "line 50002" in refused(path, "\n".join(rows).encode("latin-1"))


def test_latin_1_is_read_where_it_is_asked_for(path: Path) -> None:
    table, _ = read(path, "user,item,rating,time\ncaf\xe9,i,1,1\n".encode("latin-1"), Layout(encoding="latin-1"))
    assert table["user"] == ["café"]


def test_utf_16_is_refused(path: Path) -> None:
    assert "UTF-16" in refused(path, "user,item,rating,time\nu,i,1,1\n".encode("utf-16"))


def test_gzip_is_read_whatever_the_name(path: Path) -> None:
    table, _ = read(path, gzip.compress(b"user,item,rating,time\nu,i,1,1\n"))
    assert table["user"] == ["u"]


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.99])
def test_a_gzip_that_ends_early_is_refused(path: Path, kept: float) -> None:
    rows = "".join(f"user{n * 7919 % 10007},item{n * 104729 % 5003},{n % 5},{n}\n" for n in range(60_000))
    content = gzip.compress(("user,item,rating,time\n" + rows).encode())
    assert "the gzip file ends early or is damaged" in refused(path, content[: int(len(content) * kept)])


def test_lines_that_end_as_on_old_macintoshes_are_refused(path: Path) -> None:
    assert "the header cannot be read" in refused(path, "user,item,stars\ru,i,1\r")


def test_a_quotation_that_never_ends_is_refused(path: Path) -> None:
    message = refused(path, 'user,item,rating,time\nu,i,1,1\n"u,i,1,1\n' + "u,i,1,1\n" * 10)
    assert "a quotation is opened and never closed" in message
    assert "line 3" in message


ID = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r\ufeff"), min_size=1, max_size=30)
NASTY = st.one_of(
    ID,
    st.sampled_from(
        ["'}) DETACH DELETE n //", 'say "hi"', "a\nb", "a,b", "::", "NULL", "NA", "nan", " x ", "\\", "é" * 10_000]
    ),
)


@settings(max_examples=60, deadline=None)
@given(ids=st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=8))
def test_any_id_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, ids: list[tuple[str, str]]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    rows = "".join(f"{quoted(user)},{quoted(item)},1,1\n" for user, item in ids)
    table, report = read(tmp_path_factory.mktemp("ids") / "r.csv", "user,item,rating,time\n" + rows)
    assert list(zip(table["user"], table["item"], strict=True)) == ids
    assert report.files[0].skipped == {}


@settings(max_examples=40, deadline=None)
@given(ids=st.lists(NASTY, min_size=1, max_size=6), bad=st.sets(st.integers(0, 5)))
def test_faults_beside_nasty_ids_are_found_on_their_lines(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str], bad: set[int]
) -> None:
    content, line, expected = "user,item,rating,time\nfirst,i,1,1\n", 3, []
    for n, text in enumerate(ids):
        rating = "bad" if n in bad else "1"
        expected += [line] if n in bad else []
        content += '"' + text.replace('"', '""') + f'",i,{rating},1\n'
        line += 1 + text.count("\n")
    table, report = read(tmp_path_factory.mktemp("ids") / "r.csv", content)
    assert table["user"] == ["first", *(text for n, text in enumerate(ids) if n not in bad)]
    assert report.files[0].examples.get("rating is not a number", []) == expected[:5]
