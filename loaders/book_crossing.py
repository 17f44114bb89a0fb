"""Book-Crossing: the dump of its authors (``BX-*.csv``), and the newer copies of it.

graphrec load book-crossing BX-CSV-Dump/   BX-Book-Ratings.csv, BX-Books.csv, BX-Users.csv
graphrec load book-crossing archive/       Ratings.csv, Books.csv, Users.csv

The dump is separated by semicolons, Latin-1, and escapes by backslashes; copies are separated by commas or semicolons
and UTF-8. A rating of 0 says that a user has a book and did not rate it: no rating, not a rating of nought.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.age_bands import age_bands, plausible_ages
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import encoding_of, head, require_folder
from graphrec.loading.headers import first_cells
from graphrec.loading.html_entities import without_entities
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.layout import Layout
from graphrec.loading.nodes import node_table
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded

_NAMES = {
    "Book-Rating": "Rating", "Book-Title": "Title", "Book-Author": "Author", "Year-Of-Publication": "Year",
}  # fmt: skip
"""What some copies call the columns of the dump."""

_INFO = DatasetInfo(
    "book-crossing",
    "Book-Crossing",
    "book-crossing",
    verb="read",
    declared={"Item": (Property("year", PropertyType.INTEGER, "of publication"),)},
)


def load(path: Path | str, *, co_purchases: int = 0, id_prefix: str = "") -> Loaded:
    """Load Book-Crossing.

    Args:
        path: the folder.
        co_purchases: count pairs of books that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable.
    """
    path, report = require_folder(Path(path)), LoaderReport()
    dump = (path / "BX-Book-Ratings.csv").is_file()
    if not dump and not (path / "Ratings.csv").is_file():
        raise InputError(
            "there is neither BX-Book-Ratings.csv nor Ratings.csv",
            where=str(path),
            remedy="Give the folder of Book-Crossing's files",
        )
    edges = _ratings(path / ("BX-Book-Ratings.csv" if dump else "Ratings.csv"), report)
    attributes = AttributeTables()
    items = _books(path / ("BX-Books.csv" if dump else "Books.csv"), edges, attributes, report)
    users = _users(path / ("BX-Users.csv" if dump else "Users.csv"), edges, attributes, report)
    parts = [GraphTables({"User": users, "Item": items}, {INTERACTED: edges}), attributes.tables()]
    return assemble(parts, _INFO, report, id_prefix=id_prefix, co_purchases=co_purchases)


def _ratings(path: Path, report: LoaderReport) -> pa.Table:
    columns = [
        Column("User-ID", "id", required=True),
        Column("ISBN", "id", required=True),
        Column("Book-Rating", "number", required=True, minimum=0, maximum=10),
    ]
    table = _read(path, columns, report)
    ratings = table.column("Book-Rating")
    implicit = pc.equal(ratings, 0)
    report.remarks.append(
        f"{path.name}: {pc.sum(implicit).as_py() or 0:,} of {table.num_rows:,} rows have the rating 0, which says that "
        "there is none: they are interactions without a rating"
    )
    return interactions(
        table.column("User-ID"), table.column("ISBN"), report, rating=pc.if_else(implicit, None, ratings)
    )


def _books(path: Path, edges: pa.Table, attributes: AttributeTables, report: LoaderReport) -> pa.Table:
    texts = ("Book-Title", "Book-Author", "Publisher")
    columns = [
        Column("ISBN", "id", required=True),
        *(Column(name, missing=("NULL",)) for name in texts),
        Column("Year-Of-Publication", "integer", missing=("NULL", "0")),
    ]
    books = _read(path, columns, report)
    plain = {name: without_entities(books.column(name)) for name in texts}
    n_changed = sum(pc.sum(pc.not_equal(plain[name], books.column(name))).as_py() or 0 for name in texts)
    if n_changed:
        report.remarks.append(f"{path.name}: &amp; and the like in {counted(n_changed, 'text')} are read as their sign")
    attributes.add("item", "author", books.column("ISBN"), plain["Book-Author"])
    attributes.add("item", "publisher", books.column("ISBN"), plain["Publisher"])
    return node_table(
        books.column("ISBN"),
        plain["Book-Title"],
        edges.column("to"),
        report,
        label="Item",
        prefix="book ",
        properties={"year": books.column("Year-Of-Publication")},
    )


def _users(path: Path, edges: pa.Table, attributes: AttributeTables, report: LoaderReport) -> pa.Table:
    """Return users; the last part of a location is the country."""
    if not path.is_file():
        return node_table(pa.array([], pa.string()), None, edges.column("from"), report, label="User", prefix="user ")
    columns = [Column("User-ID", "id", required=True), Column("Location"), Column("Age", "integer", missing=("NULL",))]
    users = _read(path, columns, report, optional=("Location",))
    bands = age_bands(plausible_ages(users.column("Age"), path.name, report))
    attributes.add("user", "age", users.column("User-ID"), bands, name="age {}".format)
    if "Location" in users.column_names:
        country = pc.struct_field(pc.extract_regex(users.column("Location"), r",\s*(?P<country>[^,]*)$"), "country")
        attributes.add("user", "country", users.column("User-ID"), country, missing=("n/a", "NULL"))
    return node_table(users.column("User-ID"), None, edges.column("from"), report, label="User", prefix="user ")


def _read(path: Path, columns: list[Column], report: LoaderReport, optional: tuple[str, ...] = ()) -> pa.Table:
    """Read columns by the dump's names from the dump or a copy; an optional one may be absent."""
    encoding = encoding_of(path, "utf-8", "latin-1")
    first = head(path, encoding)
    line = first.partition("\n")[0]
    delimiter = ";" if line.count(";") > line.count(",") else ","
    layout = Layout(delimiter, encoding=encoding, escape="\\" if path.name.startswith("BX-") else "")
    names = first_cells(path, first, layout)
    there = [column for column in columns if column.name in names or column.name not in optional]
    called = [replace(column, name=_called(column.name, names)) for column in there]
    return read_delimited(path, called, report, layout).rename_columns([column.name for column in there])


def _called(name: str, names: list[str]) -> str:
    """Return what a column of the dump is called in a file."""
    other = _NAMES.get(name, name)
    return other if name not in names and other in names else name
