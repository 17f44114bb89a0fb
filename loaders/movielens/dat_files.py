"""The ``.dat`` releases, 1M and 10M: ``::`` between columns, no header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.loading.age_bands import AGE_BANDS
from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.double_colon import read_double_colon
from graphrec.loading.layout import Layout

from .release import Release, rating_columns, renamed, with_year

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from graphrec.loading.contract import LoaderReport

AGES = dict(zip(("1", "18", "25", "35", "45", "50", "56"), AGE_BANDS, strict=True))
OCCUPATIONS = (
    "other", "academic or educator", "artist", "clerical or admin", "college or graduate student", "customer service",
    "doctor or health care", "executive or managerial", "farmer", "homemaker", "K-12 student", "lawyer", "programmer",
    "retired", "sales or marketing", "scientist", "self-employed", "technician or engineer", "tradesman or craftsman",
    "unemployed", "writer",
)  # fmt: skip
_JOBS = {str(number): name for number, name in enumerate(OCCUPATIONS)}


def read_dat_files(path: Path, report: LoaderReport) -> Release:
    """Read ratings.dat, movies.dat and, where it is (1M), users.dat; the texts may be UTF-8 or Latin-1."""
    ratings = read_delimited(path / "ratings.dat", rating_columns(), report, Layout("::", header=False, quoted=False))
    movies = read_double_colon(
        path / "movies.dat", [Column("item", "id", required=True), Column("title"), Column("genres")], report
    )
    users = _users(path / "users.dat", report) if (path / "users.dat").is_file() else None
    return Release(ratings, with_year(movies), users)


def _users(path: Path, report: LoaderReport) -> pa.Table:
    profile = [Column(name) for name in ("gender", "age", "occupation", "zip")]
    users = read_double_colon(path, [Column("user", "id", required=True), *profile], report)
    report.remarks.append("users.dat: the column zip is dropped")
    for name, names in (("age", AGES), ("occupation", _JOBS)):
        place = users.column_names.index(name)
        users = users.set_column(place, name, renamed(users.column(name), names))
    return users.drop_columns("zip")
