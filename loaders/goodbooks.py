"""Goodbooks-10k: six million ratings of ten thousand books, with authors, shelves and lists of books to read.

graphrec load goodbooks goodbooks-10k/     ratings.csv, books.csv; book_tags.csv with tags.csv; to_read.csv

Index spaces: ``book_id`` of ratings and lists is the ``book_id`` of books.csv (``id`` in the first release, whose
``book_id`` is what later releases call ``goodreads_book_id``); shelves name books by ``goodreads_book_id``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import head, require_folder
from graphrec.loading.headers import first_cells
from graphrec.loading.interactions import INTERACTED, encoded, interactions
from graphrec.loading.layout import Layout
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.nodes import node_table
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded

READING_STATES = ("to-read", "currently-reading")
"""Shelves that every reader has: they say where a reader is with a book, nothing of the book."""

_YEAR = Property("year", PropertyType.INTEGER, "of the first publication; negative before our era")
_TO_READ = Property("to_read", PropertyType.BOOLEAN, "whether the user has put it on the list of books to read")


def load(
    path: Path | str, *, min_taggers: int = 100, to_read: bool = False, co_purchases: int = 0, id_prefix: str = ""
) -> Loaded:
    """Load Goodbooks-10k.

    Args:
        path: the folder.
        min_taggers: a shelf (book_tags.csv, tags.csv) becomes an attribute of a book that at least so many users put
            on it; to-read and currently-reading never do; 0 leaves shelves out.
        to_read: books on a user's list (to_read.csv) that they did not rate are interactions without a rating.
        co_purchases: count pairs of books that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable.
    """
    path, report = require_folder(Path(path)), LoaderReport()
    rated = _ratings(path / "ratings.csv", report)
    books = _books(path / "books.csv", report)
    edges = _edges(rated, _listed(path / "to_read.csv", report, wanted=to_read), report)
    nodes = {
        "User": node_table(pa.array([], pa.string()), None, edges.column("from"), report, label="User", prefix="user "),
        "Item": node_table(
            books.column("item"),
            books.column("title"),
            edges.column("to"),
            report,
            label="Item",
            prefix="book ",
            properties={"year": books.column("original_publication_year")},
        ),
    }
    attributes = AttributeTables()
    attributes.add("item", "author", books.column("item"), _spaced(books.column("authors")), separator=", ")
    attributes.add("item", "language", books.column("item"), books.column("language_code"))
    if min_taggers and (path / "book_tags.csv").is_file():
        _add_shelves(path, books, attributes, report, min_taggers)
    return assemble(
        [GraphTables(nodes, {INTERACTED: edges}), attributes.tables()],
        _info(to_read=to_read),
        report,
        id_prefix=id_prefix,
        co_purchases=co_purchases,
    )


def _ratings(path: Path, report: LoaderReport) -> pa.Table:
    columns = [
        Column("user_id", "id", required=True),
        Column("book_id", "id", required=True),
        Column("rating", "number", required=True, minimum=1, maximum=5),
    ]
    return read_delimited(path, columns, report)


def _books(path: Path, report: LoaderReport) -> pa.Table:
    """Read books.csv of either release: columns item and goodreads, texts and the year."""
    first_release = "goodreads_book_id" not in first_cells(path, head(path, "utf-8"), Layout())
    ids = ("id", "book_id") if first_release else ("book_id", "goodreads_book_id")
    columns = [
        Column(ids[0], "id", required=True),
        Column(ids[1], "id"),
        Column("authors"),
        Column("original_publication_year", "integer"),
        Column("title"),
        Column("language_code"),
    ]
    books = read_delimited(path, columns, report)
    return books.rename_columns(["item", "goodreads", *books.column_names[2:]])


def _listed(path: Path, report: LoaderReport, *, wanted: bool) -> pa.Table | None:
    if wanted:
        columns = [Column("user_id", "id", required=True), Column("book_id", "id", required=True)]
        return read_delimited(path, columns, report)
    if path.is_file():
        report.remarks.append("to_read.csv: not read; to_read=true takes the books on users' lists as interactions")
    return None


def _edges(rated: pa.Table, listed: pa.Table | None, report: LoaderReport) -> pa.Table:
    """Return ratings and, where there are lists, interactions with books on them that the user did not rate."""
    if listed is None:
        return interactions(rated.column("user_id"), rated.column("book_id"), report, rating=rated.column("rating"))
    both = pa.concat_tables([rated, listed], promote_options="default")
    users, items = encoded(both.column("user_id")), encoded(both.column("book_id"))
    pairs = np.asarray(users.indices).astype(np.int64) * len(items.dictionary) + np.asarray(items.indices)
    is_rated = np.arange(len(pairs)) < rated.num_rows
    kept = is_rated | ~np.isin(pairs, pairs[is_rated])
    on_list = np.isin(pairs, pairs[~is_rated])
    report.remarks.append(
        f"to_read.csv: {int(kept[~is_rated].sum()):,} books on users' lists are interactions without a rating; the "
        f"other {int((~kept).sum()):,} are rated by the same user"
    )
    mask = pa.array(kept)
    return interactions(
        users.filter(mask),
        items.filter(mask),
        report,
        rating=both.column("rating").filter(mask),
        properties={"to_read": pa.array(on_list[kept])},
    )


def _add_shelves(
    path: Path, books: pa.Table, attributes: AttributeTables, report: LoaderReport, min_taggers: int
) -> None:
    """Add the shelves that enough users put a book on as its tags."""
    columns = [
        Column("goodreads_book_id", "id", required=True),
        Column("tag_id", "id", required=True),
        Column("count", "number", required=True),
    ]
    shelved = read_delimited(path / "book_tags.csv", columns, report)
    known = books.column("goodreads").cast(pa.string()).combine_chunks()
    remark_on_matches(report, "book_tags.csv", shelved.column("goodreads_book_id"), known, "the books")
    shelved = shelved.filter(pc.greater_equal(shelved.column("count"), min_taggers))
    names = read_delimited(path / "tags.csv", [Column("tag_id", "id", required=True), Column("tag_name")], report)
    remark_on_matches(report, "tags.csv", names.column("tag_id"), shelved.column("tag_id"), "the shelves")
    place = pc.index_in(_texts(shelved, "tag_id"), value_set=_texts(names, "tag_id"))
    tags = names.column("tag_name").take(place)
    owners = books.column("item").take(pc.index_in(_texts(shelved, "goodreads_book_id"), value_set=known))
    says_something = pc.and_(pc.invert(pc.is_in(tags, value_set=pa.array(READING_STATES))), owners.is_valid())
    attributes.add("item", "tag", owners.filter(says_something), tags.filter(says_something))
    report.remarks.append(
        f"book_tags.csv: {pc.sum(says_something).as_py() or 0:,} shelves of books have at least {min_taggers} users; "
        f"{' and '.join(READING_STATES)} are left out"
    )


def _texts(table: pa.Table, name: str) -> pa.Array:
    return table.column(name).cast(pa.string()).combine_chunks()


def _spaced(authors: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return names with one space between their words."""
    return pc.replace_substring_regex(authors, r"\s+", " ")


def _info(*, to_read: bool) -> DatasetInfo:
    """Return the record of the data set; the verb says no more of a list than that it is one."""
    return DatasetInfo(
        "goodbooks-10k",
        "Goodbooks-10k",
        "goodbooks",
        verb="read or want to read" if to_read else "read",
        declared={"Item": (_YEAR,), **({"INTERACTED": (_TO_READ,)} if to_read else {})},
    )
