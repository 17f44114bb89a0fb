"""Kill every verb that writes on a Neo4j: ``python -m tests.killing.neo4j --count 50``.

Without ``NEO4J_URI`` it starts a server of its own; with it, **that server's database is emptied**.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec import server
from tests.conftest import empty_neo4j
from tests.killing.kills import Killer
from tests.killing.verbs import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def some_server() -> Iterator[str]:
    """The URI of the server that ``NEO4J_URI`` names, or of one that lives as long as this."""
    if os.environ.get("NEO4J_URI"):
        yield os.environ["NEO4J_URI"]
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        info = server.start(home, bolt_port=0, http_port=0)
        assert info.password_file is not None
        os.environ.update(NEO4J_USERNAME="neo4j", NEO4J_PASSWORD=info.password_file.read_text().strip())
        try:
            yield info.bolt_uri
        finally:
            server.stop(home, discard=True)


def emptied(uri: str) -> str:
    """Empty the database of a server, and return its URI."""
    empty_neo4j(uri, os.environ["NEO4J_PASSWORD"])
    return uri


def main() -> None:
    """Kill each verb so many times while it works, and say how many more kills came after its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50, help="kills of each verb while it works")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("verbs", nargs="*", default=list(VERBS))
    options = parser.parse_args()
    with some_server() as uri, tempfile.TemporaryDirectory() as folder:
        killer = Killer(lambda: emptied(uri), Path(folder))
        for verb in options.verbs:
            late = killer.kill(verb, options.count, random.Random(options.seed))
            sys.stdout.write(
                f"{verb:<14} {options.count} kills while it worked ({late} more came after its end): whole after each\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
