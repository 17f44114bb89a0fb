"""Businesses: names, places and categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.attributes import AttributeTables, exploded
from graphrec.loading.columns import Column
from graphrec.loading.json_lines import read_json_lines

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

WITH_COMMAS = (
    "Beer, Wine & Spirits",
    "Books, Mags, Music & Video",
    "Used, Vintage & Consignment",
    "Wills, Trusts, & Probates",
)
"""Categories whose names hold the sign that separates categories."""

_HELD = "\x1f"


@dataclass(frozen=True)
class Businesses:
    """Businesses and their categories.

    Attributes:
        table: ``business_id`` (dictionary), ``name``, ``city``, ``state``, ``is_open``, ``latitude``, ``longitude``.
        owners: int32 [categories], the row of ``table`` that has each category.
        categories: string [categories].
    """

    table: pa.Table
    owners: pa.Array
    categories: pa.Array

    @property
    def ids(self) -> pa.Array:
        """The ids, one for each row."""
        return self.table.column("business_id").combine_chunks().cast(pa.string())


def read_businesses(path: Path, report: LoaderReport) -> Businesses:
    """Read business.json; categories are one text with commas or, in older editions, a list.

    Raises:
        InputError: the file is absent or unusable.
    """
    columns = [
        Column("business_id", "id", required=True),
        Column("name"),
        Column("city"),
        Column("state"),
        Column("is_open", "boolean"),
        Column("latitude", "number"),
        Column("longitude", "number"),
    ]
    raw = read_json_lines(path, columns, report, lists={"categories": 1}, read_apart=["attributes"])
    rows = pa.array(range(raw.num_rows), pa.int32())
    owners, texts = exploded(
        pa.DictionaryArray.from_arrays(rows, rows.cast(pa.string())), _held(raw.column("categories")), ", "
    )
    return Businesses(raw.drop_columns("categories"), owners.indices, pc.replace_substring(texts, _HELD, ","))


def add_categories(businesses: Businesses, attributes: AttributeTables) -> None:
    """Add categories, cities and states as attributes of items."""
    ids = businesses.ids
    attributes.add("item", "category", ids.take(businesses.owners), businesses.categories)
    for kind in ("city", "state"):
        attributes.add("item", kind, ids, businesses.table.column(kind))


def _held(lists: pa.ChunkedArray) -> pa.ListArray:
    """Return lists in which commas within the names of categories are held apart from those between categories."""
    column = lists.combine_chunks()
    texts = column.flatten()
    for name in WITH_COMMAS:
        texts = pc.replace_substring(texts, name, name.replace(",", _HELD))
    sizes = pc.fill_null(pc.list_value_length(column), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(sizes)])
    return pa.ListArray.from_arrays(offsets, texts)
