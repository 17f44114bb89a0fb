"""Amazon 2014 reviews (JSON lines) with optional metadata, and folders of features extracted from reviews.

graphrec load amazon reviews_Beauty_5.json.gz --option metadata=meta_Beauty.json.gz --option features=extract
graphrec load amazon reviews_Beauty_5.json.gz --option mentions=mentions.parquet
graphrec load amazon folder-with-positives.csv-and-user_feature.csv/ --option metadata=meta.json --option genres=g.csv
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError, UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables, exploded
from graphrec.loading.co_purchase import CO_PURCHASED
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.features import feature_profiles
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.json_lines import read_json_lines
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.nodes import node_table
from graphrec.loading.review_features import check_feature_options, given_mentions, review_features
from graphrec.loading.review_texts import ReviewColumns
from graphrec.loading.undirected import undirected
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded
    from graphrec.schema.elements import EdgeKind

TEXTS = ReviewColumns("reviewerID", "asin", "reviewText")
RELATIONS = ("also_bought", "also_viewed", "bought_together")
PRICE_EDGES = (10, 25, 50, 100, 250)
_NOBODY = pa.array([], pa.string())
_DESCRIBED = pa.table({"asin": _NOBODY, "title": _NOBODY})
"""Descriptions of no product."""


def load(
    path: Path | str,
    *,
    metadata: str = "",
    genres: str = "",
    features: str = "",
    match: str = "given",
    mentions: str = "",
    co_purchases: int = 0,
    id_prefix: str = "",
) -> Loaded:
    """Load Amazon reviews, or features that were extracted from them.

    Args:
        path: a file of reviews (reviewerID, asin, overall, unixReviewTime), a folder with one such file
            (reviews_….json.gz), or a folder with positives.csv.
        metadata: a file of product metadata: titles, brands, categories, prices, also_bought and the like; or a CSV
            with asin, title, year, genre.
        genres: a CSV with asin, title, year, genre, beside a file of metadata.
        features: beside a file of reviews: extract, to find features in the texts, or a folder with user_feature.csv,
            whose profiles are attributed to the reviews that name their features.
        match: of a folder of features: given takes only the features of each user's profile, vocabulary every feature
            in every review.
        mentions: a file of mentions that were extracted before, as graphrec reviews writes it, or Sentires or Cornac.
        co_purchases: count pairs of products that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable.
        UsageError: options contradict each other.
        MissingExtraError: features are to be extracted, and the extra ``reviews`` is not installed.
    """
    path, report = _source(Path(path)), LoaderReport()
    from_features = path.is_dir()
    check_feature_options(features, mentions, match)
    if from_features and features:
        raise UsageError("a folder with positives.csv has its features in it", remedy="Leave features out")
    edges, names = _positives(path, report) if from_features else _reviews(path, report, with_text=bool(features))
    items = edges.column("to").combine_chunks().dictionary
    attributes, extra, described = AttributeTables(), [], _DESCRIBED
    for file in (Path(name) for name in (metadata, genres) if name):
        about = _metadata(file, report)
        remark_on_matches(report, file.name, about.column("asin"), items, "the reviews")
        about = about.filter(pc.is_in(about.column("asin").cast(pa.string()), value_set=items))
        extra.append(GraphTables({}, _related(about, items, report)))
        _add_attributes(about, attributes)
        described = _also_described(described, about)
    properties = {"price": described.column("price")} if "price" in described.column_names else {}
    ids, titles = described.column("asin"), described.column("title")
    nodes = {
        "User": node_table(names.column("id"), names.column("name"), edges.column("from"), report, label="User"),
        "Item": node_table(ids, titles, edges.column("to"), report, label="Item", properties=properties),
    }
    parts = [GraphTables(nodes, {INTERACTED: edges}), attributes.tables(), *extra]
    if mentions:
        parts.append(given_mentions(Path(mentions), edges, report))
    elif from_features:
        parts.append(feature_profiles(path, nodes["User"].column("id"), nodes["Item"].column("id"), report))
    elif features:
        parts.append(review_features(path, TEXTS, features, match, edges, report))
    info = _info(path, split="split" in edges.column_names, price=bool(properties))
    return assemble(parts, info, report, id_prefix=id_prefix, co_purchases=co_purchases)


def _source(path: Path) -> Path:
    """Return a folder with positives.csv as it is, the only file of reviews of another one, and a file itself."""
    if not path.is_dir() or (path / "positives.csv").is_file():
        return path
    files = sorted(file for file in path.glob("reviews_*.json*") if file.is_file())
    if len(files) == 1:
        return files[0]
    what = f"there are {len(files)} files of reviews" if files else "there is no positives.csv and no reviews_….json.gz"
    raise InputError(what, where=str(path), remedy="Name the file of reviews itself")


def _reviews(path: Path, report: LoaderReport, *, with_text: bool) -> tuple[pa.Table, pa.Table]:
    """Return interactions, and the names of reviewers."""
    columns = [
        Column("reviewerID", "id", required=True),
        Column("asin", "id", required=True),
        Column("overall", "number", required=True, minimum=0),
        Column("unixReviewTime", "time", unit="s"),
        Column("reviewerName"),
    ]
    reviews = read_json_lines(path, columns, report, read_apart=[TEXTS.text] if with_text else ())
    edges = interactions(
        reviews.column("reviewerID"),
        reviews.column("asin"),
        report,
        rating=reviews.column("overall"),
        timestamp=reviews.column("unixReviewTime"),
    )
    users = pa.table({"id": reviews.column("reviewerID").cast(pa.string()), "name": reviews.column("reviewerName")})
    return edges, users.group_by("id", use_threads=False).aggregate([("name", "max")]).rename_columns(["id", "name"])


def _positives(path: Path, report: LoaderReport) -> tuple[pa.Table, pa.Table]:
    """Return interactions without ratings; which part of the given split each is in stays a property."""
    columns = [Column("user", "id", required=True), Column("item", "id", required=True), Column("split")]
    taken = read_delimited(path / "positives.csv", columns, report)
    edges = interactions(
        taken.column("user"), taken.column("item"), report, properties={"split": taken.column("split")}
    )
    return edges, pa.table({"id": _NOBODY, "name": _NOBODY})


def _metadata(path: Path, report: LoaderReport) -> pa.Table:
    if path.suffix == ".csv":
        columns = [Column("asin", "id", required=True), Column("title"), Column("year"), Column("genre")]
        return read_delimited(path, columns, report)
    columns = [Column("asin", "id", required=True), Column("title"), Column("brand"), Column("price", "number")]
    lists = {"categories": 2, **{f"related.{relation}": 1 for relation in RELATIONS}}
    return read_json_lines(path, columns, report, lists=lists)


def _also_described(described: pa.Table, about: pa.Table) -> pa.Table:
    """Return descriptions with those of a further file: its other products, and its titles where there was none."""
    columns = [name for name in ("asin", "title", "price") if name in about.column_names]
    more = pa.table({name: about.column(name) for name in columns})
    more = more.set_column(0, "asin", more.column("asin").cast(pa.string()))
    more = more.set_column(1, "title", more.column("title").cast(pa.string()))
    if not described.num_rows:
        return more
    known, titles = described.column("asin").combine_chunks(), described.column("title")
    theirs = more.column("title").take(pc.index_in(known, value_set=more.column("asin").combine_chunks()))
    has_title = pc.greater(pc.utf8_length(pc.fill_null(titles, "")), 0)
    described = described.set_column(1, "title", pc.if_else(has_title, titles, theirs))
    others = more.filter(pc.invert(pc.is_in(more.column("asin"), value_set=known)))
    return pa.concat_tables([described, others], promote_options="default")


def _add_attributes(about: pa.Table, attributes: AttributeTables) -> None:
    asin = about.column("asin")
    for kind, column in (("brand", "brand"), ("category", "categories"), ("genre", "genre"), ("year", "year")):
        if column in about.column_names:
            attributes.add("item", kind, asin, about.column(column))
    if "price" in about.column_names:
        attributes.add("item", "price", asin, price_bands(about.column("price")))


def price_bands(prices: pa.ChunkedArray) -> pa.Array:
    """Return ``under 10``, ``10-25``, … ``250 and more`` for prices, empty for unknown ones."""
    edges = PRICE_EDGES
    words = [
        f"under {edges[0]}",
        *(f"{a}-{b}" for a, b in pairwise(edges)),
        f"{edges[-1]} and more",
    ]
    amounts = np.asarray(pc.fill_null(prices, -1.0))
    place = np.where(amounts < 0, 0, np.searchsorted(edges, amounts, side="right") + 1)
    return pa.array(["", *words], pa.string()).take(pa.array(place))


def _related(about: pa.Table, items: pa.Array, report: LoaderReport) -> dict[EdgeKind, pa.Table]:
    """Return the shop's links between products that have interactions, such as “also bought”."""
    tables = []
    for relation in RELATIONS:
        if f"related.{relation}" not in about.column_names:
            continue
        first, second = exploded(about.column("asin"), about.column(f"related.{relation}"))
        inside = pc.is_in(second, value_set=items)
        report.remarks.append(
            f"{relation}: {pc.sum(inside).as_py() or 0} of {len(second)} lead to a product that is here"
        )
        pairs = undirected(first.filter(inside), second.filter(inside))
        n = pairs.num_rows
        tables.append(
            pairs.append_column("count", pa.nulls(n, pa.int64())).append_column("source", pa.repeat(relation, n))
        )
    tables = [table for table in tables if table.num_rows]
    return {CO_PURCHASED: pa.concat_tables(tables)} if tables else {}


def _info(path: Path, *, split: bool, price: bool) -> DatasetInfo:
    words = re.sub(r"^reviews_|(_5)?\.jsonl?(\.gz)?$", "", path.resolve().name).replace("_", " ").replace("-", " ")
    name = f"Amazon {words.title()}" + (" with features" if split else "")
    declared: dict[str, tuple[Property, ...]] = {}
    if price:
        declared["Item"] = (Property("price", PropertyType.FLOAT, "US dollars"),)
    if split:
        declared["INTERACTED"] = (Property("split", PropertyType.STRING, "the part that the authors put it in"),)
    return DatasetInfo(name.lower().replace(" ", "-"), name, "amazon", verb="bought", declared=declared)
