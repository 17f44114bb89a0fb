"""Feature profiles extracted from reviews: ``Feature`` nodes and ``MENTIONED`` edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.matching import remark_on_matches, unique_texts
from graphrec.loading.mention_columns import MOST_MENTIONS, count_column, sentiment_column
from graphrec.loading.mentions import ITEM_MENTIONED, USER_MENTIONED, feature_nodes
from graphrec.tables.graph_tables import GraphTables

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

USER_FILE = "user_feature.csv"


def feature_profiles(folder: Path, users: pa.ChunkedArray, items: pa.ChunkedArray, report: LoaderReport) -> GraphTables:
    """Read ``user_feature.csv`` (user, feature, mean_sentiment, mentions) and, if there, ``item_feature.csv``.

    The latter gives per item and feature the sum of the sentiments (item, feature, net_sentiment_sum). Its edge gets
    the smallest number of mentions that can have that sum as ``count`` and the mean as ``sentiment``, so that their
    product is the sum. Where the users' mentions are unknown, ``count`` is 1. Both are said in the report. These are
    profiles over all reviews, so ``item`` is empty; the report says that they leak beside a split.

    Args:
        folder: where the files are.
        users: ids of known users; profiles of others are left out.
        items: ids of known items.
        report: receives accounts of the files.

    Raises:
        InputError: a file is absent or unusable.
    """
    profiles = read_user_profiles(folder, users, report)
    count = profiles.column("mentions")
    if count.null_count:
        report.remarks.append(f"{USER_FILE}: {count.null_count} numbers of mentions are unknown and stored as 1")
    report.remarks.append(
        f"{USER_FILE}: profiles over all reviews, which no split can cut: beside one they tell of its test part"
    )
    edges = {USER_MENTIONED: _edges(profiles, "user", profiles.column("mean_sentiment"), pc.fill_null(count, 1))}
    if (folder / "item_feature.csv").is_file():
        edges[ITEM_MENTIONED] = _item_profiles(folder / "item_feature.csv", items, report)
    ids = pa.concat_arrays([table.column("to").combine_chunks() for table in edges.values()]).unique()
    return GraphTables({"Feature": feature_nodes(ids)}, edges)


def read_user_profiles(folder: Path, users: pa.ChunkedArray, report: LoaderReport) -> pa.Table:
    """Return the rows of ``user_feature.csv`` that are of known users, each pair of user and feature once.

    Args:
        folder: where the file is.
        users: ids of known users.
        report: receives the account of the file.

    Returns:
        A table with ``user``, ``feature``, ``mean_sentiment`` (−1 to 1) and ``mentions``, null where unknown.

    Raises:
        InputError: the file is absent or unusable.
    """
    columns = [
        Column("user", required=True),
        Column("feature", required=True),
        sentiment_column("mean_sentiment", required=True),
        count_column("mentions"),
    ]
    path = folder / USER_FILE
    return _with_known_owner(read_delimited(path, columns, report), "user", users, path, report)


def _item_profiles(path: Path, items: pa.ChunkedArray, report: LoaderReport) -> pa.Table:
    columns = [
        Column("item", required=True),
        Column("feature", required=True),
        Column("net_sentiment_sum", "number", required=True, minimum=-MOST_MENTIONS, maximum=MOST_MENTIONS),
    ]
    table = _with_known_owner(read_delimited(path, columns, report), "item", items, path, report)
    total = np.asarray(table.column("net_sentiment_sum"))
    count = np.maximum(np.ceil(np.abs(total)), 1)
    report.remarks.append(f"{path.name}: mentions are not given; the fewest that can have the given sum are stored")
    return _edges(table, "item", pa.array(total / count + 0.0), pa.array(count.astype(np.int64)))


def _with_known_owner(table: pa.Table, owner: str, ids: pa.ChunkedArray, path: Path, report: LoaderReport) -> pa.Table:
    """Leave out profiles of unknown owners, and all but the first of a repeated pair."""
    remark_on_matches(report, path.name, table.column(owner), ids, "the interactions")
    has_node = pc.is_in(table.column(owner), value_set=unique_texts(ids))
    n_strange = table.num_rows - (pc.sum(has_node).as_py() or 0)
    if n_strange:
        report.remarks.append(f"{path.name}: {n_strange} rows are of {owner}s without interactions and left out")
    table = table.filter(has_node)
    columns = [name for name in table.column_names if name not in (owner, "feature")]
    firsts = table.group_by([owner, "feature"], use_threads=False).aggregate([(name, "first") for name in columns])
    if firsts.num_rows < table.num_rows:
        report.remarks.append(f"{path.name}: {table.num_rows - firsts.num_rows} repeated pairs were left out")
    return firsts.rename_columns({f"{name}_first": name for name in columns})


def _edges(table: pa.Table, owner: str, sentiment: pa.ChunkedArray | pa.Array, count: pa.Array) -> pa.Table:
    return pa.table(
        {
            "from": table.column(owner),
            "to": table.column("feature"),
            "item": pa.repeat("", table.num_rows),
            "sentiment": sentiment,
            "count": count,
        }
    )
