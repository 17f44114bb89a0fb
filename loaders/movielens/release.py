"""What every release of MovieLens comes to, whatever its files look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

GENDERS = {"F": "female", "M": "male"}


@dataclass(frozen=True)
class Release:
    """The tables of a release.

    Attributes:
        ratings: user, item, rating, timestamp; a timestamp of 0 is unknown.
        movies: item, title, genres (separated by ``|``), year.
        users: user, age (a band), gender, occupation; None where the release says nothing of its users.
        size: part of the data set's id, such as ``100k``; by default the number of ratings says it.
    """

    ratings: pa.Table
    movies: pa.Table
    users: pa.Table | None = None
    size: str = ""

    @property
    def movie_ids(self) -> pa.Array:
        """The ids of the movies as strings."""
        return self.movies.column("item").cast(pa.string()).combine_chunks()

    @property
    def size_name(self) -> str:
        """What tells this release from others in the data set's id: ``100k``, ``small``, ``1m`` or ``25m``."""
        millions = self.ratings.num_rows / 1e6
        return self.size or ("small" if millions < 0.9 else f"{millions:.0f}m")


def rating_columns(user: str = "user", item: str = "item") -> list[Column]:
    """Return the columns of every release's file of ratings, by what users and items are called there."""
    return [
        Column(user, "id", required=True),
        Column(item, "id", required=True),
        Column("rating", "number", required=True, minimum=0),
        Column("timestamp", "time", unit="s"),
    ]


def with_year(movies: pa.Table) -> pa.Table:
    """Add the year that stands in brackets at the end of a title."""
    years = pc.struct_field(pc.extract_regex(movies.column("title"), r"\((?P<year>\d{4})\)\s*$"), "year")
    return movies.append_column("year", years.cast(pa.int64()))


def renamed(codes: pa.ChunkedArray, names: Mapping[str, str]) -> pa.Array:
    """Return a text for each code; a code that has none stays."""
    plain = codes.cast(pa.string()).combine_chunks().dictionary_encode()
    texts = pa.array([names.get(code, code) for code in plain.dictionary.to_pylist()], pa.string())
    return texts.take(plain.indices)
