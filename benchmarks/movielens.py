"""MovieLens for benchmarks: its folder, and an embedded store that holds it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.loaders import movielens
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from graphrec.store.store import Store


def data_folder() -> Path:
    """Return the folder of data sets: ``GRAPHREC_DATA``, or ``shared/data`` beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("GRAPHREC_DATA", beside))


def loaded_store(source: Path, folder: Path) -> Store:
    """Load a MovieLens release, with people and genres but without the DBpedia graph, into a new embedded store."""
    loaded = movielens.load(source, dbpedia=False)
    store = open_store(str(folder))
    store.load(loaded.tables, loaded.info)
    return store
