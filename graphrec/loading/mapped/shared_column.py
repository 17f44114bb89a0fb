"""A typed property from a column that was read as text, because it has another meaning too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.checked_rows import valid_rows
from graphrec.loading.columns import ARROW_KINDS, Column
from graphrec.loading.contract import FileReport
from graphrec.loading.interactions import encoded
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport

_PLACE = "\0place"
_WORDS = {"number": "a number", "integer": "a whole number", "boolean": "true or false"}


def typed_property(texts: pa.ChunkedArray | pa.Array, column: Column, report: LoaderReport) -> pa.Array:
    """Return texts as values of the column's kind, null where one is empty or cannot be read.

    Args:
        texts: one per row.
        column: what they shall become.
        report: receives the number of texts that cannot be read.
    """
    codes = encoded(texts)
    different = codes.dictionary
    place = pa.array(np.arange(len(different)))
    readable = valid_rows(
        pa.table({column.name: different}), [column], np.asarray(place), FileReport(""), keep={_PLACE: place}
    )
    values = readable.column(column.name).combine_chunks().cast(ARROW_KINDS[column.kind])
    values = values.take(pc.index_in(place, value_set=readable.column(_PLACE).combine_chunks()))
    filled = pc.and_(different.is_valid(), pc.not_equal(pc.utf8_trim_whitespace(different), ""))
    unread = pc.fill_null(pc.and_(filled, values.is_null()), False)
    n_unread = int(np.asarray(unread)[np.asarray(codes.indices.drop_null())].sum()) if len(different) else 0
    if n_unread:
        example = different.filter(unread)[0].as_py()
        told = (
            f"{counted(n_unread, 'value')} of {column.name!r}, such as {example[:60]!r}, cannot be read as "
            f"{_WORDS[column.kind]} and became null"
        )
        if told not in report.remarks:  # a property that is binned too is read twice
            report.remarks.append(told)
    return values.take(codes.indices)
