"""Amazon Beauty as two repositories publish it: PGPR's knowledge graph, and time-ordered interactions.

    graphrec load amazon-beauty folder-with-interactions-and-pgpr_kg/

Index spaces, each checked against the other files: line n of ``brand_p_b``, ``category_p_c`` and the ``*_p_p`` files
is about line n of ``product``; brands and categories are lines of ``brand`` and ``category``; products on the right
of ``*_p_p`` are lines of ``related_product`` (not of ``product``); ``interactions`` counts users and items from 1, and
``datamaps.json`` says which id each number is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.co_purchase import CO_PURCHASED
from graphrec.loading.contract import LoaderReport
from graphrec.loading.files import read_text, require_folder
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.nodes import node_table
from graphrec.loading.undirected import undirected
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded

RELATIONS = ("also_bought", "also_viewed", "bought_together")
_INFO = DatasetInfo(
    "amazon-beauty",
    "Amazon Beauty",
    "amazon-beauty",
    verb="bought",
    declared={"INTERACTED": (Property("position", PropertyType.INTEGER, "1 = the user's first interaction"),)},
)


def load(path: Path | str, *, co_purchases: int = 0, id_prefix: str = "") -> Loaded:
    """Load Amazon Beauty.

    Args:
        path: the folder that holds ``interactions/`` and ``pgpr_kg/``.
        co_purchases: count pairs of products that at least so many users took as CO_PURCHASED edges, beside those
            that the shop names; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable, or the files do not fit one another.
    """
    path, report = Path(path), LoaderReport()
    graph = require_folder(path / "pgpr_kg")
    products = _lines(graph / "product.txt.gz", report)
    edges = _interactions(require_folder(path / "interactions"), products, report)
    attributes = AttributeTables()
    for kind, relation in (("brand", "brand_p_b"), ("category", "category_p_c")):
        names = _lines(graph / f"{kind}.txt.gz", report)
        owners, values = _pairs(graph / f"{relation}.txt.gz", len(products), len(names), report)
        attributes.add("item", kind, products.take(owners), names.take(values))
    nodes = {
        "User": node_table(pa.array([], pa.string()), None, edges.column("from"), report, label="User"),
        "Item": node_table(products, None, edges.column("to"), report, label="Item", prefix="product "),
    }
    related = _related(graph, products, report)
    parts = [GraphTables(nodes, {INTERACTED: edges}), attributes.tables(), GraphTables({}, {CO_PURCHASED: related})]
    return assemble(parts, _INFO, report, id_prefix=id_prefix, co_purchases=co_purchases)


def _lines(path: Path, report: LoaderReport) -> pa.Array:
    account = report.file(path)
    lines = read_text(path, "utf-8").replace("\r\n", "\n").removesuffix("\n").split("\n")
    account.read = account.kept = len(lines)
    return pa.array(lines, pa.string())


def _pairs(path: Path, n_lines: int, n_targets: int, report: LoaderReport) -> tuple[pa.Array, pa.Array]:
    """Read a relation: on each line, the numbers (from 0) of what the product of that line is related to."""
    lines = _lines(path, report)
    if len(lines) != n_lines:
        raise InputError(
            f"there are {len(lines)} lines for {n_lines} products", where=str(path), remedy="Fetch it again"
        )
    parts = pc.split_pattern(lines, " ")
    owners, texts = pc.list_parent_indices(parts), parts.flatten()
    filled = pc.not_equal(texts, "")
    owners, texts = owners.filter(filled), texts.filter(filled)
    numbers = _numbers(texts, owners, path)
    beyond = np.flatnonzero(np.asarray(numbers) >= n_targets)
    if len(beyond):
        where = f"{path}, line {owners[int(beyond[0])].as_py() + 1}"
        raise InputError(f"there is no entry {numbers[int(beyond[0])]} of {n_targets}", where=where)
    return owners, numbers


def _numbers(texts: pa.Array, owners: pa.Array, path: Path) -> pa.Array:
    numeric = pc.match_substring_regex(texts, r"^\d{1,9}$")
    if not pc.all(numeric).as_py():
        first = pc.index(numeric, False).as_py()
        where = f"{path}, line {owners[first].as_py() + 1}"
        raise InputError(f"{texts[first].as_py()[:60]!r} is not a whole number", where=where)
    return texts.cast(pa.int64())


def _interactions(folder: Path, products: pa.Array, report: LoaderReport) -> pa.Table:
    """Read the users' item lists, oldest first; the first number of a line is the user's."""
    maps = _maps(folder / "datamaps.json")
    users, items = (pa.array(list(maps[key].values()), pa.string()) for key in ("id2user", "id2item"))
    numbers = {key: pa.array(list(maps[key]), pa.string()) for key in ("id2user", "id2item")}
    strange = pc.invert(pc.is_in(items, value_set=products))
    if pc.any(strange).as_py():
        raise InputError(
            f"the item {items.filter(strange)[0].as_py()!r} is not in product.txt.gz",
            where=str(folder / "datamaps.json"),
        )
    path = folder / "sequential_data.txt"
    parts = pc.split_pattern(_lines(path, report), " ")
    sizes = np.asarray(pc.list_value_length(parts))
    owner = pc.list_element(parts, 0).take(pc.list_parent_indices(parts))
    position = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    later = pa.array(position > 0)
    if not pc.any(later).as_py():
        raise InputError("no line names an item", where=str(path), remedy="Each line: a user's number, then his items'")
    lines = pc.list_parent_indices(parts).filter(later)
    places = {
        key: _place(texts.filter(later), numbers[key], lines, path)
        for key, texts in (("id2user", owner), ("id2item", parts.flatten()))
    }
    return interactions(
        users.take(places["id2user"]),
        items.take(places["id2item"]),
        report,
        properties={"position": pa.array(position).filter(later).cast(pa.int64())},
    )


def _place(texts: pa.Array, vocabulary: pa.Array, lines: pa.Array, path: Path) -> pa.Array:
    places = pc.index_in(texts, value_set=vocabulary)
    if places.null_count:
        first = pc.index(pc.is_null(places), True).as_py()
        raise InputError(
            f"the number {texts[first].as_py()[:60]!r} is not in datamaps.json",
            where=f"{path}, line {lines[first].as_py() + 1}",
        )
    return places


def _maps(path: Path) -> dict[str, dict[str, str]]:
    try:
        content = json.loads(read_text(path, "utf-8"))
        maps = {key: dict(content[key].items()) for key in ("id2user", "id2item")}
        for numbers in maps.values():
            pa.array([*numbers, *numbers.values()], pa.string())  # texts that are valid Unicode, and nothing else
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, pa.ArrowException) as error:
        raise InputError("this does not hold id2user and id2item as JSON", where=str(path)) from error
    return maps


def _related(graph: Path, products: pa.Array, report: LoaderReport) -> pa.Table:
    """Return the shop's links between products that have interactions, such as “also bought”."""
    related_products = _lines(graph / "related_product.txt.gz", report)
    tables = []
    for relation in RELATIONS:
        first, second = _pairs(graph / f"{relation}_p_p.txt.gz", len(products), len(related_products), report)
        inside = pc.is_in(related_products.take(second), value_set=products)
        report.remarks.append(f"{relation}: {pc.sum(inside).as_py()} of {len(second)} lead to a product that is here")
        pairs = undirected(products.take(first.filter(inside)), related_products.take(second.filter(inside)))
        n = pairs.num_rows
        tables.append(
            pairs.append_column("count", pa.nulls(n, pa.int64())).append_column("source", pa.repeat(relation, n))
        )
    return pa.concat_tables(tables).combine_chunks()
