"""Kill every verb that writes, again and again; after each kill the store has to be whole.

What is asked after a kill: readers see the state before the verb or the one after it, and nothing between; the same
command again completes; ``check`` finds nothing; and the store then holds what it holds where nobody was killed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import graphrec as gr
from graphrec.errors import InputError
from tests.killing import verbs
from tests.killing.driving import Aim, Workers

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

HEAVY = (
    "torch",
    "neo4j",
    "graphrec.api.recommendations",
    "graphrec.models.ease",
    "graphrec.refreshing.refreshing",
    "graphrec.store.neo4j.neo4j_store",
    "graphrec.store.embedded.embedded_store",
)
"""What verbs import when they run."""


class Killer:
    """Kills verbs on stores of one engine.

    Args:
        fresh: empties the store and returns its URI, or returns that of a new one.
        folder: for the store that others are copied from.
    """

    def __init__(self, fresh: Callable[[], str], folder: Path) -> None:
        self._fresh = fresh
        self._source = str(folder / "source")
        self._workers = Workers("tests.killing.verbs", *HEAVY)
        with gr.open_store(self._source) as store:
            verbs.with_two_runs(store)

    def kill(self, verb: str, times: int, chance: random.Random) -> int:
        """Kill a verb ``times`` times while it works, and return how many more kills came after its end."""
        uri, arguments = self._prepared(verb)
        before = _seen(uri)
        seconds = self._workers.duration(verbs.do, uri, verb, *arguments)
        after, content = _seen(uri), _content(uri)
        aim = Aim(chance, times, seconds)
        while not aim.is_done():
            uri, arguments = self._prepared(verb)
            outcome = self._workers.interrupt(aim, verbs.do, uri, verb, *arguments)
            assert outcome in ("killed", "done"), outcome
            _assert_whole(uri, before, after)
            self._workers.duration(verbs.do, uri, verb, *arguments)
            with gr.open_store(uri, read_only=True) as store:
                assert store.check().findings == ()
            found = _content(uri)
            differing = {part for part in found | content if found.get(part) != content.get(part)}
            assert not differing, f"{verb}: other {differing} than where nobody is killed"
        return aim.late

    def _prepared(self, verb: str) -> tuple[str, tuple[str, ...]]:
        uri = self._fresh()
        self._workers.duration(verbs.prepare, uri, verb)
        return uri, verbs.arguments(verb, uri, self._source)


def _content(uri: str) -> dict[str, Any]:
    with gr.open_store(uri) as store:
        return verbs.content(store)


def _seen(uri: str) -> dict[str, Any]:
    """Return what readers see: the data, each run, and which is current."""
    with gr.open_store(uri) as store:
        runs = store.runs()
        seen: dict[str, Any] = {run.id: verbs.run_content(store, run.id) for run in runs}
        seen["current"] = [run.id for run in runs if run.current]
        try:
            dataset = gr.Dataset.from_store(store)
            seen["data"] = (dataset.fingerprint, len(dataset.interactions), store.fingerprint())
        except InputError as error:
            seen["data"] = type(error).__name__  # nothing is loaded, or a load did not finish, and both are said
        return seen


def _assert_whole(uri: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    for part, seen in _seen(uri).items():
        allowed = [state[part] for state in (before, after) if part in state]
        if part == "data":
            allowed.append("InputError")
        assert seen in allowed, f"a reader sees half a {part}"
