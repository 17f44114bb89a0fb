"""The columns of mentions, with what holds where one is not given."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def with_defaults(table: pa.Table) -> pa.Table:
    """Return mentions with a sentiment, 0 where there is none and at most 1, and a count, 1 where there is none."""
    n = table.num_rows
    sentiment = table.column("sentiment") if "sentiment" in table.column_names else pa.nulls(n, pa.float64())
    count = table.column("count") if "count" in table.column_names else pa.nulls(n, pa.int64())
    return pa.table(
        {
            **{name: table.column(name).cast(pa.string()) for name in ("user", "item", "feature")},
            "sentiment": pc.min_element_wise(pc.fill_null(sentiment, 0.0), 1.0),
            "count": pc.fill_null(count, 1),
        }
    )
