"""A data set from tables in memory is the one that a store gives."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.in_memory import TableSource
from graphrec.errors import InputError, SchemaError, UsageError
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.loading.interactions import INTERACTED
from graphrec.models.ease import EASE
from graphrec.schema import EdgeKind
from graphrec.store.opening import open_store
from graphrec.tables import DatasetInfo, GraphTables
from tests.cypher import small_graph
from tests.loading.test_frames_to_tables import shop
from tests.store.content import SMALL

if TYPE_CHECKING:
    from pathlib import Path


def assert_same(one: Any, other: Any, where: str = "dataset") -> None:
    """Compare field by field: ids in their order, arrays with their types, fingerprints."""
    assert type(one) is type(other), where
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, where
        np.testing.assert_array_equal(one, other, err_msg=where)
    elif isinstance(one, pa.Array):
        assert one.type == other.type, where
        assert one.equals(other), where
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}[{key}]")
    else:
        assert one == other, where


def both(tables: GraphTables, info: DatasetInfo, folder: Path, positive_if: str = "") -> tuple[Dataset, Dataset]:
    with open_store(str(folder)) as store:
        store.load(tables, info)
        return Dataset.from_tables(tables, info, positive_if), Dataset.from_store(store, positive_if)


def test_a_graph_with_every_kind_of_node_and_edge(tmp_path: Path) -> None:
    mine, stored = both(small_graph.graph(), SMALL, tmp_path, "rating>=3")
    assert_same(mine, stored)
    assert len(mine.positives.indices) == 7
    assert len(mine.knowledge) > 0


def test_frames_by_hand(tmp_path: Path) -> None:
    loaded = shop()
    mine, stored = both(loaded.tables, loaded.info, tmp_path)
    assert_same(mine, stored)
    assert mine.users.ids.to_pylist() == ["ann", "bob", "dan"]
    assert mine.users.columns["name"].to_pylist() == ["Ann", "bob", "Dan"]


def test_nothing_but_interactions(tmp_path: Path) -> None:
    loaded = frames_to_tables(pd.DataFrame({"user": [2, 10, 2], "item": ["b", "a", "a"]}))
    mine, stored = both(loaded.tables, loaded.info, tmp_path)
    assert_same(mine, stored)
    assert mine.users.ids.to_pylist() == ["10", "2"]
    assert mine.taken.csr().toarray().tolist() == [[1, 0], [1, 1]]
    assert np.isnan(mine.interactions.rating).all()


def test_of_repeated_edges_the_last_counts_as_in_a_store(tmp_path: Path) -> None:
    graph = small_graph.graph()
    values = {"rating": [1.0, 3.0], "weight": [2.0, 5.0], "timestamp": [1, None]}
    again = pa.table({"from": ["ada", "ada"], "to": ["alien", "alien"], **values})
    edges = {**graph.edges, INTERACTED: pa.concat_tables([graph.edges[INTERACTED], again], promote_options="default")}
    related = EdgeKind("RELATED_TO", "Entity", "Entity")
    edges[related] = pa.concat_tables([graph.edges[related]] * 2)
    mine, stored = both(GraphTables(graph.nodes, edges), SMALL, tmp_path)
    assert_same(mine, stored)
    assert len(mine.interactions) == 8
    first = mine.interactions
    assert (first.rating[0], first.weight[0]) == (3.0, 5.0)
    assert np.isnan(first.timestamp[0])


def test_encoded_columns_and_empty_tables(tmp_path: Path) -> None:
    graph = small_graph.graph()
    nodes = {
        label: pa.table({n: c.dictionary_encode() if n in ("name", "kind") else c
                         for n, c in zip(table.column_names, table.columns, strict=True)})
        for label, table in graph.nodes.items()
    }  # fmt: skip
    edges = {kind: table.slice(0, 0) if kind.type == "HAS_ATTRIBUTE" else table for kind, table in graph.edges.items()}
    mine, stored = both(GraphTables(nodes, edges), SMALL, tmp_path)
    assert_same(mine, stored)
    assert not mine.item_attributes.n_entries


def test_movielens_small_through_pandas(data: Path, tmp_path: Path) -> None:
    folder = data / "movielens-small-2016"
    ratings, movies = (pd.read_csv(folder / f"{name}.csv") for name in ("ratings", "movies"))
    movies["year"] = movies["title"].str.extract(r"\((\d{4})\)\s*$")[0].astype("Int64")
    loaded = frames_to_tables(
        ratings,
        user="userId",
        item="movieId",
        rating="rating",
        timestamp="timestamp",
        items=movies,
        item_name="title",
        item_attributes={"genres": "|"},
        item_properties=["year"],
        name="movielens",
    )
    mine, stored = both(loaded.tables, loaded.info, tmp_path, "rating>=3")
    assert_same(mine, stored)
    assert (len(mine.users), len(mine.items), len(mine.interactions)) == (671, 9125, 100_004)
    assert mine.item_attributes.n_entries == movies["genres"].str.count(r"\|").sum() + len(movies)
    assert len(mine.positives.indices) == (ratings["rating"] >= 3).sum()
    place = mine.items.positions(["1"])[0]
    assert mine.items.columns["name"][int(place)].as_py() == "Toy Story (1995)"


def test_a_model_learns_from_it() -> None:
    loaded = frames_to_tables(pd.DataFrame({"user": [1, 1, 2, 3], "item": list("abca")}))
    dataset = Dataset.from_tables(loaded.tables, loaded.info)
    (scores,) = EASE(reg=1.0).fit(dataset).score_users(dataset, ["3"])
    assert scores.shape == (3,)
    assert scores[1] > scores[2] == 0  # user 3 took a, which b was taken with, and c was not


def test_what_a_store_would_refuse_is_refused() -> None:
    graph = small_graph.graph()
    with pytest.raises(InputError, match="which is not here"):
        Dataset.from_tables(graph, replace(SMALL, base="another"))
    with pytest.raises(SchemaError, match="Run is not loaded as data"):
        Dataset.from_tables(
            GraphTables({**graph.nodes, "Run": pa.table({"id": ["r"], "name": ["r"]})}, graph.edges), SMALL
        )
    with pytest.raises(InputError, match="names the Item 'alien', which is nowhere"):
        Dataset.from_tables(GraphTables({"User": graph.nodes["User"]}, {INTERACTED: graph.edges[INTERACTED]}), SMALL)
    with pytest.raises(InputError, match=r"there are no interactions \(tables of Small\)"):
        Dataset.from_tables(GraphTables(graph.nodes, {}), SMALL)
    with pytest.raises(UsageError, match="does not say which interactions are positive"):
        Dataset.from_tables(graph, SMALL, "stars>3")


def test_reading_the_tables_like_a_store() -> None:
    source = TableSource(small_graph.graph(), SMALL)
    assert source.datasets() == [SMALL]
    names = pa.Table.from_batches(source.read_nodes("Feature", ["name"]))
    assert names.to_pydict() == {"name": ["story", "pacing"]}
    assert list(source.read_nodes("Factor")) == []
    items = pa.array(["fargo", "alien"])
    ends = source.index_edges(INTERACTED, pa.array(["dan", "ada"]), items, ["weight"])
    pairs = {(int(u), int(i)) for u, i in zip(ends["from"], ends["to"], strict=True)}
    assert pairs == {(0, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)}
    assert source.index_edges(EdgeKind("FRIEND_OF", "User", "User"), items, items)["from"].dtype == np.int32


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["rating", "weight"])
@pytest.mark.parametrize("value", [3.5e38, -1e300, np.inf])
def test_a_stored_number_beyond_single_precision_is_refused(name: str, value: float) -> None:
    tables = small_graph.graph()
    edges = tables.edges[INTERACTED]
    values = [value, *edges.column(name).to_pylist()[1:]]
    edges = edges.set_column(edges.column_names.index(name), name, pa.array(values, pa.float64()))
    changed = GraphTables(tables.nodes, {**tables.edges, INTERACTED: edges})
    with pytest.raises(InputError, match=rf"1 interaction in the store has a {name} beyond ±3.4e38"):
        Dataset.from_tables(changed, SMALL)
