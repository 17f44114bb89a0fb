"""The CSV releases: small, 20M, 25M, 32M, latest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.missing import null_for_empty
from graphrec.schema.elements import Property, PropertyType

from .release import Release, rating_columns, with_year

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

LINKS = (
    Property("imdb", PropertyType.STRING, "id of the movie at imdb.com/title"),
    Property("tmdb", PropertyType.STRING, "id of the movie at themoviedb.org/movie"),
)
"""Properties of movies that ``links.csv`` gives."""


def read_csv_files(path: Path, report: LoaderReport) -> Release:
    """Read ratings.csv and movies.csv."""
    ratings = read_delimited(path / "ratings.csv", rating_columns("userId", "movieId"), report).rename_columns(
        ["user", "item", "rating", "timestamp"]
    )
    movies = read_delimited(
        path / "movies.csv", [Column("movieId", "id", required=True), Column("title"), Column("genres")], report
    ).rename_columns(["item", "title", "genres"])
    return Release(ratings, with_year(movies))


def read_links(path: Path, movie_ids: pa.Array, report: LoaderReport) -> dict[str, pa.Array]:
    """Read links.csv; return the properties ``LINKS``, one value for each movie, null where there is none."""
    columns = [Column("movieId", "id", required=True), Column("imdbId"), Column("tmdbId")]
    links = read_delimited(path, columns, report)
    remark_on_matches(report, path.name, links.column("movieId"), movie_ids, "the movies")
    place = pc.index_in(movie_ids, value_set=links.column("movieId").cast(pa.string()).combine_chunks())
    imdb, tmdb = (null_for_empty(links.column(name).combine_chunks().take(place)) for name in ("imdbId", "tmdbId"))
    return {"imdb": pc.binary_join_element_wise("tt", imdb, ""), "tmdb": tmdb}
