"""Stores as graphrec 0.2.0 wrote them: without the columns that came later, an effect on every row of its node.

The run in it has three nodes that came through two vias each. Worked out by hand, a node's weight is the sum of its
rows: Alien .5 − .2 = .3 (effect .6), Casablanca .4 − .1 = .3 (effect −.2: the one contradicted claim), Ridley Scott
.1 − .3 = −.2 (effect −.25: both against). Row by row, Scott's .1 would be a second contradicted claim.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from graphrec.progress import no_progress
from graphrec.schema import SCHEMA
from graphrec.schema.property_graph import DATASET, EXPLAINS, INTERACTED, RECOMMENDATION, RUN
from graphrec.store.embedded import building, manifest
from graphrec.store.embedded.folder import StoreFolder
from graphrec.store.embedded.kept import KeptWriter, part_named, read_groups
from graphrec.store.embedded.manifest import KeptRun, KeptTable, Manifest, read_manifest
from graphrec.store.embedded.sealing import CHECKSUM
from graphrec.store.opening import open_store
from graphrec.tables import RunInfo
from tests.cypher.small_graph import SPACE, explanations, reason
from tests.store.content import by_user, load_small

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.schema.elements import GraphSchema
    from graphrec.store.neo4j.neo4j_store import Neo4jStore
    from graphrec.store.store import Store
    from graphrec.tables import Explanations

COLUMNS = {
    DATASET.name: "id name loader fingerprint loaded base prefix verb declared status",
    RUN.name: "id name model fit params metrics seed versions created status current scope data split history "
    "positive_if weight_unit max_hops protected notes",
    RECOMMENDATION.name: "id name run user item score rank rest n_reasons",
    INTERACTED.name: "rating weight timestamp",
    EXPLAINS.name: "method via set weight share percent rank effect ground anchor contrast delta joint_effect flips",
}
"""The properties that 0.2.0 knew of what has more by now, in its order."""

DIGEST = "d840b4ef7848dac2"
"""``Manifest.tables_digest`` of the tables that 0.2.0 made: that of its ``cypher/schema/ladybug.cypher``."""

_ROWS = (
    ("Item", "alien", "history", SPACE, 0.5, 1, 0.6),
    ("Item", "casa", "history", SPACE, 0.4, 2, -0.2),
    ("Entity", "scott", "entity", SPACE, 0.1, 3, -0.25),
    ("Entity", "scott", "entity", "relation:director", -0.3, -1, -0.25),
    ("Item", "alien", "history", "self", -0.2, -2, 0.6),
    ("Item", "casa", "history", "self", -0.1, -3, -0.2),
)
_ABSOLUTE = 1.6
"""Sum of the absolute weights."""


_RECORDS = {"RUN": RUN, "DATASET": DATASET}


def strip_server(store: Neo4jStore) -> None:
    """Take what 0.2.0 did not write from the records in a server's store."""
    store._connection.write("MATCH (r:Run) REMOVE r.dataset, r.number")
    store._connection.write("MATCH (d:Dataset) REMOVE d.generation")


def older_run(data: str) -> tuple[RunInfo, Explanations]:
    """Return a run of 0.2.0: Dune for ada, with six rows for three nodes."""
    run = RunInfo("older", "resolved, then", "resolved", "fit-1", "2026-01-10T00:00:00Z", data, "score", max_hops=2)
    anchors = {"alien": "alien", "casa": "casa", "scott": "alien"}
    reasons = [
        reason("ada", "dune", label, node, ground, weight, weight / _ABSOLUTE, rank, effect, anchors[node], via=via)
        for label, node, ground, via, weight, rank, effect in _ROWS
    ]
    recommended = {"user": "ada", "item": "dune", "name": "Dune", "score": 1.0, "rank": 1, "rest": 0.6, "n_reasons": 6}
    return run, explanations([recommended], reasons, factors=True)


def write_older_run(store: Store) -> None:
    """Write the small graph and the run of 0.2.0, whose newer properties are null."""
    run, batch = older_run(load_small(store))
    store.write_run(run, by_user(batch))


def make_older_store(folder: Path) -> None:
    """Make an embedded store in the form of 0.2.0: its tables, its database, its manifest."""
    with open_store(str(folder)) as store:
        write_older_run(store)
    place = StoreFolder(folder)
    present = read_manifest(place)
    assert present is not None
    runs = tuple(KeptRun(run.info, tuple(_stripped(place, table) for table in run.tables)) for run in present.runs)
    data = tuple(_stripped(place, table) for table in present.data)
    old = OlderManifest(present.generation, present.datasets, data, runs)
    older = {name: replace(each, properties=_older(each.name, each.properties)) for name, each in _RECORDS.items()}
    with patch.multiple(building, **older):
        database = building.Builder(place.database, place, no_progress).build(old)
    content = manifest._encode(replace(old, database=database))
    del content["database"]["tables"]
    for entry in content["runs"]:
        del entry["info"]["additive"]
    content = before_several_datasets(content, old.fingerprint("small"), "older")
    place.manifest.write_text(json.dumps({**content, "format": 1, "graphrec": "0.2.0"}))
    place.manifest_copy.unlink()


def before_several_datasets(content: dict[str, Any], fingerprint: str, current: str) -> dict[str, Any]:
    """Return a manifest's content as it was before 0.4: one data set, one current run, no numbers, no checksum."""
    without = {"dataset", "number", "generation"}

    def less(entry: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in entry.items() if name not in without}

    runs = [{"info": less(run["info"]), "tables": [less(table) for table in run["tables"]]} for run in content["runs"]]
    return {
        **{name: value for name, value in content.items() if name != CHECKSUM},
        "format": 2,
        "datasets": [less(entry) for entry in content["datasets"]],
        "data": [less(entry) for entry in content["data"]],
        "runs": runs,
        "fingerprint": fingerprint,
        "current": current,
    }


class OlderManifest(Manifest):
    """A manifest whose database has the tables of 0.2.0."""

    @property
    def schema(self) -> GraphSchema:
        """The schema of 0.2.0."""
        return schema_of_0_2_0()


_NEWER_PAIRS = (("Attribute", "Factor"), ("Factor", "Factor"))


def schema_of_0_2_0() -> GraphSchema:
    """Return the schema with the properties and the pairs of labels that 0.2.0 knew."""
    labels = tuple(replace(each, properties=_older(each.name, each.properties)) for each in SCHEMA.labels)
    types = tuple(
        replace(
            each,
            properties=_older(each.name, each.properties),
            pairs=tuple(pair for pair in each.pairs if pair not in _NEWER_PAIRS),
        )
        for each in SCHEMA.relationships
    )
    return replace(SCHEMA, labels=labels, relationships=types)


def _older(owner: str, properties: tuple[Any, ...]) -> tuple[Any, ...]:
    names = COLUMNS[owner].split() if owner in COLUMNS else [p.name for p in properties]
    return tuple(next(p for p in properties if p.name == name) for name in names)


def _stripped(folder: StoreFolder, table: KeptTable) -> KeptTable:
    """Write a kept table again, without the newer columns."""
    part = part_named(table)
    owner, ends = (part.name, []) if part.kind is None else (part.kind.type, ["from", "to"])
    if owner not in COLUMNS:
        return table
    groups = [rows.select([*ends, *COLUMNS[owner].split()]) for rows in read_groups(folder, table)]
    writer = KeptWriter(folder, folder.tables / table.path, table.part)
    for rows in groups:
        writer.add(rows)
    return writer.close()
