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
