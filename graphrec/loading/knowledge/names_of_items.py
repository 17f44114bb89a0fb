"""Names of items that only their entities of a knowledge graph have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.conform import shortened
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.stated import Stated, stated, without_stated
from graphrec.wording import counted, readable

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport


def named_by_entities(items: pa.Table, stand: pa.Table, entities: pa.Table, report: LoaderReport) -> GraphTables:
    """Return the items that have no name and whose entity has one, so called, as a further part for ``assemble``.

    An item with a name keeps it. Of several entities of one item the first that has a name counts. Only the name is
    taken, since items are of no kind.

    Args:
        items: from ``node_table``, with all their properties.
        stand: which entity is which item, columns ``entity`` and ``item``.
        entities: from ``node_table``: those that are described.
        report: receives the number of items that are called as their entities, with an example.
    """
    named = entities.filter(pa.array(_is_named(entities)))
    known = stand.filter(pc.is_in(stand.column("entity"), value_set=_texts(named, "id")))
    nameless = items.filter(pa.array(~_is_named(items)))
    place = pc.index_in(_texts(nameless, "id"), value_set=_texts(known, "item"))
    found = nameless.filter(place.is_valid())
    if not found.num_rows:
        return GraphTables()
    entity = _texts(known, "entity").take(place.drop_null())
    names = _texts(named, "name").take(pc.index_in(entity, value_set=_texts(named, "id")))
    whose = "is called as its entity" if len(names) == 1 else "are called as their entities"
    example = f"{readable(found.column('id')[0].as_py())}: {shortened(names[0].as_py())}"
    report.remarks.append(f"{counted(len(names), 'item')} without a name {whose}, such as {example}")
    told = without_stated(found)
    return GraphTables({"Item": told.set_column(told.column_names.index("name"), "name", names)})


def _is_named(nodes: pa.Table) -> npt.NDArray[np.bool_]:
    numbers = stated(nodes)
    return np.ones(nodes.num_rows, dtype=bool) if numbers is None else numbers == Stated.DESCRIBED


def _texts(table: pa.Table, column: str) -> pa.Array:
    return table.column(column).cast(pa.string()).combine_chunks()
