"""A run as a folder of Parquet files: for pipelines that want the tables and not the graph."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from graphrec.atomic_folders import atomic_folder
from graphrec.own_kinds import RUN
from graphrec.tables.counterfactual_counts import CountedBatches
from graphrec.tables.explanations import FACTORS, MEMBERSHIPS, REASONS, RECOMMENDATIONS
from graphrec.tables.ids import with_used_values
from graphrec.tables.records import RunInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from typing_extensions import Self

    from graphrec.tables.explanations import Explanations

TABLES = {
    "recommendations": RECOMMENDATIONS,
    "reasons": REASONS,
    "factors": FACTORS,
    "memberships": MEMBERSHIPS,
    "summaries": REASONS,
}


ROW_GROUP = 1 << 18
"""Rows that are held before they are written: of reasons some 40 MB."""


def read_record(folder: Path) -> RunInfo:
    """Return the record of a run that ``write_parquet`` wrote."""
    return RunInfo.from_row(json.loads((folder / RUN.mark).read_text(encoding="utf-8")))


def write_parquet(run: RunInfo, batches: Iterable[Explanations], folder: Path) -> dict[str, int]:
    """Write a run's five tables and its record; the folder appears whole or not at all.

    Args:
        run: its record.
        batches: what ``recommend`` yields.
        folder: a new one, an empty one, or one that this function wrote before.

    Returns:
        Rows by table.

    Raises:
        InputError: the folder holds something else.
    """
    rows = dict.fromkeys(TABLES, 0)
    passing = CountedBatches(batches)
    with atomic_folder(folder, RUN) as draft:
        with contextlib.ExitStack() as stack:
            writers = {
                name: stack.enter_context(GatheredRows(draft / f"{name}.parquet", schema))
                for name, schema in TABLES.items()
            }
            for batch in passing:
                for name, writer in writers.items():
                    table = getattr(batch, name)
                    writer.add(table)
                    rows[name] += table.num_rows
        write_record(draft, passing.counted(run))
    return rows


def write_record(draft: Path, run: RunInfo) -> None:
    """Write the record of a run whose tables are in the folder."""
    record = json.dumps(replace(run, status="complete").to_row(), indent=2, sort_keys=True)
    (draft / RUN.mark).write_text(record + "\n", encoding="utf-8")


class GatheredRows:
    """The rows of one table, gathered to row groups of a Parquet file.

    A batch is small, and carries the ids of all users as its dictionary: written by itself, each would bring them into
    the file again, so that time and file grew with the square of the users. Leaving the context ends the file.

    Args:
        sink: path of the file, or what takes its bytes.
        schema: of the table.
    """

    def __init__(self, sink: Path | pa.NativeFile, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(sink, schema, compression="zstd")
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0

    def add(self, table: pa.Table) -> None:
        """Take rows in; what is written stays in memory no longer."""
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        if self._n_waiting >= ROW_GROUP:
            self._write()

    def _write(self) -> None:
        if self._n_waiting:
            self._writer.write_table(with_used_values(pa.concat_tables(self._waiting)), row_group_size=self._n_waiting)
        self._waiting, self._n_waiting = [], 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write()
        self._writer.close()
