"""Kill every verb that writes, on embedded stores and on outputs beside them: ``python -m tests.killing.embedded``.

Each verb is killed at random moments (``--count``), and at its own calls that change a folder, one after the other
(``--every`` third of them, for instance). What is asked after a kill stands in ``kills`` for stores. An output is the
old one, the new one, or, for a folder, none; the same command again completes it, and nothing is left beside it.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import graphrec as gr
from tests.killing import kills, outputs, verbs
from tests.killing.driving import Aim, Workers
from tests.killing.instants import count, die_at
from tests.killing.kills import HEAVY, Killer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.killing.driving import Worker

MODULES = ("tests.killing.verbs", "tests.killing.outputs", "tests.killing.instants", "graphrec.store.export")


class EmbeddedKiller(Killer):
    """Kills verbs on embedded stores below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        super().__init__(self._fresh_store, folder)
        self._workers = Workers(__name__, *MODULES, *HEAVY)

    def _fresh_store(self) -> str:
        shutil.rmtree(self._folder / f"store{self._made}", ignore_errors=True)
        self._made += 1
        return str(self._folder / f"store{self._made}")

    def kill_at(self, verb: str, numbers: Iterable[int]) -> int:
        """Kill a verb at these calls that change a folder, counted from 1; return at how many it was killed.

        A number beyond the last call is a verb that ends by itself.
        """
        uri, arguments = self._prepared(verb)
        before = kills._seen(uri)
        self._workers.duration(verbs.do, uri, verb, *arguments)
        after, content, names = kills._seen(uri), kills._content(uri), files_of(uri)
        killed = 0
        for number in numbers:
            uri, arguments = self._prepared(verb)
            outcome = ended(self._workers.start(die_at, number, verbs.do, uri, verb, *arguments))
            assert outcome in ("killed", "done"), outcome
            killed += outcome == "killed"
            kills._assert_whole(uri, before, after)
            self._workers.duration(verbs.do, uri, verb, *arguments)
            with gr.open_store(uri, read_only=True) as store:
                assert store.check().findings == ()
            assert kills._content(uri) == content, f"{verb}, killed at call {number}, ends elsewhere"
            self._workers.duration(verbs.do, uri, "rebuild")  # forgetting again, what is forgotten, writes nothing
            assert files_of(uri) == names, f"{verb}, killed at call {number}, leaves something"
        return killed

    def calls(self, verb: str) -> int:
        """Return how many calls of a verb change a folder."""
        uri, arguments = self._prepared(verb)
        return count(verbs.do, uri, verb, *arguments)


class OutputKiller:
    """Kills verbs that write a folder or a file beside a store."""

    def __init__(self, folder: Path) -> None:
        self._store, self._out = str(folder / "store"), folder / "outputs" / "out"
        self._workers = Workers(*MODULES, *HEAVY)
        with gr.open_store(self._store) as store:
            verbs.with_two_runs(store)

    def kill(self, verb: str, times: int, chance: random.Random) -> int:
        """Kill a verb ``times`` times while it works; return how many more kills came after its end."""
        old, new, seconds = self._undisturbed(verb)
        aim = Aim(chance, times, seconds)
        while not aim.is_done():
            outputs.clear(self._out)
            outputs.older(verb, self._store, self._out)
            outcome = self._workers.interrupt(aim, outputs.write, self._store, verb, str(self._out))
            self._holds(verb, outcome, old, new)
        return aim.late

    def kill_at(self, verb: str, numbers: Iterable[int]) -> int:
        """Kill a verb at these calls that change a folder; return at how many it was killed."""
        old, new, _ = self._undisturbed(verb)
        killed = 0
        for number in numbers:
            outputs.clear(self._out)
            outputs.older(verb, self._store, self._out)
            worker = self._workers.start(die_at, number, outputs.write, self._store, verb, str(self._out))
            killed += self._holds(verb, ended(worker), old, new)
        return killed

    def calls(self, verb: str) -> int:
        """Return how many calls of a verb change a folder."""
        self._undisturbed(verb)
        return count(outputs.write, self._store, verb, str(self._out))

    def _undisturbed(self, verb: str) -> tuple[dict[str, bytes], dict[str, bytes], float]:
        outputs.clear(self._out)
        outputs.older(verb, self._store, self._out)
        old = outputs.seen(self._out)
        seconds = self._workers.duration(outputs.write, self._store, verb, str(self._out))
        return old, outputs.seen(self._out), seconds

    def _holds(self, verb: str, outcome: str, old: dict[str, bytes], new: dict[str, bytes]) -> bool:
        assert outcome in ("killed", "done"), outcome
        states: list[dict[str, Any]] = [old, new, {}]
        assert outputs.seen(self._out) in states, f"{verb}: half an output"
        self._workers.duration(outputs.write, self._store, verb, str(self._out))
        assert outputs.seen(self._out) == new
        assert outputs.beside(self._out) == ["out"], f"{verb} leaves something"
        return outcome == "killed"


def ended(worker: Worker) -> str:
    """Wait for the end of work that nobody interrupts but itself; return ``killed`` or its outcome."""
    worker.wait_for_begin()
    return worker.outcome()


def files_of(uri: str) -> list[str]:
    """Return the names of a store's files, without the number of the generation that wrote them."""
    root = Path(uri)
    names = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(re.sub(r"\.g\d+\.parquet$", ".parquet", name) for name in names)


def main() -> None:
    """Kill each verb so many times while it works, and say how many more kills came after its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="kills of each verb at random moments of its work")
    parser.add_argument("--every", type=int, default=1, help="of so many calls that change a folder, one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("verbs", nargs="*", default=[*verbs.EMBEDDED, *outputs.OUTPUTS])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "stores").mkdir()
        stores, others = EmbeddedKiller(Path(place) / "stores"), OutputKiller(Path(place))
        for verb in options.verbs:
            killer = stores if verb in verbs.EMBEDDED else others
            instants = range(1, killer.calls(verb) + 1, options.every)
            killed = killer.kill_at(verb, instants)
            late = killer.kill(verb, options.count, random.Random(options.seed)) if options.count else 0
            sys.stdout.write(
                f"{verb:<16} killed at {killed} calls, and {options.count} times at random while it worked "
                f"({late} more came after its end): whole after each\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
