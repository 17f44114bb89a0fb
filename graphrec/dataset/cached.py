"""The arrays of a data set in the local cache, from which they are mapped into memory instead of read from the store.

What is kept is named by the fingerprint of the stored data, the version of graphrec, and what a data set holds; it has
a checksum of every array (``graphrec.store.derived``). Where any of these is another, or a byte is, the store is read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

import graphrec
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import LINKS, NODES
from graphrec.dataset.knowledge import Knowledge
from graphrec.dataset.mentions import Mentions
from graphrec.store import derived

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.source import DataSource

WORTHWHILE = 1_000_000
"""Interactions from which on a data set is kept: fewer are read in less than a second."""

FORMAT = 1

_INTERACTIONS = ("user", "item", "rating", "weight", "timestamp")
_FACTS = ("head", "relation", "tail")
_MENTIONS = ("user", "item", "feature", "sentiment", "count")


def find_arrays(source: DataSource, fingerprint: str) -> dict[str, Any] | None:
    """Return the arrays of a data set, mapped from the cache; None where it does not have them.

    Args:
        source: one data set of a store, which the fingerprint is of.
        fingerprint: of its data now.

    Returns:
        ``nodes``, ``interactions``, ``links``, ``knowledge`` and ``mentions``, as the fields of ``Dataset``.
    """
    if not source.is_sealed:
        return None
    arrays = derived.find(_name(source), fingerprint, _what(), mapped=True)
    return None if arrays is None else _unpacked(arrays)


def keep_arrays(source: DataSource, fingerprint: str, fields: Mapping[str, Any]) -> None:
    """Keep the arrays of a data set, where that is worth it and the fingerprint tells whether they are still right."""
    if source.is_sealed and len(fields["interactions"]) >= WORTHWHILE:
        derived.keep(_name(source), fingerprint, _what(), _packed(fields))


def _name(source: DataSource) -> str:
    """Return a name for the cache, which keeps one state of each: data sets of one store have names of their own."""
    return f"{source.uri}#{source.dataset}"


def _what() -> str:
    held = {"nodes": [list(kind) for kind in NODES.values()], "links": list(LINKS)}
    return json.dumps({"data set": FORMAT, "graphrec": graphrec.__version__, **held}, sort_keys=True)


def _packed(fields: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {}
    for label, ids in fields["nodes"].items():
        arrays[f"nodes/{label}"] = _bytes_of(ids.to_table())
    for part, names in (("interactions", _INTERACTIONS), ("knowledge", _FACTS), ("mentions", _MENTIONS)):
        arrays |= {f"{part}/{name}": getattr(fields[part], name) for name in names}
    arrays["relations"] = _bytes_of(pa.table({"name": pa.array(fields["knowledge"].relations, pa.string())}))
    for name, kind in LINKS.items():
        links = fields["links"][kind]
        arrays |= {f"links/{name}/indptr": links.indptr, f"links/{name}/indices": links.indices}
    return arrays


def _unpacked(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    nodes = {label: IdMap.from_sorted(label, _table_of(arrays[f"nodes/{label}"])) for label in NODES}
    head, relation, tail = (arrays[f"knowledge/{name}"] for name in _FACTS)
    relations = tuple(_table_of(arrays["relations"])["name"].to_pylist())
    links = {
        kind: Incidence(arrays[f"links/{name}/indptr"], arrays[f"links/{name}/indices"], len(nodes[kind.target]))
        for name, kind in LINKS.items()
    }
    return {
        "nodes": nodes,
        "interactions": Interactions(*(arrays[f"interactions/{name}"] for name in _INTERACTIONS)),
        "links": links,
        "knowledge": Knowledge(head, relation, tail, relations, len(nodes["Item"]), len(nodes["Entity"])),
        "mentions": Mentions(*(arrays[f"mentions/{name}"] for name in _MENTIONS)),
    }


def _bytes_of(table: pa.Table) -> npt.NDArray[np.uint8]:
    """Return a table in Arrow's form for streams, which is read without a copy."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return np.frombuffer(sink.getvalue(), dtype=np.uint8)


def _table_of(written: npt.NDArray[np.uint8]) -> pa.Table:
    return pa.ipc.open_stream(pa.py_buffer(written)).read_all()
