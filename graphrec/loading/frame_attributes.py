"""What is said of the attribute columns of data frames: separators, or what a mapping says of such a column."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from pydantic import ValidationError

from graphrec.errors import UsageError
from graphrec.loading.attributes import single_values
from graphrec.loading.frame_columns import Frame
from graphrec.loading.frame_rows import RowFilter
from graphrec.loading.mapped.kinds_in_rows import Place, by_kind
from graphrec.loading.mapped.lookups import Lookup
from graphrec.loading.mapped.sections import AttributeColumn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from graphrec.loading.attributes import Owner
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.loading.frame_rows import Rows


class FrameAttribute(NamedTuple):
    """A column of attributes, and the codes and values of its lookup, if it has one."""

    column: AttributeColumn
    lookup: Mapping[Any, Any] | FrameLike | None


def attribute_columns(
    owner: Owner, columns: Sequence[str] | Mapping[str, str | Mapping[str, Any]]
) -> dict[str, FrameAttribute]:
    """Return what is said of each column of attributes.

    Args:
        owner: of the attributes, for messages.
        columns: their names, or column to separator or to the words of a mapping (``separator``, ``kind``,
            ``kind_column``, ``list``), and ``lookup``, a dict or a frame of two columns, codes and values.

    Raises:
        UsageError: what is said of a column is none of these.
    """
    if isinstance(columns, str):
        columns = [columns]
    said = columns if isinstance(columns, Mapping) else dict.fromkeys(columns, "")
    return {column: _attribute(owner, column, words) for column, words in said.items()}


def attributes_in_rows(
    rows: Rows,
    ids: pa.ChunkedArray,
    attributes: Mapping[str, FrameAttribute],
    missing: tuple[str, ...],
    report: LoaderReport,
) -> Iterator[tuple[str, AttributeColumn, pa.Array, pa.Array]]:
    """Yield each kind of attribute with what is said of its column, ids and values, one pair per single value.

    Args:
        rows: of a frame.
        ids: of the owners, one per row.
        attributes: by the frame's columns.
        missing: values that mean that nothing is known.
        report: receives codes that a lookup does not have, and values without a kind.
    """
    for name, (column, given) in attributes.items():
        cells = rows.lists(name, column.list) if column.list else rows.text_lists(name, column.separator)
        places, values = single_values(cells, column.separator, missing)
        if given is not None:
            values = _lookup(name, given, report).translated(values, name, report)
        owners = ids.cast("string").combine_chunks().take(places)
        if not column.kind_column:
            yield column.kind or name, column, owners, values
            continue
        kinds = rows.texts(column.kind_column).cast("string").take(places)
        for kind, having, found in by_kind(kinds, owners, values, Place(rows.frame.name, column.kind_column), report):
            yield kind, column, having, found


def _attribute(owner: Owner, column: str, words: str | Mapping[str, Any]) -> FrameAttribute:
    try:
        said: dict[str, Any] = {"separator": words} if isinstance(words, str) else dict(words)
        lookup = said.pop("lookup", None)
        return FrameAttribute(AttributeColumn.model_validate(said), lookup)
    except (ValidationError, TypeError, ValueError) as error:
        fault = str(error)
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            entry = "".join(f"{part}: " for part in first["loc"][:1])
            fault = f"{entry}{first['msg'].removeprefix('Value error, ')}"
            if first["type"] == "extra_forbidden":
                near = get_close_matches(
                    str(first["loc"][0]), [*AttributeColumn.model_fields, "lookup"], n=1, cutoff=0.5
                )
                fault = f"{entry}is not known{f', did you mean {near[0]!r}?' if near else ''}"
        raise UsageError(
            f"{owner}_attributes cannot say {words!r:.80} of the column {column!r}: {fault}",
            remedy=f"Give a separator, or some of {', '.join(AttributeColumn.model_fields)}",
        ) from error


def _lookup(column: str, given: Mapping[Any, Any] | FrameLike, report: LoaderReport) -> Lookup:
    """Return the lookup of a column; its codes become texts as ids do."""
    if isinstance(given, Mapping):
        given = pd.DataFrame({"code": [*given], "value": [*given.values()]}, dtype=object)
    frame = Frame(given, f"lookup of {column}")
    if len(frame.own_columns) != 2:
        raise UsageError(
            f"the lookup of {column!r} has {len(frame.own_columns)} columns",
            remedy="Give a dict, or a frame of two columns: codes, and what they stand for",
        )
    code, value = frame.own_columns
    rows = RowFilter(frame)
    rows.ids(code)
    kept = rows.valid_rows(report, also=[value])
    return Lookup.of(column, kept.table.column(code).cast("string").combine_chunks(), kept.texts(value), report)
