"""A run as a folder of Parquet files: for pipelines that want the tables and not the graph."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from graphrec.atomic_folders import atomic_folder
from graphrec.own_kinds import RUN
from graphrec.tables.counterfactual_counts import CountedBatches
from graphrec.tables.explanations import FACTORS, MEMBERSHIPS, REASONS, RECOMMENDATIONS
from graphrec.tables.records import RunInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphrec.tables.explanations import Explanations

TABLES = {
    "recommendations": RECOMMENDATIONS,
    "reasons": REASONS,
    "factors": FACTORS,
    "memberships": MEMBERSHIPS,
    "summaries": REASONS,
}


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
                name: stack.enter_context(pq.ParquetWriter(draft / f"{name}.parquet", schema, compression="zstd"))
                for name, schema in TABLES.items()
            }
            for batch in passing:
                for name, writer in writers.items():
                    table = getattr(batch, name)
                    writer.write_table(table)
                    rows[name] += table.num_rows
        write_record(draft, passing.counted(run))
    return rows


def write_record(draft: Path, run: RunInfo) -> None:
    """Write the record of a run whose tables are in the folder."""
    record = json.dumps(replace(run, status="complete").to_row(), indent=2, sort_keys=True)
    (draft / RUN.mark).write_text(record + "\n", encoding="utf-8")
