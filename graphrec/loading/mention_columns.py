"""The columns of mentions: their bounds, and what holds where one is not given."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column

MOST_MENTIONS = 2**31 - 1
"""The largest number of mentions: models compute with whole numbers of 32 bits."""


def sentiment_column(name: str, *, required: bool = False, missing: tuple[str, ...] = ()) -> Column:
    """Return a column of sentiments, from −1 to 1; a row with another is skipped, since its scale is not known."""
    return Column(name, "number", required=required, minimum=-1, maximum=1, missing=missing)


def count_column(name: str, *, missing: tuple[str, ...] = ()) -> Column:
    """Return a column of numbers of mentions, from 1 on."""
    return Column(name, "integer", minimum=1, maximum=MOST_MENTIONS, missing=missing)


def with_defaults(table: pa.Table) -> pa.Table:
    """Return mentions with a sentiment, 0 where there is none, and a count, 1 where there is none."""
    n = table.num_rows
    sentiment = table.column("sentiment") if "sentiment" in table.column_names else pa.nulls(n, pa.float64())
    count = table.column("count") if "count" in table.column_names else pa.nulls(n, pa.int64())
    return pa.table(
        {
            **{name: table.column(name).cast(pa.string()) for name in ("user", "item", "feature")},
            "sentiment": pc.fill_null(sentiment, 0.0),
            "count": pc.fill_null(count, 1),
        }
    )
