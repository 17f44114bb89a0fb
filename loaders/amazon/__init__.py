"""Amazon of 2014, 2018 and 2023: reviews or ratings, with metadata; and folders of features extracted from reviews.

graphrec load amazon reviews_Beauty_5.json.gz --option metadata=meta_Beauty.json.gz --option features=extract
graphrec load amazon All_Beauty.jsonl.gz --option metadata=meta_All_Beauty.jsonl.gz
graphrec load amazon ratings_Beauty.csv
graphrec load amazon All_Beauty.train.csv.gz     beside All_Beauty.valid.csv.gz and All_Beauty.test.csv.gz
graphrec load amazon folder-with-positives.csv-and-user_feature.csv/ --option metadata=meta.json --option genres=g.csv

``load`` puts together what the other files of this folder read: ``reviews`` and ``ratings`` for who took what,
``metadata`` for the products. The fields of a file tell its release.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables, exploded
from graphrec.loading.co_purchase import CO_PURCHASED
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.features import feature_profiles
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.nodes import node_table
from graphrec.loading.review_features import check_feature_options, given_mentions, review_features
from graphrec.loading.undirected import undirected
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

from .metadata import read_metadata
from .prices import price_bands
from .ratings import read_parts, read_ratings
from .reviews import read_reviews
from .sources import PARTS, find_source, metadata_beside
from .taken import SPLIT, Taken

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded
    from graphrec.schema.elements import EdgeKind

    from .metadata import Metadata
    from .sources import Source

_NOBODY = pa.array([], pa.string())
_DESCRIBED = pa.table({"item": _NOBODY, "title": _NOBODY})
"""Descriptions of no product."""

_KINDS = {
    "brand": "brand",
    "category": "categories",
    "main category": "main_category",
    "genre": "genre",
    "year": "year",
}
"""Columns of metadata that become attributes, by their kind."""


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
    """Load Amazon reviews, ratings, or features that were extracted from them.

    Args:
        path: a file of reviews (JSON lines of 2014, 2018 or 2023) or of ratings (CSV), one part of a split of 2023
            (X.train.csv, beside which the others lie), a folder with one of these, or a folder with positives.csv.
        metadata: a file of product metadata: titles, brands, categories, prices, also_bought and the like; or a CSV
            with asin, title, year, genre. Of a folder, the only meta_….json or meta_….jsonl by default.
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
    report = LoaderReport()
    check_feature_options(features, mentions, match)
    source = find_source(Path(path))
    _check_features(source, features)
    taken = _taken(source, report, with_text=bool(features))
    edges = taken.edges
    items = edges.column("to").combine_chunks().dictionary
    attributes, extra, described = AttributeTables(), [], _DESCRIBED
    beside = None if metadata else metadata_beside(Path(path))
    files = [Path(name) for name in (metadata, genres) if name]
    for file in [beside, *files] if beside else files:
        everything = read_metadata(file, report)
        remark_on_matches(report, file.name, everything.about.column("item"), items, "the reviews")
        here = everything.of(items)
        extra.append(GraphTables({}, _related(here, items, report)))
        _add_attributes(here.about, attributes)
        described = _also_described(described, here.about)
    properties = {"price": described.column("price")} if "price" in described.column_names else {}
    nodes = {
        "User": node_table(
            taken.names.column("id"), taken.names.column("name"), edges.column("from"), report, label="User"
        ),
        "Item": node_table(
            described.column("item"),
            described.column("title"),
            edges.column("to"),
            report,
            label="Item",
            properties=properties,
        ),
    }
    parts = [GraphTables(nodes, {INTERACTED: edges}), attributes.tables(), *extra]
    if mentions:
        parts.append(given_mentions(Path(mentions), edges, report))
    elif source.kind == "features":
        parts.append(feature_profiles(source.path, nodes["User"].column("id"), nodes["Item"].column("id"), report))
    elif taken.texts is not None and features:
        parts.append(review_features(source.path, taken.texts, features, match, edges, report))
    info = _info(source, taken, price=bool(properties))
    return assemble(parts, info, report, id_prefix=id_prefix, co_purchases=co_purchases)


def _check_features(source: Source, features: str) -> None:
    """Raise UsageError where features are asked of what has none."""
    if features and source.kind == "features":
        raise UsageError("a folder with positives.csv has its features in it", remedy="Leave features out")
    if features and source.kind != "reviews":
        raise UsageError(
            f"{source.path.name} holds ratings without texts", remedy="Leave features out, or give the file of reviews"
        )


def _taken(source: Source, report: LoaderReport, *, with_text: bool) -> Taken:
    if source.kind == "features":
        return _positives(source.path, report)
    if source.kind == "parts":
        return read_parts({part: source.part(part) for part in PARTS}, report)
    if source.kind == "ratings":
        return read_ratings(source.path, report)
    return read_reviews(source.path, report, with_text=with_text)


def _positives(path: Path, report: LoaderReport) -> Taken:
    """Return interactions without ratings; which part of the given split each is in stays a property."""
    columns = [Column("user", "id", required=True), Column("item", "id", required=True), Column("split")]
    taken = read_delimited(path / "positives.csv", columns, report)
    edges = interactions(
        taken.column("user"), taken.column("item"), report, properties={SPLIT.name: taken.column("split")}
    )
    return Taken(edges, "", declared=(SPLIT,))


def _also_described(described: pa.Table, about: pa.Table) -> pa.Table:
    """Return descriptions with those of a further file: its other products, and its titles where there was none."""
    columns = [name for name in ("item", "title", "price") if name in about.column_names]
    more = pa.table({name: about.column(name) for name in columns})
    more = more.set_column(0, "item", more.column("item").cast(pa.string()))
    more = more.set_column(1, "title", more.column("title").cast(pa.string()))
    if not described.num_rows:
        return more
    known, titles = described.column("item").combine_chunks(), described.column("title")
    theirs = more.column("title").take(pc.index_in(known, value_set=more.column("item").combine_chunks()))
    has_title = pc.greater(pc.utf8_length(pc.fill_null(titles, "")), 0)
    described = described.set_column(1, "title", pc.if_else(has_title, titles, theirs))
    others = more.filter(pc.invert(pc.is_in(more.column("item"), value_set=known)))
    return pa.concat_tables([described, others], promote_options="default")


def _add_attributes(about: pa.Table, attributes: AttributeTables) -> None:
    items = about.column("item")
    for kind, column in _KINDS.items():
        if column in about.column_names:
            attributes.add("item", kind, items, about.column(column))
    if "price" in about.column_names:
        attributes.add("item", "price", items, price_bands(about.column("price")))


def _related(here: Metadata, items: pa.Array, report: LoaderReport) -> dict[EdgeKind, pa.Table]:
    """Return the shop's links between products that have interactions, such as “also bought”."""
    tables = []
    for relation, lists in here.related.items():
        first, second = exploded(here.about.column("item"), lists)
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


def _info(source: Source, taken: Taken, *, price: bool) -> DatasetInfo:
    """Return the record, named by the file; releases after 2014 say their year, so that none is taken for another."""
    stem = re.sub(r"^(reviews|ratings)_|(\.train)?\.(jsonl?|csv)(\.gz)?$", "", source.path.resolve().name)
    words = re.sub(r"_5$", "", stem).replace("_", " ").replace("-", " ").title()
    ending = " with features" if source.kind == "features" else "" if taken.release == "2014" else f" {taken.release}"
    name = f"Amazon {words}{ending}"
    declared: dict[str, tuple[Property, ...]] = {}
    if price:
        declared["Item"] = (Property("price", PropertyType.FLOAT, "US dollars"),)
    if taken.declared:
        declared["INTERACTED"] = taken.declared
    return DatasetInfo(name.lower().replace(" ", "-"), name, "amazon", verb="bought", declared=declared)
