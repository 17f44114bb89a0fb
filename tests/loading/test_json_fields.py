from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loading.any_file import read_any
from graphrec.loading.columns import Column, Kind
from graphrec.loading.contract import LoaderReport

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

LINES = [
    '{"u": "a", "stars": 4, "tags": ["x"], "note": null, "address": {"city": "Oslo"}}',
    '{"u": "b", "stars": 3, "tags": [], "late": "", "address": null}',
]


def read(folder: Path, name: str, kind: Kind, *more: str, several: tuple[str, ...] = ()) -> pa.Table:
    path = folder / "o.jsonl"
    path.write_text("\n".join([*LINES, *more]) + "\n")
    columns = [Column("u", "id", required=True), Column(name, kind)]
    return read_any(path, columns, LoaderReport(), several=several)


@pytest.mark.parametrize("more", [(), ('{"u": "c"', '{"u": "c"}')], ids=["fast", "careful"])
@pytest.mark.parametrize(
    ("name", "kind", "remedy"),
    [
        ("star", "number", "Did you mean stars?"),
        ("stras", "integer", "Did you mean stars or tags?"),
        ("noet", "text", "Did you mean note?"),
        ("tag", "text", "Did you mean tags?"),
        ("zzz", "time", "Fields found: address, late, note, stars, tags, u"),
        ("address.city", "text", "Fields within 'address' are not read"),
    ],
)
def test_a_field_that_no_line_has_is_refused_with_the_nearest(
    tmp_path: Path, name: str, kind: Kind, remedy: str, more: tuple[str, ...]
) -> None:
    with pytest.raises(InputError, match=f"no line has the field '{name}'") as error:
        read(tmp_path, name, kind, *more, several=("tag",))
    assert remedy in str(error.value)


@pytest.mark.parametrize("name", ["note", "late"])
def test_a_field_without_a_value_is_there(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, name, "text").column(name).to_pylist() == ["", ""]


def test_lists_are_there_even_if_all_are_empty(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    path.write_text('{"u": "a", "tags": []}\n')
    table = read_any(path, [Column("u", "id"), Column("tags")], LoaderReport(), several=["tags"])
    assert table.column("tags").to_pylist() == [[]]


def test_a_required_field_that_is_misspelt_is_answered_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    path.write_text("\n".join(LINES))
    with pytest.raises(InputError, match="no line has the field 'star'") as error:
        read_any(path, [Column("star", "number", required=True)], LoaderReport())
    assert "Did you mean stars?" in str(error.value)
