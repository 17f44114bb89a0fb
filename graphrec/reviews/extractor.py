"""The protocol of what finds features in texts, and the table that it returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

FOUND = pa.schema([("text", pa.int32()), ("feature", pa.string()), ("sentiment", pa.float64()), ("count", pa.int64())])
"""What is found in texts: one row for each text and feature, with the mean sentiment and the number of mentions."""


class Extractor(Protocol):
    """Finds what texts say of features. It is sent to other processes."""

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        """All that its answers depend on; parts that were extracted by another are not taken for its own."""
        ...

    def extract(self, texts: Sequence[str]) -> pa.Table:
        """Return what is found in texts, as ``FOUND``; ``text`` is the position in ``texts``, and rows ascend by it.

        What it says of a text does not depend on the other texts.
        """
        ...


def found_table(text: npt.NDArray[np.int64], features: pa.Array, sentiment: npt.NDArray[np.int8]) -> pa.Table:
    """Return mentions one by one as a table with one row for each text and feature.

    Args:
        text: [n], number of the text of each mention.
        features: [n], strings.
        sentiment: [n], of each mention, −1 to 1.
    """
    encoded = features.dictionary_encode()
    width = max(len(encoded.dictionary), 1)
    keys = text * width + np.asarray(encoded.indices).astype(np.int64)
    pairs, rows, count = np.unique(keys, return_inverse=True, return_counts=True)
    sums = np.bincount(rows, weights=sentiment, minlength=len(pairs))
    columns = [
        pa.array((pairs // width).astype(np.int32)),
        encoded.dictionary.take(pa.array(pairs % width)).cast(pa.string()),
        pa.array(sums / np.maximum(count, 1)),
        pa.array(count.astype(np.int64)),
    ]
    return pa.table(columns, schema=FOUND)
