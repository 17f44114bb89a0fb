"""Write measured effects into the kept tables of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.schema.property_graph import EXPLAINS
from graphrec.store.embedded.kept import KeptWriter, part_named, read_groups

if TYPE_CHECKING:
    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import KeptRun, KeptTable, Manifest
    from graphrec.tables.effects import NewEffects


def with_effects(folder: StoreFolder, manifest: Manifest, run_id: str, new: NewEffects) -> Manifest:
    """Write the tables of a run's reasons again, row group by row group, with their new effects.

    Nothing names the new files before the manifest that is returned is committed.

    Raises:
        InputError: an effect belongs to no reason of the run.
    """
    generation = manifest.generation + 1
    runs = tuple(_rewritten(folder, run, new, generation) if run.info.id == run_id else run for run in manifest.runs)
    new.refuse_unknown()
    return replace(manifest, runs=runs, generation=generation)


def _rewritten(folder: StoreFolder, run: KeptRun, new: NewEffects, generation: int) -> KeptRun:
    touched = set(new.labels.tolist())
    tables = []
    for table in run.tables:
        kind = part_named(table).kind
        concerned = kind is not None and kind.type == EXPLAINS.name and kind.source in touched
        tables.append(_table(folder, table, new, generation) if kind and concerned else table)
    return replace(run, tables=tuple(tables))


def _table(folder: StoreFolder, table: KeptTable, new: NewEffects, generation: int) -> KeptTable:
    kind = part_named(table).kind
    label = kind.source if kind else ""
    stem = (folder.tables / table.path).name.removesuffix(".parquet").split(".g")[0]
    writer = KeptWriter(folder, (folder.tables / table.path).with_name(f"{stem}.g{generation}.parquet"), table.part)
    for rows in read_groups(folder, table):
        effects = new.of_edges(label, rows)
        met = ~np.isnan(effects)
        place = rows.column_names.index("effect")
        held = rows["effect"].to_numpy(zero_copy_only=False)
        merged = np.where(met, effects, held)
        column = pa.array(merged, mask=np.isnan(merged))
        writer.add(rows.set_column(place, rows.schema.field(place), column))
    return writer.close()
