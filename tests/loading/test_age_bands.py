from __future__ import annotations

import pyarrow as pa

from graphrec.loading.age_bands import AGE_BANDS, age_bands


def test_every_edge_of_every_band() -> None:
    years = [0, 17, 18, 24, 25, 34, 35, 44, 45, 49, 50, 55, 56, 99]
    assert age_bands(pa.array(years)).to_pylist() == [band for band in AGE_BANDS for _ in range(2)]


def test_an_unknown_age_has_no_band_and_chunks_do_not_matter() -> None:
    assert age_bands(pa.chunked_array([[None, 18], [None]], pa.int64())).to_pylist() == [None, "18-24", None]
    assert age_bands(pa.array([], pa.int64())).to_pylist() == []
