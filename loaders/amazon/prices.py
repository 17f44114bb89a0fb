"""Prices: amounts out of texts, and bands that become attributes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

PRICE_EDGES = (10, 25, 50, 100, 250)
_AMOUNT = r"^\s*\$\s*(?P<amount>\d{1,3}(?:,\d{3})*(?:\.\d+)?|\d+(?:\.\d+)?)\s*$"


def amounts(texts: pa.ChunkedArray, path: Path, report: LoaderReport) -> pa.ChunkedArray:
    """Return US dollars of texts such as ``$1,234.50``; null for other ones, which are counted.

    A range, ``$9.99 - $19.99``, is no single price, and some texts are parts of the page.

    Args:
        texts: one for each product, empty where there is none.
        path: of the file.
        report: receives a remark.
    """
    found = pc.struct_field(pc.extract_regex(texts, _AMOUNT), "amount")
    prices = pc.replace_substring(found, ",", "").cast(pa.float64())
    other = pc.and_(pc.not_equal(pc.utf8_trim_whitespace(texts), ""), pc.is_null(prices))
    number = pc.sum(other).as_py() or 0
    if number:
        example = texts.filter(other)[0].as_py().strip()
        report.remarks.append(
            f"{path.name}: {number:,} of {len(texts):,} prices are no single amount, such as {example[:40]!r}, "
            "and left empty"
        )
    return prices


def price_bands(prices: pa.ChunkedArray) -> pa.Array:
    """Return ``under 10``, ``10-25``, … ``250 and more`` for prices, empty for unknown ones."""
    edges = PRICE_EDGES
    words = [
        f"under {edges[0]}",
        *(f"{a}-{b}" for a, b in pairwise(edges)),
        f"{edges[-1]} and more",
    ]
    dollars = np.asarray(pc.fill_null(prices, -1.0))
    place = np.where(dollars < 0, 0, np.searchsorted(edges, dollars, side="right") + 1)
    return pa.array(["", *words], pa.string()).take(pa.array(place))
