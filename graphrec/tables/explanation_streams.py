"""Batches of explanations as bytes, and back: Arrow streams one after the other, five for each batch.

Values, types and dictionaries come back as they were, so that whoever takes the batches sees no difference.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.tables.explanations import Explanations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMES = tuple(field.name for field in fields(Explanations))
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


def to_bytes(batches: Iterable[Explanations]) -> bytes:
    """Return batches as bytes."""
    sink = pa.BufferOutputStream()
    for batch in batches:
        for name in _NAMES:
            table = getattr(batch, name)
            with pa.ipc.new_stream(sink, table.schema, options=_OPTIONS) as stream:
                stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_bytes(content: bytes) -> Iterator[Explanations]:
    """Yield the batches that ``to_bytes`` was given."""
    source = pa.BufferReader(content)
    while source.tell() < len(content):
        yield Explanations(**{name: pa.ipc.open_stream(source).read_all() for name in _NAMES})
