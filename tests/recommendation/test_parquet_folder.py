"""A run as Parquet files: batches are gathered, and no row group carries ids that its rows do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphrec.recommendation import parquet_folder
from graphrec.recommendation.parquet_folder import write_parquet
from graphrec.tables import Explanations, RunInfo
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

RUN = RunInfo("r", "r", "ease", "fit", "2026-01-01T00:00:00Z", "data", "score")
USERS = [f"somebody with a long id, number {n:04}" for n in range(2000)]


def batch(users: list[int]) -> Explanations:
    """Return one recommendation for each user; the dictionary of users is that of all."""
    coded = {
        "user": pa.DictionaryArray.from_arrays(pa.array(users, pa.int32()), pa.array(USERS)),
        **{name: pa.array(["i"] * len(users)).dictionary_encode() for name in ("item", "name")},
    }
    numbers = {"score": np.ones(len(users)), "rank": np.ones(len(users), np.int64), "n_reasons": np.zeros(len(users))}
    columns = {**coded, **{name: pa.array(values) for name, values in numbers.items()}}
    whole = [columns.get(f.name, pa.nulls(len(users), f.type)) for f in RECOMMENDATIONS]
    table = pa.table([c.cast(f.type) for c, f in zip(whole, RECOMMENDATIONS, strict=True)], schema=RECOMMENDATIONS)
    return Explanations(table, REASONS.empty_table())


def test_small_batches_become_row_groups_and_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_folder, "ROW_GROUP", 4)
    batches = [batch([7, 3]), batch([5]), batch([9, 1]), batch([2])]
    assert write_parquet(RUN, iter(batches), tmp_path / "run")["recommendations"] == 6
    file = pq.ParquetFile(tmp_path / "run" / "recommendations.parquet")
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [5, 1]
    read = file.read()
    assert read.schema.equals(RECOMMENDATIONS)
    assert read["user"].to_pylist() == [USERS[user] for user in (7, 3, 5, 9, 1, 2)]


def test_a_file_does_not_grow_with_users_whom_it_does_not_have(tmp_path: Path) -> None:
    """2,000 ids are some 70 kB as they stand, and 600 of one batch's."""
    write_parquet(RUN, [batch(list(range(10, 30)))], tmp_path / "run")
    (column,) = (
        group.column(0) for group in [pq.read_metadata(tmp_path / "run" / "recommendations.parquet").row_group(0)]
    )
    assert column.path_in_schema == "user"
    assert column.total_uncompressed_size < 2000
