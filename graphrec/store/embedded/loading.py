"""Put a data set's tables together with those that are kept, and write what changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from graphrec.errors import StoreError
from graphrec.store.admission import admitted, refuse_foreign, refuse_other_ids, refuse_taken_prefix
from graphrec.store.embedded.kept import ROW_GROUP, KeptWriter, Part, compact, hash_of, node_ids, parts_of, read_kept
from graphrec.store.merging import check_ends, merge_edges, merge_nodes
from graphrec.tables.conform import conform
from graphrec.tables.families import family
from graphrec.tables.fingerprint import PartHash
from graphrec.tables.stated import brought_columns, is_counted, stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


def admit(
    folder: StoreFolder, manifest: Manifest, info: DatasetInfo, tables: GraphTables, *, replacing: bool = False
) -> tuple[DatasetInfo, DatasetInfo]:
    """Return the record of a load with what earlier loads said of it, and that of its base data set.

    Args:
        folder: the store.
        manifest: what is kept now.
        info: as the loader made it.
        tables: what it brings.
        replacing: whether all that is here of the data set, what it declares included, goes.

    Raises:
        InputError: a data set that cannot stand beside those that are here, or ids of another one.
        SchemaError: a property is declared that is here with another type, or a table is not data.
        StoreError: an earlier graphrec put the rows of several data sets into one file.
    """
    where = str(folder.root)
    refuse_mixed(manifest, where)
    whole, base = admitted(info, manifest.datasets, where, replacing=replacing)
    own = {one.id for one in family(manifest.datasets, base.id)} if replacing else set()
    staying = replace(manifest, datasets=tuple(one for one in manifest.datasets if one.id not in own))
    refuse_foreign(tables, staying.schema.with_declared(info.declared))  # which also refuses a change of type
    refuse_other_ids(tables, base, manifest.datasets, where)
    refuse_taken_prefix(base, manifest.datasets, lambda *prefixes: _first_id(folder, manifest, *prefixes), where)
    return whole, base


def refuse_mixed(manifest: Manifest, where: str) -> None:
    """Raise StoreError where an earlier graphrec put the rows of several data sets into one file."""
    if manifest.is_mixed:
        raise StoreError(
            "an earlier graphrec put several data sets into the same tables; the store can be read, and not changed",
            where=where,
            remedy="Copy it, which takes them apart: graphrec copy THIS NEW",
        )


def _first_id(folder: StoreFolder, manifest: Manifest, prefix: str, others: Sequence[str]) -> str | None:
    """Return the id of a node that begins with a prefix, and with none of others."""
    for table in manifest.data:
        if not table.part.startswith("("):
            ids = read_kept(folder, table, ["id"]).column("id")
            fitting = pc.starts_with(ids, prefix)
            for other in others:
                fitting = pc.and_not(fitting, pc.starts_with(ids, other))
            found = ids.filter(fitting)
            if len(found):
                return str(found[0].as_py())
    return None


def merge(folder: StoreFolder, manifest: Manifest, merged: Manifest, tables: GraphTables, dataset: str) -> Change:
    """Upsert ``tables`` into what is kept of a data set and return the parts that changed.

    Args:
        folder: the store.
        manifest: what is kept now.
        merged: the same with the new data sets; gives the schema.
        tables: new nodes and edges.
        dataset: id of the base data set.

    Raises:
        SchemaError: a table does not fit the schema.
        InputError: an end of an edge is nowhere.
    """
    given = {part.name: table for part, table in parts_of(tables).items()}
    kept = manifest.data_of(dataset)
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


def keep(folder: StoreFolder, change: Change, generation: int, base: DatasetInfo) -> list[KeptTable]:
    """Write the changed parts of a data set, each as the file of a generation, and return their entries."""

    def write(part: Part) -> KeptTable:
        path = folder.data_tables(base.prefix) / f"{part.file}.g{generation}.parquet"
        writer = KeptWriter(folder, path, part.name)
        table, hashed = change.tables[part], change.hashes[part]
        for low in range(0, table.num_rows, ROW_GROUP):
            writer.add(table.slice(low, ROW_GROUP), hashed if not low else PartHash(0, 0))
        return replace(writer.close(), dataset=base.id)

    with ThreadPoolExecutor(1) as pool:
        return list(pool.map(write, change.tables))


def placed(kept: Iterable[KeptTable], manifest: Manifest) -> tuple[KeptTable, ...]:
    """Return the kept tables of the data with new ones in the place of old ones: nodes first."""
    tables = {(table.dataset, table.part): table for table in (*manifest.data, *kept)}
    return tuple(sorted(tables.values(), key=lambda table: (table.part.startswith("("), table.part, table.dataset)))


def stamped(info: DatasetInfo, fingerprint: str) -> DatasetInfo:
    """Return the record of a data set that was loaded just now."""
    now = datetime.now(timezone.utc).isoformat(timespec="microseconds")
    return replace(info, fingerprint=fingerprint, loaded=now, status="complete")
