r"""Quotation marks within quotations: doubled, or escaped by a backslash."""

from __future__ import annotations

import csv
import gzip
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.errors import InputError
from graphrec.loading import backslashes
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.layout import Layout

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = [Column("id", "id", required=True), Column("title")]


def titles(path: Path, content: str | bytes, layout: Layout | None = None) -> tuple[list[str], LoaderReport]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = LoaderReport()
    return read_delimited(path, COLUMNS, report, layout).column("title").to_pylist(), report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books.csv"


def test_a_file_of_another_shop(path: Path) -> None:
    rows = ['"id";"title"', '"1";"Plain"', '"2";"The \\"Real\\" Thing"', '"3";"Odd \\" one"', '"4";"C:\\\\x; Café"']
    content = ("\r\n".join(rows) + "\r\n").encode("latin-1")
    found, report = titles(path, content, Layout(";", encoding="latin-1"))
    assert found == ["Plain", 'The "Real" Thing', 'Odd " one', "C:\\x; Café"]
    assert report.remarks == [
        'books.csv: quotation marks within quotations are escaped by a backslash here: \\" is read as "'
    ]
    assert (report.files[0].read, report.files[0].kept) == (4, 4)


def test_a_backslash_at_the_end_of_a_value_is_one(path: Path) -> None:
    found, report = titles(path, 'id,title\n1,"C:\\"\n2,"D:\\dir\\"\n3,5\\" nail\n')
    assert (found, report.remarks) == (["C:\\", "D:\\dir\\", '5\\" nail'], [])


def test_both_ways_in_one_file_are_refused(path: Path) -> None:
    with pytest.raises(InputError, match=r"on some lines and not on others \(.*line 3 and line 2\)"):
        titles(path, 'id,title\n1,"C:\\"\n2,"The \\"Real\\" Thing"\n')


def test_rows_of_another_length_have_no_say_and_are_skipped(path: Path) -> None:
    content = '"id";"title"\n"1";"a \\" b"\n"2\\";merged"\n"3";"c"\n"4";"d";"e"\n'
    found, report = titles(path, content, Layout(";"))
    assert found == ['a " b', "c"]
    assert report.files[0].examples == {"not 2 columns": [3, 5]}


def test_rows_over_several_lines(path: Path) -> None:
    found, _ = titles(path, 'id,title\n1,"The \\"Real\\"\nThing"\n2,"b"\n')
    assert found == ['The "Real"\nThing', "b"]


def test_the_header_and_a_compressed_file(path: Path) -> None:
    found, _ = titles(path, gzip.compress(b'id,title,"a \\" b"\n1,"x \\" y",z\n'))
    assert found == ['x " y']


def test_lines_are_numbered_over_blocks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backslashes, "_BLOCK", 16)
    rows = "".join(f'{n},"t{n}"\n' for n in range(50))
    with pytest.raises(InputError, match="line 53 and line 52"):
        titles(path, f'id,title\n{rows}98,"C:\\"\n99,"a \\" b"\n')


TEXT = st.text(st.sampled_from('ab \\",;\n'), max_size=6)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(values=st.lists(TEXT, min_size=1, max_size=5), escaped=st.booleans())
def test_what_either_way_writes_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], escaped: bool
) -> None:
    """A file that is written one way comes back as it was; where its lines say nothing, the usual way holds."""
    text = StringIO()
    how = {"doublequote": False, "escapechar": "\\"} if escaped else {}
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n", **how)  # type: ignore[arg-type]
    writer.writerows([["id", "title"], *([f"i{n}", value] for n, value in enumerate(values))])
    path = tmp_path_factory.mktemp("b") / "books.csv"
    try:
        found, report = titles(path, text.getvalue())
    except InputError:
        return
    told = bool(report.remarks or report.files[0].skipped)
    assert told or found in (values, _titles(text.getvalue()))
    if not escaped and not told:
        assert found == values
    if report.remarks and not report.files[0].skipped:
        assert found == _titles(text.getvalue(), escapechar="\\")


def _titles(text: str, **how: str) -> list[str]:
    return [row[1] for row in csv.reader(StringIO(text, newline=""), **how) if len(row) == 2][1:]  # type: ignore[arg-type]
