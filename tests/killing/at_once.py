"""Several processes work at once on one Neo4j, and every outcome is an answer or one foreseen sentence.

``python -m tests.killing.at_once --seconds 60``. Without ``NEO4J_URI`` it starts a server of its own; with it, **that
server's database is emptied**.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import graphrec as gr
from graphrec.commands.status import status_of
from graphrec.dataset.of_one_user import read_user
from graphrec.store.copying import read_all
from graphrec.store.export import export_store
from tests.killing import verbs
from tests.killing.driving import outcome_of
from tests.killing.kills import HEAVY
from tests.killing.neo4j import emptied, some_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.store.store import Store

    Job = Callable[[Store, random.Random], None]

EXPECTED = (
    "done",
    "StoreLockedError",
    "UnknownIdError",
    "InputError: the load of",
    "InputError: the run has no such reason",
    "InputError: there are no interactions",
    "UsageError: these recommendations are of other data",
)
"""How outcomes begin that are an answer: done, somebody else writes, what is gone, what is being loaded."""


def _dataset(store: Store, _: random.Random) -> None:
    dataset = gr.Dataset.from_store(store)
    degrees = np.bincount(dataset.interactions.user, minlength=len(dataset.nodes["User"]))
    assert (degrees == verbs.DEGREE).all(), "every person has 8 interactions, before and after every write"


def _one_user(store: Store, chance: random.Random) -> None:
    nodes = gr.Dataset.from_store(store).nodes
    read_user(store, _somebody(chance), nodes)


def _why(store: Store, chance: random.Random) -> None:
    for why in gr.why(store, _somebody(chance)):
        held = sum(reason.weight for reason in why.reasons)
        assert why.remainder is not None
        assert abs(held + why.remainder - why.score) < 1e-4, "the reasons and the rest are of one state"


def _status(store: Store, _: random.Random) -> None:
    status_of(store)


def _runs(store: Store, _: random.Random) -> None:
    current = [run.id for run in store.runs() if run.current]
    assert len(current) <= 1, "at most one run is current"


def _audit(store: Store, _: random.Random) -> None:
    report = gr.audit(store)
    assert report.sound, report.untrue


def _export(store: Store, _: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export_store(store, Path(folder) / "export")


def _read_all(store: Store, _: random.Random) -> None:
    store.consistent(lambda: read_all(store, store.base_dataset()), "data")


def _load(store: Store, chance: random.Random) -> None:
    store.load(verbs.tables(verbs.USERS + chance.randrange(4)), verbs.INFO)


def _recommend(store: Store, chance: random.Random) -> None:
    verbs.recommend(store, float(chance.randrange(1, 4)))


def _use(store: Store, chance: random.Random) -> None:
    runs = store.runs()
    if runs:
        store.use_run(chance.choice(runs).id)


def _keep(store: Store, _: random.Random) -> None:
    store.keep_runs(2)


def _forget(store: Store, chance: random.Random) -> None:
    store.forget(_somebody(chance))


def _effects(store: Store, _: random.Random) -> None:
    verbs.write_effects(store)


def _somebody(chance: random.Random) -> str:
    return f"u{chance.randrange(verbs.USERS):03}"


READERS = {"dataset": _dataset, "one user": _one_user, "why": _why, "status": _status, "runs": _runs, "audit": _audit,
           "export": _export, "read all": _read_all}  # fmt: skip
WRITERS = {"load": _load, "recommend": _recommend, "runs use": _use, "runs keep": _keep, "forget": _forget,
           "effects": _effects}  # fmt: skip


def work(
    uri: str, jobs: dict[str, Callable[[Store, random.Random], None]], seconds: float, seed: int, log: str
) -> None:
    """Do jobs in a random order until the time is up, and write each outcome as a line of JSON."""
    verbs.small_batches()
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    with Path(log).open("w", encoding="utf-8") as lines:
        while time.monotonic() < until:
            name = chance.choice(list(jobs))

            def job(name: str = name) -> None:
                with gr.open_store(uri) as store:
                    jobs[name](store, chance)

            lines.write(json.dumps([name, outcome_of(job)]) + "\n")


def run_at_once(uri: str, seconds: float, folder: Path, seed: int = 0) -> list[tuple[str, str]]:
    """Let two writers and two readers work at once, from an empty database on; return what each job came to."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killing.verbs", *HEAVY])
    logs = [folder / f"{n}.jsonl" for n in range(4)]
    processes = [
        context.Process(target=_work, args=(dict(os.environ), uri, n % 2 == 0, seconds, seed + n, str(log)))
        for n, log in enumerate(logs)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(seconds + 120)
        assert process.exitcode == 0, "a worker ended before its time"
    return [tuple(json.loads(line)) for log in logs for line in log.read_text(encoding="utf-8").splitlines()]


def _work(environment: dict[str, str], uri: str, writes: bool, seconds: float, seed: int, log: str) -> None:
    os.environ.update(environment)
    jobs: dict[str, Job] = WRITERS if writes else READERS
    work(uri, jobs, seconds, seed, log)


def unforeseen(outcomes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the outcomes that are no answer."""
    return [(job, outcome) for job, outcome in outcomes if not outcome.startswith(EXPECTED)]


def main() -> None:
    """Work, count the outcomes, and leave with 1 if one was not foreseen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with some_server() as uri, tempfile.TemporaryDirectory() as folder:
        outcomes = run_at_once(emptied(uri), options.seconds, Path(folder), options.seed)
        with gr.open_store(uri) as store:
            store.load(verbs.tables(), verbs.INFO)
            findings = store.check().findings
    counts = collections.Counter((job, outcome.partition(":")[0]) for job, outcome in outcomes)
    for (job, kind), count in sorted(counts.items()):
        sys.stdout.write(f"{job:<10} {count:>6,}  {kind}\n")
    odd = unforeseen(outcomes)
    for job, outcome in odd[:10]:
        sys.stdout.write(f"NOT FORESEEN: {job}: {outcome}\n")
    sys.stdout.write(f"{len(outcomes):,} outcomes, {len(odd)} not foreseen; check afterwards: {findings or 'sound'}\n")
    sys.exit(bool(odd or findings))


if __name__ == "__main__":
    main()
