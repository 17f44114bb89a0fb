"""The 100K release: ``u.data``, ``u.item``, ``u.user``, ``u.genre``, written as no later one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.age_bands import age_bands
from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import encoding_of, require_file
from graphrec.loading.layout import Layout
from graphrec.wording import counted

from .release import Release, rating_columns, with_year

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

GENRES = (
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
    "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
)  # fmt: skip
"""The genres of ``u.genre`` in its order, which is that of the flags in ``u.item``."""

_TAB = Layout("\t", header=False, quoted=False)
_BAR = Layout("|", header=False, quoted=False)


def read_hundred_k(path: Path, report: LoaderReport) -> Release:
    """Read the folder of the 100K release.

    Raises:
        InputError: a file is absent or unusable, or ``u.genre`` does not number its genres from 0.
    """
    ratings = read_delimited(path / "u.data", rating_columns(), report, _TAB)
    users = _users(path / "u.user", report) if (path / "u.user").is_file() else None
    return Release(ratings, _movies(path, report), users, size="100k")


def _movies(path: Path, report: LoaderReport) -> pa.Table:
    genres = _genres(path / "u.genre", report)
    flags = [f"genre {genre}" for genre in genres]
    columns = [
        Column("item", "id", required=True),
        *(Column(name) for name in ("title", "release date", "video release date", "IMDb URL")),
        *(Column(flag, "boolean") for flag in flags),
    ]
    file = require_file(path / "u.item")
    layout = Layout("|", header=False, quoted=False, encoding=encoding_of(file, "utf-8", "latin-1"))
    table = read_delimited(file, columns, report, layout)
    movies = with_year(table.select(["item", "title"]))
    released = pc.struct_field(pc.extract_regex(table.column("release date"), r"-(?P<year>\d{4})$"), "year")
    years = pc.coalesce(movies.column("year"), released.cast(pa.int64()))
    marks = [
        pc.if_else(pc.fill_null(table.column(flag), False), f"{genre}|", "")
        for flag, genre in zip(flags, genres, strict=True)
        if genre != "unknown"
    ]
    joined = pc.binary_join_element_wise(*marks, "")
    report.remarks.append("u.item: the columns video release date and IMDb URL are dropped")
    n_unknown = pc.sum(table.column("genre unknown")).as_py() if "unknown" in genres else 0
    if n_unknown:
        report.remarks.append(f"u.item: the genre unknown of {counted(n_unknown, 'movie')} is left out")
    return movies.set_column(2, "year", years).append_column("genres", joined)


def _genres(path: Path, report: LoaderReport) -> tuple[str, ...]:
    """Return the genres in the order of the flags."""
    if not path.is_file():
        return GENRES
    columns = [Column("genre", required=True), Column("number", "integer", required=True)]
    table = read_delimited(path, columns, report, _BAR)
    numbers = np.asarray(table.column("number"))
    names = table.column("genre").take(pa.array(np.argsort(numbers, kind="stable"))).to_pylist()
    if not np.array_equal(np.sort(numbers), np.arange(len(numbers))) or len(set(names)) < len(names):
        raise InputError(
            f"{len(names)} genres are not numbered from 0 to {len(names) - 1}, each once",
            where=str(path),
            remedy="Fetch it again, or take it away: the genres of the release are known",
        )
    return tuple(names)


def _users(path: Path, report: LoaderReport) -> pa.Table:
    columns = [
        Column("user", "id", required=True),
        Column("age", "integer"),
        *(Column(name) for name in ("gender", "occupation", "zip")),
    ]
    users = read_delimited(path, columns, report, _BAR)
    report.remarks.append("u.user: ages become bands, and the column zip is dropped")
    return users.drop_columns("zip").set_column(1, "age", age_bands(users.column("age")))
