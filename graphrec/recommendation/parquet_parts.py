"""A run as a folder of Parquet files that an engine's workers encode: each table a folder of files."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.atomic_folders import atomic_folder
from graphrec.engines.kept_parts import KeptParts
from graphrec.own_kinds import RUN
from graphrec.recommendation.parquet_folder import TABLES, GatheredRows, write_record
from graphrec.store.run_parts import STEP
from graphrec.tables.counterfactual_counts import CountedBatches, with_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.store.run_parts import RunParts
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo

_COUNTS = b"counts"
_FILES = pa.schema([("table", pa.string()), ("file", pa.large_binary())])


def write_parquet_parts(run: RunInfo, in_parts: RunParts, folder: Path, progress: Progress) -> dict[str, int]:
    """Write a run's five tables and its record; the folder appears whole or not at all.

    ``TABLE.parquet`` is a folder of files here, in whose order its rows are those of the one file that
    ``write_parquet`` writes; pandas, Arrow and Spark read it by the same name. The parts that are done are kept beside
    the folder until it is whole, so that the same call goes on after a stop.

    Args:
        run: its record.
        in_parts: its batches.
        folder: as for ``write_parquet``.
        progress: told how far it has come.

    Returns:
        Rows by table.

    Raises:
        InputError: the folder holds something else.
        GraphrecError: as for ``Engine.map``.
    """
    kept = KeptParts.beside(folder, in_parts.job(run.id, "parquet"))
    kept.complete(in_parts.engine, PartAsParquet(in_parts.make), in_parts.parts, progress, STEP)
    counts: Counter[str] = Counter(dict.fromkeys(TABLES, 0))
    with atomic_folder(folder, RUN) as draft:
        for name in TABLES:
            (draft / f"{name}.parquet").mkdir()
        for number, content in enumerate(_in_order(in_parts, kept)):
            files = pa.ipc.open_stream(content).read_all()
            counts.update(json.loads(files.schema.metadata[_COUNTS]))
            for name, file in zip(files["table"].to_pylist(), files["file"], strict=True):
                (draft / f"{name}.parquet" / f"part-{number:06d}.parquet").write_bytes(file.as_buffer())
        write_record(draft, with_counts(run, counts))
    kept.remove()
    return {name: counts[name] for name in TABLES}


def _in_order(in_parts: RunParts, kept: KeptParts) -> Iterator[bytes]:
    yield as_files(in_parts.before, whole=True)
    yield from kept.in_order(len(in_parts.parts))
    yield as_files(in_parts.after)


@dataclass(frozen=True)
class PartAsParquet:
    """Makes a part, and gives its tables as Parquet files.

    Attributes:
        make: as of ``RunParts``.
    """

    make: Callable[[range], Iterator[Explanations]]

    def __call__(self, part: range) -> bytes:
        """Return the files of a part."""
        return as_files(self.make(part))


def as_files(batches: Iterable[Explanations], *, whole: bool = False) -> bytes:
    """Return batches as Parquet files, one for each table with rows, in one Arrow stream with their numbers.

    Args:
        batches: of a run.
        whole: whether tables without rows become files, too.
    """
    passing = CountedBatches(batches)
    counts: Counter[str] = Counter()
    sinks = {name: pa.BufferOutputStream() for name in TABLES}
    with ExitStack() as stack:
        writers = {name: stack.enter_context(GatheredRows(sinks[name], schema)) for name, schema in TABLES.items()}
        for batch in passing:
            for name, writer in writers.items():
                table = getattr(batch, name)
                writer.add(table)
                counts[name] += table.num_rows
    filled = [name for name in TABLES if whole or counts[name]]
    files = pa.table([filled, [sinks[name].getvalue().to_pybytes() for name in filled]], schema=_FILES)
    said = {_COUNTS: json.dumps({**counts, **passing.counts}).encode()}
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, files.schema.with_metadata(said)) as stream:
        stream.write_table(files)
    content: bytes = sink.getvalue().to_pybytes()
    return content
