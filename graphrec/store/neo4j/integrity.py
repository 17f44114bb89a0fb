"""Compare what is stored with what was set down when it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec import queries
from graphrec.schema.neo4j import required_elements
from graphrec.schema.property_graph import SCHEMA
from graphrec.store.accounts import CheckReport, Finding
from graphrec.store.content import data_batches, own_rows
from graphrec.store.neo4j.consistent_reading import state_of
from graphrec.store.neo4j.foreign import described, loose_nodes
from graphrec.tables.families import bases, family, latest
from graphrec.tables.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from graphrec.progress import Progress
    from graphrec.store.neo4j.connection import Connection
    from graphrec.store.store import Store

_LOAD_AGAIN = "Load the same files again: what is missing is put back"
_MOVE = "graphrec did not write them: give them another label, or keep graphrec's data in another database"
_REMOVE_AGAIN = "Remove it again: graphrec remove DATASET"
_WRITE_AGAIN = "Delete the run (graphrec runs delete ID), then recommend again"


def check(store: Store, connection: Connection, progress: Progress) -> CheckReport:
    """Examine the constraints, the data and the runs."""
    findings = [
        Finding(f"the constraint or index {name} is missing", store.uri, "It is made anew by the next load or run")
        for name in missing_ddl(connection)
    ]
    foreign = loose_nodes(connection)
    if foreign:
        what = f"nodes have a label of graphrec's, and no text as their id: {described(foreign)}"
        findings.append(Finding(what, store.uri, _MOVE))
        return CheckReport(foreign, tuple(findings))
    contents = _fingerprints(store, progress)
    findings += _data_findings(store, {name: content.text() for name, content in contents.items()})
    progress("checking runs", 0, 0)
    writes = state_of(connection).writer is not None
    rows = connection.read(queries.load("store/check_runs", "neo4j").text)
    for row in rows:
        if row["status"] == "complete" or not writes:  # else somebody is writing it now
            findings += _run_findings(row)
    examined: dict[str, int] = {}
    for content in contents.values():
        for part, counted in content.parts.items():
            examined[part] = examined.get(part, 0) + counted.rows
    examined["Run"] = len(rows)
    for name in ("recommendations", "reasons"):
        examined[name] = sum(row[name] for row in rows)
    return CheckReport(examined, tuple(findings))


def missing_ddl(connection: Connection) -> dict[str, str]:
    """Return the statements, by name, that make the constraints and indexes that are not there under any name."""
    rows = connection.read(queries.load("store/constraints", "neo4j").text)
    present = {(row["label"], row["property"], unique) for row in rows for unique in {False, row["unique"]}}
    return {one.name: one.text for one in required_elements(SCHEMA) if tuple(one) not in present}


def _fingerprints(store: Store, progress: Progress) -> dict[str, Fingerprint]:
    """Return the fingerprint of what is stored of each base data set; all is read once."""
    datasets = store.datasets()
    contents = {base.id: Fingerprint() for base in bases(datasets)}
    for part, batch in data_batches(store, progress):
        for base in bases(datasets):
            own = own_rows(part, batch, datasets, base)
            if own.num_rows:
                contents[base.id].add(str(part), own)
    return contents


def _data_findings(store: Store, fingerprints: Mapping[str, str]) -> Iterator[Finding]:
    for base, fingerprint in fingerprints.items():
        records = family(store.datasets(), base)
        unfinished = [info for info in records if info.status != "complete"]
        for info in unfinished:
            done, remedy = ("loaded", _LOAD_AGAIN) if info.status == "loading" else ("removed", _REMOVE_AGAIN)
            yield Finding(f"a data set was not {done} to its end", f"Dataset {info.id}", remedy)
        recorded = latest(records).fingerprint
        if not unfinished and fingerprint != recorded:
            what = f"the data is not what was loaded: its fingerprint is {fingerprint}, not {recorded}"
            yield Finding(what, f"{store.uri}, Dataset {base}", _LOAD_AGAIN)


def _run_findings(row: Mapping[str, Any]) -> Iterator[Finding]:
    where = f"Run {row['run']}"
    if row["status"] != "complete":
        yield Finding(
            "a run was left half-written or half-removed; no query sees it",
            where,
            "Repeat the command, or remove what is left: graphrec runs delete ID",
        )
        return
    for name, written in (("recommendations", row["written"]), ("reasons", row["reasons_written"])):
        if written is not None and written != row[name]:
            yield Finding(f"the run holds {row[name]} {name}, and {written} were written", where, _WRITE_AGAIN)
    if row["miscounted"]:
        yield Finding(f"{row['miscounted']} recommendations have another number of reasons", where, _WRITE_AGAIN)
    if row["loose"]:
        yield Finding(f"{row['loose']} recommendations lack their user, item or run", where, _WRITE_AGAIN)
