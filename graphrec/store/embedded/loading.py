"""Put a data set's tables together with those that are kept, and write what changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from graphrec.store.admission import refuse_foreign, refuse_misplaced, with_earlier
from graphrec.store.embedded.kept import ROW_GROUP, KeptWriter, Part, compact, hash_of, node_ids, parts_of, read_kept
from graphrec.store.merging import check_ends, merge_edges, merge_nodes
from graphrec.tables.conform import conform
from graphrec.tables.fingerprint import PartHash
from graphrec.tables.stated import brought_columns, is_counted, stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import KeptTable, Manifest
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo


@dataclass
class Change:
    """The change that a load makes: the parts that differ from what is kept, with their hashes."""

    tables: dict[Part, pa.Table] = field(default_factory=dict)
    hashes: dict[Part, PartHash] = field(default_factory=dict)


def admit(manifest: Manifest, info: DatasetInfo, where: str) -> tuple[DatasetInfo, tuple[DatasetInfo, ...]]:
    """Return ``info`` with what earlier loads said of it, and the data sets with it: base data sets first.

    Raises:
        InputError: a second base data set without an id prefix of its own, or an overlay whose base is not here.
        SchemaError: a property is declared that is here with another type.
    """
    others = tuple(loaded for loaded in manifest.datasets if loaded.id != info.id)
    refuse_misplaced(info, manifest.datasets, where)
    manifest.schema.with_declared(info.declared)
    info = with_earlier(info, next((loaded for loaded in manifest.datasets if loaded.id == info.id), None))
    return info, tuple(sorted((*others, info), key=lambda loaded: bool(loaded.base)))


def merge(folder: StoreFolder, manifest: Manifest, merged: Manifest, tables: GraphTables) -> Change:
    """Upsert ``tables`` into what is kept and return the parts that changed.

    Args:
        folder: the store.
        manifest: what is kept now.
        merged: the same with the new data sets; gives the schema.
        tables: new nodes and edges.

    Raises:
        SchemaError: a table does not fit the schema, or is not data.
        InputError: an end of an edge is nowhere.
    """
    refuse_foreign(tables, merged.schema)
    given = {part.name: table for part, table in parts_of(tables).items()}
    kept = {table.part: table for table in manifest.data}
    ids: dict[str, pa.Array] = {}
    change = Change()
    for part, table in parts_of(conform(tables, merged.schema)).items():
        old = read_kept(folder, kept[part.name]) if part.name in kept else None
        if part.kind is None:
            brought = {"name", *brought_columns(given[part.name])}
            result = merge_nodes(old, compact(table), brought, stated(given[part.name]))
            ids[part.name] = result.column("id").combine_chunks()
        else:
            for label in (part.kind.source, part.kind.target):
                ids.setdefault(label, node_ids(folder, kept, label))
            ends = (ids[part.kind.source], ids[part.kind.target])
            check_ends(table, part.kind, *ends)
            key = merged.schema.relationship(part.kind.type).key
            brought, counted = set(brought_columns(given[part.name])), is_counted(given[part.name])
            result = merge_edges(old, compact(table), key, brought, ends, counted=counted)
        hashed = hash_of(part.name, result)
        if part.name not in kept or hashed != PartHash(kept[part.name].rows, kept[part.name].hash):
            change.tables[part], change.hashes[part] = result, hashed
    return change


def keep(folder: StoreFolder, change: Change, generation: int) -> dict[str, KeptTable]:
    """Write the changed parts, each as the file of a generation, and return their entries."""

    def write(part: Part) -> KeptTable:
        path = folder.tables / "data" / f"{part.file}.g{generation}.parquet"
        writer = KeptWriter(folder, path, part.name)
        table, hashed = change.tables[part], change.hashes[part]
        for low in range(0, table.num_rows, ROW_GROUP):
            writer.add(table.slice(low, ROW_GROUP), hashed if not low else PartHash(0, 0))
        return writer.close()

    with ThreadPoolExecutor(1) as pool:
        return {table.part: table for table in pool.map(write, change.tables)}


def placed(kept: Mapping[str, KeptTable], manifest: Manifest) -> tuple[KeptTable, ...]:
    """Return the kept tables of the data with new ones in the place of old ones: nodes first."""
    tables = {**{table.part: table for table in manifest.data}, **kept}
    return tuple(sorted(tables.values(), key=lambda table: (table.part.startswith("("), table.part)))


def stamped(info: DatasetInfo, fingerprint: str) -> DatasetInfo:
    """Return the record of a data set that was loaded just now."""
    now = datetime.now(timezone.utc).isoformat(timespec="microseconds")
    return replace(info, fingerprint=fingerprint, loaded=now, status="complete")
