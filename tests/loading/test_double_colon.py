from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.double_colon import read_double_colon

if TYPE_CHECKING:
    from pathlib import Path

FILMS = [Column("id", "id", required=True), Column("title"), Column("genres")]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_single_colons_and_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "movies.dat"
    path.write_bytes("1::Léon: The Professional (1994)::Crime|Drama\r\n\r\n2::Heat::\r\n".encode(encoding))
    report = LoaderReport()
    assert read_double_colon(path, FILMS, report).to_pydict() == {
        "id": ["1", "2"],
        "title": ["Léon: The Professional (1994)", "Heat"],
        "genres": ["Crime|Drama", ""],
    }
    assert (report.files[0].read, report.files[0].kept) == (2, 2)


def test_rows_of_another_shape_and_without_id_are_skipped_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "movies.dat"
    path.write_text("1::a::x\n2::b\n\n::c::x\n3::d::x::y\n")
    report = LoaderReport()
    assert read_double_colon(path, FILMS, report).column("id").to_pylist() == ["1"]
    assert report.files[0].examples == {"not 3 columns": [2, 5], "id is empty": [4]}


def test_a_file_separated_otherwise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "movies.dat"
    path.write_text("1,a,x\n")
    with pytest.raises(InputError, match=r"no line has 3 columns separated by '::'.*Expected: id::title::genres"):
        read_double_colon(path, FILMS, LoaderReport())
