"""The table of mentions: what the reviews of one user on one item say of one feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

MENTIONS = pa.schema(
    [
        ("user", pa.string()),
        ("item", pa.string()),
        ("feature", pa.string()),
        ("sentiment", pa.float64()),
        ("count", pa.int64()),
    ]
)
"""One row for each user, item and feature: the mean sentiment from −1 to 1, and how many mentions it is the mean of."""

KEY = ("user", "item", "feature")


@dataclass(frozen=True)
class FeatureChoice:
    """Which candidates become features.

    Attributes:
        min_reviews: reviews that must speak of a feature; what only one or two name is rarely one.
        max_share: share of the reviews in which something is found that may speak of it; a word of nearly all reviews
            tells nothing apart.

    Raises:
        UsageError: a value is out of range.
    """

    min_reviews: int = 3
    max_share: float = 0.5

    def __post_init__(self) -> None:
        if self.min_reviews < 1:
            raise UsageError(f"min_reviews is {self.min_reviews}", remedy="Give a number from 1 on")
        if not 0 < self.max_share <= 1:
            raise UsageError(f"max_share is {self.max_share}", remedy="Give a share above 0, at most 1")

    def chosen(self, candidates: pa.Array, reviews: npt.NDArray[np.int64], speaking: int) -> pa.Array:
        """Return the candidates that become features.

        Args:
            candidates: strings.
            reviews: number of reviews that speak of each.
            speaking: number of reviews in which something was found.
        """
        is_feature = (reviews >= self.min_reviews) & (reviews <= self.max_share * speaking)
        return candidates.filter(pa.array(is_feature))


ALL = FeatureChoice(min_reviews=1, max_share=1.0)
"""Every candidate is a feature: those of a given vocabulary are."""


def merged(tables: Iterable[pa.Table]) -> pa.Table:
    """Return mentions with one row for each user, item and feature, in the order in which they first come.

    Counts add up, and the sentiment is the mean over all mentions.

    Args:
        tables: with the columns of ``MENTIONS``; texts may be dictionary-encoded.
    """
    encoded = [_encoded(table) for table in tables]
    if not encoded:
        return MENTIONS.empty_table()
    rows = pa.concat_tables(encoded).unify_dictionaries().combine_chunks()
    rows = rows.append_column("sum", pc.multiply(rows.column("sentiment"), rows.column("count").cast(pa.float64())))
    sums = rows.group_by(list(KEY), use_threads=False).aggregate(
        [("sum", "sum"), ("count", "sum"), ("sentiment", "min"), ("sentiment", "max")]
    )
    mean = pc.divide(sums.column("sum_sum"), sums.column("count_sum").cast(pa.float64()))
    least, most = sums.column("sentiment_min"), sums.column("sentiment_max")
    bounded = pc.max_element_wise(pc.min_element_wise(mean, most), least)  # rounding leaves one value as it is
    columns = [sums.column(name).cast(pa.string()) for name in KEY]
    return pa.table([*columns, bounded, sums.column("count_sum")], schema=MENTIONS).combine_chunks()


def _encoded(table: pa.Table) -> pa.Table:
    columns = {}
    for name in KEY:
        column = table.column(name)
        if not pa.types.is_dictionary(column.type):
            column = column.cast(pa.string()).dictionary_encode()
        columns[name] = column.cast(pa.dictionary(pa.int32(), pa.string()))
    return pa.table({**columns, "sentiment": table.column("sentiment"), "count": table.column("count")})
