"""What may still hold something of a forgotten person, and what removes it there.

A store removes the person from its own data, runs and tables. What it cannot remove is of two kinds: records in it that
people named, and what lies elsewhere, of which a store does not know whether it exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.store.derived import cache_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.tables.records import DatasetInfo, RunInfo


@dataclass(frozen=True)
class Remainder:
    """A place that holds, or may hold, something of a forgotten person.

    Attributes:
        what: the place, and what of the person it holds.
        remedy: what removes it.
    """

    what: str
    remedy: str


_ELSEWHERE = (
    Remainder(
        "the files that were loaded, backups and copies of the store hold all of the person",
        "Remove the person there too: a load of the same files brings them back",
    ),
    Remainder(
        "folders of models, and checkpoints of their training, hold the ids of the people they were trained on, and "
        "what was learned from them",
        "Train again: graphrec train MODEL --out FOLDER; remove the folders that are not needed",
    ),
    Remainder(
        "split files hold ids with the items of each person",
        "Cut again: graphrec split; remove the old files",
    ),
    Remainder(
        "exports, folders of recommend --out, pages of --html and files of --users hold what they were made from",
        "Make them again, or remove them",
    ),
)

_OF_A_SERVER = (
    Remainder(
        "Neo4j's transaction logs hold what was written until they are pruned, two days or longer as Neo4j comes, and "
        "its files the bytes of removed records until their place is needed",
        "Build the database anew, which leaves nothing: graphrec export FOLDER, stop the server, and in the folder "
        "sh import.sh neo4j --overwrite-destination. For the logs alone: "
        "db.tx_log.rotation.retention_policy=keep_none in neo4j.conf and a start of the server; what is older than the "
        "present log file goes with the next checkpoint (Enterprise: CALL db.checkpoint())",
    ),
)


def remains_of(
    user_id: str, datasets: Sequence[DatasetInfo], runs: Sequence[RunInfo], engine: str
) -> tuple[Remainder, ...]:
    """Return what may still hold something of a person whom a store has forgotten.

    Args:
        user_id: the person's id.
        datasets: the store's data sets; their ids and names may have been made from the names of files.
        runs: its runs; their notes and settings are text of people's own.
        engine: the store's; a server keeps logs and removed records.
    """
    word = re.compile(rf"(?<!\w){re.escape(user_id)}(?!\w)")
    found = []
    for info in datasets:
        if word.search(info.id) or word.search(info.name):
            what = f"the data set {info.id!r} ({info.name}) is named with the person's id"
            found.append(Remainder(what, "If that is this person: load under another name into a new store"))
    for run in runs:
        row = run.to_row()
        texts = [f"{name}" for name, value in row.items() if isinstance(value, str) and word.search(value)]
        if texts:
            what = f"the run {run.id!r} has the person's id in: {', '.join(texts)}"
            found.append(Remainder(what, f"If that is this person: graphrec runs delete {run.id}"))
    cache = Remainder(
        "other accounts and machines, and other addresses of this store, may have its graph in a cache",
        f"Remove the folder there; here it is {cache_folder()}",
    )
    return (*found, *_ELSEWHERE, cache, *(_OF_A_SERVER if engine == "neo4j" else ()))
