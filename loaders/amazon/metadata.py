"""What the shop says of its products: metadata of 2014, 2018 and 2023, or a CSV with genres.

The releases call the same things by other names; here all have those of ``Metadata``. Lines in Python's notation, as
those of 2014 are, are read as literals, and nothing in them is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.html_entities import without_entities
from graphrec.loading.json_lines import read_json_lines
from graphrec.loading.review_blocks import json_fields

from .prices import amounts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

_SCRIPT = "getTime"
"""Titles that hold this are parts of the page's program: the owners of the data leave them out."""


@dataclass(frozen=True)
class _Names:
    """What a release calls its fields.

    Attributes:
        item: of the product's id.
        texts: title, brand and main category, by the name that ``Metadata`` gives them.
        lists: depth of the lists to read, by name.
        categories: the list of categories.
        relations: lists of other products: what the relation is called, by the list's name.
    """

    item: str
    texts: Mapping[str, str]
    categories: str
    lists: Mapping[str, int]
    relations: Mapping[str, str]


_RELATED = {f"related.{name}": name for name in ("also_bought", "also_viewed", "bought_together")}
_2014 = _Names(
    "asin",
    {"title": "title", "brand": "brand"},
    "categories",
    {"categories": 2, **dict.fromkeys(_RELATED, 1)},
    _RELATED,
)
_2018 = _Names(
    "asin",
    {"title": "title", "brand": "brand", "main_category": "main_cat"},
    "category",
    {"category": 1, "also_buy": 1, "also_view": 1},
    {"also_buy": "also_buy", "also_view": "also_view"},
)
_2023 = _Names(
    "parent_asin",
    {"title": "title", "brand": "store", "main_category": "main_category"},
    "categories",
    {"categories": 1, "bought_together": 1},
    {"bought_together": "bought_together"},
)


@dataclass(frozen=True)
class Metadata:
    """Descriptions of products.

    Attributes:
        about: ``item`` (dictionary), ``title``, and where the file may have them ``brand``, ``main_category``,
            ``price`` (float64, US dollars, null where unknown), ``categories`` (lists), ``genre``, ``year``.
        related: lists of other products by the relation's name, one list for each row of ``about``.
    """

    about: pa.Table
    related: Mapping[str, pa.ChunkedArray]

    def of(self, items: pa.Array) -> Metadata:
        """Return the descriptions of some items."""
        mask = pc.is_in(self.about.column("item").cast(pa.string()), value_set=items)
        return Metadata(
            self.about.filter(mask), {relation: lists.filter(mask) for relation, lists in self.related.items()}
        )


def read_metadata(path: Path, report: LoaderReport) -> Metadata:
    """Read a file of metadata of any release, or a CSV with asin, title, year and genre.

    Raises:
        InputError: the file is absent or unusable.
    """
    if path.suffix == ".csv":
        columns = [Column("asin", "id", required=True), Column("title"), Column("year"), Column("genre")]
        return Metadata(read_delimited(path, columns, report).rename_columns(["item", "title", "year", "genre"]), {})
    fields = set(json_fields(path))
    is_2018 = bool(fields & {"also_buy", "also_view", "main_cat"})
    names = _2023 if "parent_asin" in fields else _2018 if is_2018 else _2014
    columns = [
        Column(names.item, "id", required=True),
        *(Column(name) for name in names.texts.values()),
        Column("price", "text" if is_2018 else "number"),
    ]
    raw = read_json_lines(path, columns, report, lists=names.lists)
    about = {"item": raw.column(names.item)}
    for name, called in names.texts.items():
        about[name] = pc.utf8_trim_whitespace(without_entities(raw.column(called)))
    if is_2018:
        about["title"] = _without_script(about["title"], path, report)
        about["main_category"] = _without_picture(about["main_category"])
        about["price"] = amounts(raw.column("price"), path, report)
    else:
        about["price"] = raw.column("price")
    about["categories"] = _plain_lists(raw.column(names.categories))
    return Metadata(pa.table(about), {relation: raw.column(name) for name, relation in names.relations.items()})


def _without_script(titles: pa.ChunkedArray, path: Path, report: LoaderReport) -> pa.ChunkedArray:
    is_script = pc.match_substring(titles, _SCRIPT)
    number = pc.sum(is_script).as_py()
    if number:
        report.remarks.append(f"{path.name}: {number:,} titles are parts of the page's program and left empty")
    return pc.if_else(is_script, "", titles)


def _without_picture(categories: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return main categories; where a picture stands in place of one, its description."""
    described = pc.struct_field(pc.extract_regex(categories, r'<img[^>]*\balt="(?P<alt>[^"]*)"'), "alt")
    return pc.if_else(pc.match_substring(categories, "<"), pc.fill_null(described, ""), categories)


def _plain_lists(lists: pa.ChunkedArray) -> pa.ListArray:
    """Return lists of categories with what is no category, such as ``</span>``, as the empty text."""
    column = lists.combine_chunks()
    texts = without_entities(column.flatten())
    texts = pc.if_else(pc.match_substring_regex(texts, r"</?[a-zA-Z]"), "", texts)
    sizes = pc.fill_null(pc.list_value_length(column), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum(sizes.cast(pa.int64()))])
    return pa.ListArray.from_arrays(offsets.cast(pa.int32()), texts)
