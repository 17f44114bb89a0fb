"""A frame of mentions of features, by the roles of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.loading.mention_columns import count_column, sentiment_column, with_defaults
from graphrec.reviews.mentions import MENTIONS

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.frame_rows import RowFilter


def read_mentions(
    rows: RowFilter, user: str, item: str, feature: str, sentiment: str | None, count: str | None, report: LoaderReport
) -> pa.Table:
    """Return mentions as ``graphrec.reviews.mentions.MENTIONS`` has them; add an account of all rows.

    Args:
        rows: of the frame.
        user: its column of users.
        item: its column of items.
        feature: its column of names.
        sentiment: its column of numbers from −1 to 1; None for 0 each.
        count: its column of how often; None for 1 each.
        report: receives the account.

    Raises:
        InputError: a column does not exist or cannot be what it must be, or no row can be used.
    """
    rows.ids(user, item)
    rows.texts(feature)
    if sentiment is not None:
        rows.numbers(sentiment_column(sentiment))
    if count is not None:
        rows.numbers(count_column(count))
    table = rows.valid_rows(report).table
    names = zip(MENTIONS.names, (user, item, feature, sentiment, count), strict=True)
    return with_defaults(pa.table({name: table.column(column) for name, column in names if column is not None}))
