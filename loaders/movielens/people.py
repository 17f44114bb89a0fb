"""Who made a movie, from files that are not the owner's: ``movies_extra.dat``, ``movie_attributes.csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.double_colon import read_double_colon
from graphrec.loading.matching import remark_on_matches

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.attributes import AttributeTables
    from graphrec.loading.contract import LoaderReport


def has_people(path: Path) -> bool:
    """Return whether a folder has a file of people."""
    return any((path / name).is_file() for name in ("movies_extra.dat", "movie_attributes.csv"))


def add_people(
    path: Path, movie_ids: pa.Array, attributes: AttributeTables, report: LoaderReport, *, keywords: bool
) -> None:
    """Add directors, writers and actors of the movies that this release has."""
    csv, dat = path / "movie_attributes.csv", path / "movies_extra.dat"
    if csv.is_file():
        named = {"directors": "director", "actors": "actor", **({"keywords": "keyword"} if keywords else {})}
        columns = [Column("movieId", "id", required=True), *(Column(name) for name in named)]
        people = read_delimited(csv, columns, report)
        people, kinds, separator = people.rename_columns(["item", *named.values()]), list(named.values()), "|"
    else:
        kinds, separator = ["director", "writer", "actor"], ", "
        texts = ("title", "year", "rated", "released", "genres", *kinds, "plot", "poster")
        columns = [Column("item", "id", required=True), *(Column(name) for name in texts)]
        people = read_double_colon(dat, columns, report)
        report.remarks.append("movies_extra.dat: the columns rated, released, genres, plot and poster are dropped")
    remark_on_matches(report, (csv if csv.is_file() else dat).name, people.column("item"), movie_ids, "the movies")
    people = people.filter(pc.is_in(people.column("item").cast(pa.string()), value_set=movie_ids))
    for kind in kinds:
        values = pc.replace_substring_regex(people.column(kind), r"\s*\([^)]*\)", "")  # a writer's role
        values = pc.if_else(pc.equal(values, "N/A"), "", values)
        attributes.add("item", kind, people.column("item"), values, separator=separator)
