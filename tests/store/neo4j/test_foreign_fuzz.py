"""Whatever graph lies in a database, every outcome is an answer or one sentence, and the graph stays as it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import graphrec as gr
from graphrec.commands.status import status_of
from graphrec.schema import SCHEMA
from graphrec.store.export import export_store
from graphrec.store.neo4j import Neo4jStore
from tests.killing.driving import outcome_of
from tests.store.content import load_small, write_small_runs
from tests.store.neo4j.foreign_graphs import bare, graph, put, schema, session

if TYPE_CHECKING:
    import pytest

OWN_LABELS = (*SCHEMA.label_names(), "StoreLock")
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False, width=32), st.sampled_from(["", "x", "y"]),
    st.lists(st.integers(0, 3), max_size=2), st.dates(),
)  # fmt: skip
PROPERTIES = st.dictionaries(
    st.sampled_from(["id", "name", "status", "run", "user", "current", "fit", "loaded", "owner", "kind", "colour"]),
    VALUES,
    max_size=5,
)
LABELS = st.lists(st.sampled_from([*OWN_LABELS, "Film", "Person", "Shop"]), max_size=2, unique=True)
NODES = st.lists(st.tuples(LABELS, PROPERTIES), min_size=1, max_size=5)
EDGES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["INTERACTED", "EXPLAINS", "RECEIVED", "FROM_RUN", "HAS_ATTRIBUTE", "RATED"]),
        st.integers(0, 4),
        PROPERTIES,
    ),
    max_size=4,
)
NAMES = st.sampled_from(["mine", "graphrec_user_id", "graphrec_recommendation_run"])
PLACES = st.tuples(st.sampled_from(["User", "Item", "Recommendation", "Film"]), st.sampled_from(["id", "name", "run"]))
ELEMENTS = st.lists(st.tuples(NAMES, PLACES, st.booleans()), max_size=2)


@given(nodes=NODES, edges=EDGES, elements=ELEMENTS, beside=st.booleans())
@settings(
    max_examples=int(os.environ.get("GRAPHREC_FUZZ", "12")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_lies_there_every_outcome_is_an_answer_or_a_sentence(
    bare_neo4j: str, tmp_path_factory: pytest.TempPathFactory, nodes: Any, edges: Any, elements: Any, beside: bool
) -> None:
    bare(bare_neo4j)
    if beside:
        with Neo4jStore(bare_neo4j) as store:
            load_small(store)
            write_small_runs(store)
    with session(bare_neo4j) as opened:
        put(opened, nodes, edges, elements)
        theirs, before, made = graph(opened, "WHERE n.foreign IS NOT NULL"), graph(opened), schema(opened)
        with Neo4jStore(bare_neo4j) as store:
            loaded = outcome_of(load_small, store)
            if loaded != "done" and not beside:
                assert (graph(opened), schema(opened)) == (before, made), loaded
            folder = tmp_path_factory.mktemp("export") / "out"
            for work in (
                store.check,
                lambda: status_of(store),
                lambda: gr.Dataset.from_store(store),
                lambda: export_store(store, folder),
                lambda: gr.why(store, "ada"),
                lambda: gr.audit(store),
                lambda: store.forget("ben"),
                lambda: store.keep_runs(0),
            ):
                loaded += f"\n{outcome_of(work)}"
        assert "unexpected" not in loaded, loaded
        assert graph(opened, "WHERE n.foreign IS NOT NULL") == theirs
