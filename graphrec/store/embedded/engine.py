"""A thin hold on the engine: open a database file, run statements, stream results, speak of failures plainly."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, getrlimit
from typing import TYPE_CHECKING, Any

import ladybug

from graphrec.errors import StoreError, UsageError
from graphrec.schema.ladybug import ddl, literal, quote
from graphrec.store.embedded.address_space import shortage, sizes
from graphrec.store.embedded.folder import FULL, TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa
    from typing_extensions import Self

    from graphrec.schema.elements import EdgeKind, GraphSchema

BATCH_ROWS = 1 << 18

_FULL = re.compile(r"No space left on device|Disk quota exceeded")
_WRITTEN = re.compile(r"numBytesToWrite: (\d+) numBytesWritten: (\d+)")
_REFUSED = re.compile(
    r"Parser exception|Binder exception|Query is empty|Parameter .* not found|Conversion exception"
    r"|vector with ANY type",
    re.IGNORECASE,
)


class Engine:
    """An open database.

    Args:
        path: the database file; made if it is not there and the database is not read-only. Empty for one in memory.
        read_only: whether statements that write are refused.

    Raises:
        StoreError: the database cannot be opened, or needs more address space than the process may use.
    """

    def __init__(self, path: Path | str, *, read_only: bool = False) -> None:
        self._path = str(path)
        largest, pool = sizes(self._path, read_only=read_only)
        with self._failures():
            # Left to itself the engine writes a checkpoint after every COPY; one at the end does.
            self._database = ladybug.Database(
                self._path,
                read_only=read_only,
                max_db_size=largest,
                buffer_pool_size=pool,
                auto_checkpoint=False,
            )
            self._connection = ladybug.Connection(self._database)

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> ladybug.QueryResult:
        """Run one statement.

        Raises:
            UsageError: the statement is not understood, or writes where only reading is possible.
            StoreError: the engine failed at it.
        """
        with self._failures():
            result = self._connection.execute(text, dict(parameters or {}))
        if isinstance(result, list):
            raise UsageError(f"{len(result)} statements were given where one is run", remedy="Run them one by one")
        return result

    def create(self, schema: GraphSchema) -> None:
        """Create the empty tables of a schema."""
        for statement in ("BEGIN TRANSACTION", *ddl(schema), "COMMIT"):
            self.run(statement).close()

    def only_read(self) -> None:
        """Refuse statements that write from now on: for a database in memory, which cannot be opened read-only."""
        self.run("BEGIN TRANSACTION READ ONLY").close()

    def copy_nodes(self, label: str, table: pa.Table) -> None:
        """Append nodes; the columns are the label's, in the schema's order."""
        if table.num_rows:
            # The engine crashes when the same table object comes a third time, and lets no table go: a fresh view.
            self.run(f"COPY {quote(label)} FROM $rows", {"rows": table.slice(0)}).close()

    def copy_edges(self, kind: EdgeKind, table: pa.Table) -> None:
        """Append edges; the columns are ``from``, ``to``, and the type's, in the schema's order."""
        if table.num_rows:
            self.run(f"COPY {quote(kind.type)} FROM $rows {_ends(kind)}", {"rows": table.slice(0)}).close()

    def copy_files(self, label: str, kind: EdgeKind | None, paths: Sequence[Path]) -> None:
        """Append the rows of Parquet files: nodes of ``label``, or edges where there is a ``kind``.

        This is the way for anything large: the engine does not let go of the memory of an Arrow table. Files of one
        kind come together, because appending to edges that are there rewrites them.
        """
        with _without_wildcards(paths) as plain:
            files = f"[{', '.join(literal(str(path)) for path in plain)}]"
            self.run(
                f"COPY {quote(kind.type)} FROM {files} {_ends(kind)}" if kind else f"COPY {quote(label)} FROM {files}"
            ).close()

    def arrow(self, text: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Run one statement and return its rows as Arrow, in chunks of ``BATCH_ROWS``."""
        result = self.run(text, parameters)
        with self._failures():
            table = result.get_as_arrow(BATCH_ROWS)
        result.close()
        return table

    def scalar(self, text: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the first value of the first row, None where there is no row."""
        result = self.run(text, parameters)
        with self._failures():
            row: list[Any] = list(result.get_next()) if result.has_next() else [None]
        result.close()
        return row[0]

    def checkpoint(self) -> None:
        """Write all that was committed into the file."""
        self.run("CHECKPOINT").close()

    def close(self) -> None:
        """Write what is pending into the file and let go of it; harmless to repeat."""
        with self._failures():
            self._connection.close()
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, MemoryError) as error:
            message = " ".join(str(error).split()) or "std::bad_alloc"
            lacking = shortage(message, self._path)
            if lacking is not None:
                raise lacking from error
            cut = _is_cut(message)
            if "File too large" in message or (cut and getrlimit(RLIMIT_FSIZE)[0] != RLIM_INFINITY):
                raise StoreError(TOO_LARGE[0], where=self._path, remedy=TOO_LARGE[1]) from error
            if cut or _FULL.search(message):
                raise StoreError("the disk is full", where=self._path, remedy=FULL) from error
            if "read-only database" in message or "read-only transaction" in message:
                raise UsageError(
                    "a query only reads; this one writes",
                    where=self._path,
                    remedy="Change the store through load, write_run, use_run, delete_runs or forget",
                ) from error
            if _REFUSED.search(message):
                raise UsageError(f"the query was not understood: {message}", remedy="Mend the Cypher text") from error
            raise StoreError(
                f"the embedded database failed: {message}",
                where=self._path,
                remedy="Run: graphrec check; if it finds damage: graphrec rebuild",
            ) from error


def _is_cut(message: str) -> bool:
    """Return whether the system took a part of what was written, which gives no reason: there was room for no more."""
    found = _WRITTEN.search(message)
    return found is not None and 0 < int(found[2]) < int(found[1])


def _ends(kind: EdgeKind) -> str:
    return f"(from='{kind.source}', to='{kind.target}')"


@contextmanager
def _without_wildcards(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Give paths to the same files in which the engine sees no pattern."""
    if not any(set(str(path)) & set("*?[]{}") for path in paths):
        yield paths
        return
    with tempfile.TemporaryDirectory(prefix="graphrec-") as folder:
        links = [Path(folder) / f"{number}.parquet" for number in range(len(paths))]
        for link, path in zip(links, paths, strict=True):
            link.symlink_to(path)
        yield links
