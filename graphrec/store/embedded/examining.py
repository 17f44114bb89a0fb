"""Read everything in a database and print rows and hash of each part as JSON (``integrity`` starts it).

Runs as a process of its own: the engine may crash on a damaged file, and must not take the caller with it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import GraphrecError
from graphrec.store.embedded.address_space import EngineMemoryError
from graphrec.store.embedded.engine import Engine
from graphrec.store.embedded.folder import StoreFolder
from graphrec.store.embedded.integrity import UNREADABLE
from graphrec.store.embedded.manifest import Manifest, read_manifest
from graphrec.store.embedded.reader import Reader
from graphrec.tables.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Examine the database ``arguments[1]`` of the store in ``arguments[0]``."""
    manifest = read_manifest(StoreFolder(Path(arguments[0]))) or Manifest()
    schema = manifest.schema
    fingerprint = Fingerprint()
    try:
        with Engine(Path(arguments[1]), read_only=True) as engine:
            reader = Reader(engine, schema)
            for label in schema.label_names():
                for batch in reader.nodes(label, None):
                    fingerprint.add(label, batch)
            for kind in schema.edge_kinds():
                for batch in reader.edges(kind, None):
                    fingerprint.add(str(kind), batch)
    except GraphrecError as error:
        sys.stderr.write(f"{error.what}\n")
        return 1 if isinstance(error, EngineMemoryError) else UNREADABLE
    sys.stdout.write(json.dumps(fingerprint.parts))
    return 0
