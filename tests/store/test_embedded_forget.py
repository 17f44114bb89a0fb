"""Forgetting a person leaves no byte of them in the folder of an embedded store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrec.store.opening import open_store
from tests.cypher import small_graph
from tests.store.content import load_small, write_small_runs

if TYPE_CHECKING:
    from pathlib import Path


def words_of(path: Path) -> set[str]:
    """Return all texts that a Parquet file holds, those of its dictionaries that no row uses too."""
    table = pq.read_table(path, read_dictionary=pq.read_schema(path).names)
    words: set[str] = set()
    for column in table.columns:
        for chunk in column.chunks:
            values = chunk.dictionary if isinstance(chunk, pa.DictionaryArray) else chunk
            if pa.types.is_string(values.type):
                words |= set(pc.drop_null(values).to_pylist())
    return words


def test_no_file_holds_a_word_of_a_forgotten_person(tmp_path: Path) -> None:
    """A dictionary-encoded column keeps the words of removed rows, unless they are taken out of the dictionary too."""
    with open_store(tmp_path / "store") as store:
        load_small(store, small_graph.graph())
        write_small_runs(store)
        files = list((tmp_path / "store").rglob("*.parquet"))
        named = [path for path in files if any("ada" in word.split("|") for word in words_of(path))]
        assert len(named) >= 5  # users, interactions, and the recommendations and edges of runs
        store.forget("ada")
    after = list((tmp_path / "store").rglob("*.parquet"))
    assert len(after) >= 5
    assert [path.name for path in after if any("ada" in word.split("|") for word in words_of(path))] == []
