from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.parquet import read_parquet

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = [
    Column("user", "id", required=True),
    Column("stars", "number", required=True, minimum=0),
    Column("at", "time"),
]


def test_numbers_as_ids_and_times_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    pq.write_table(
        pa.table(
            {
                "user": pa.array([7.0, 8.0, None, 9.0]),
                "stars": pa.array([4.0, -1.0, 3.0, float("nan")]),
                "at": pa.array([dt.datetime(1970, 1, 2), None, None, None]),
                "tags": pa.array([["a"], ["b"], [], None]),
                "zip": pa.array([1, 2, 3, 4]),
            }
        ),
        path,
    )
    report = LoaderReport()
    table = read_parquet(path, COLUMNS, report, ["tags"])
    assert table.to_pydict() == {"user": ["7"], "stars": [4.0], "at": [dt.datetime(1970, 1, 2)], "tags": [["a"]]}
    assert report.files[0].examples == {
        "user is empty": [3],
        "stars is negative": [2],
        "stars is not a finite number": [4],
    }
    assert report.remarks == ["r.parquet: columns dropped: zip"]


def test_a_missing_column_and_a_damaged_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({"user": ["u"], "rating": [1.0]}), path)
    with pytest.raises(InputError, match=r"the column 'stars' is missing.*Columns found: user, rating"):
        read_parquet(path, COLUMNS, LoaderReport())
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputError, match="this is no Parquet file"):
        read_parquet(path, COLUMNS, LoaderReport())


def test_a_folder_of_parts_is_one_file_and_says_which_part_is_at_fault(tmp_path: Path) -> None:
    """Parts by name, of folders too; what begins with _ or . is none, an empty part is no fault, types may differ."""
    folder = tmp_path / "ratings"
    parts = {
        "day=2/a.parquet": {"user": ["u1", "u2", ""], "stars": [1.0, 2.0, 3.0]},
        "day=1/a.parquet": {"user": [7, 8], "stars": [4, 5]},
        "day=3/a.parquet": {"user": pa.array([], pa.string()), "stars": pa.array([], pa.float64())},
        "_temporary/a.parquet": {"user": ["nobody"], "stars": [1.0]},
    }
    for name, columns in parts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), folder / name)
    (folder / "_SUCCESS").touch()
    report = LoaderReport()
    table = read_parquet(folder, COLUMNS[:2], report)
    assert table.to_pydict() == {"user": ["7", "8", "u1", "u2"], "stars": [4.0, 5.0, 1.0, 2.0]}
    assert table.schema.field("user").type == pa.dictionary(pa.int32(), pa.string())
    assert [(account.path, account.read, account.kept, account.examples) for account in report.files] == [
        (str(folder / "day=2" / "a.parquet"), 3, 2, {"user is empty": [3]}),
        (f"{folder}, 2 parts", 2, 2, {}),
    ]
    pq.write_table(pa.table({"user": ["u"]}), folder / "b.parquet")
    with pytest.raises(InputError, match="the column 'stars' is missing") as error:
        read_parquet(folder, COLUMNS[:2], LoaderReport())
    assert error.value.where == str(folder / "b.parquet")


def test_ids_are_written_as_text_once_and_faults_are_of_their_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In batches of two rows: an id of bytes that are no UTF-8 is skipped wherever it stands, others stay."""
    monkeypatch.setattr("graphrec.loading.parquet.BATCH_ROWS", 2)
    path = tmp_path / "r.parquet"
    ids = pa.array([b"u1", b"\xff", b"u2", b"u1", b"\xff", None, b"u3"], pa.binary())
    pq.write_table(pa.table({"user": ids, "stars": pa.array(range(7), pa.float64())}), path)
    report = LoaderReport()
    table = read_parquet(path, COLUMNS[:2], report)
    assert table.to_pydict() == {"user": ["u1", "u2", "u1", "u3"], "stars": [0.0, 2.0, 3.0, 6.0]}
    assert report.files[0].examples == {"user is empty": [6], "user holds bytes that are no UTF-8": [2, 5]}
