"""CSV, TSV, Parquet or JSON lines of any shape, read by a mapping file that gives each column its role.

graphrec load table shop/                                        shop/mapping.toml names the files beside it
graphrec load table purchases.csv --option mapping=mapping.toml  a mapping that names no file means this one
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.assemble import assemble
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.mapped.described_nodes import attribute_tables, declared_properties, described_nodes
from graphrec.loading.mapped.mapped_files import MappedFiles
from graphrec.loading.mapped.mapped_graph import mapped_graph
from graphrec.loading.mapped.mapping_file import read_mapping
from graphrec.loading.mentions import mention_tables
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    import pyarrow as pa

    from graphrec.loading.contract import Loaded
    from graphrec.loading.mapped.sections import Mapping


def load(path: Path | str, *, mapping: str = "", co_purchases: int = 0, id_prefix: str = "") -> Loaded:
    """Load files as a mapping file says.

    Args:
        path: the mapping file, the folder that holds ``mapping.toml``, or the one data file.
        mapping: the mapping file, if it is not in the folder.
        co_purchases: count pairs of items that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: the mapping or a file is absent or unusable.
    """
    path, report = Path(path), LoaderReport()
    if path.suffix == ".toml" and not mapping:
        path, mapping_path = path.parent, path
    else:
        mapping_path = Path(mapping) if mapping else _mapping_in(path)
    columns = read_mapping(mapping_path)
    files = MappedFiles(columns, path, report)
    items, users = files.nodes("items"), files.nodes("users")
    nodes: dict[str, pa.Table] = {}
    parts = []
    if columns.interactions:
        edges = files.interactions()
        nodes = {
            "User": described_nodes("User", users, edges.column("from"), report),
            "Item": described_nodes("Item", items, edges.column("to"), report),
        }
        parts.append(GraphTables(nodes, {INTERACTED: edges}))
        if columns.mentions is not None:
            said, place = files.mentions(columns.mentions), files.mentions_file(columns.mentions)
            parts.append(mention_tables(said, edges, report, place=place))
    parts += [attribute_tables(items, users, report), *mapped_graph(files, items, nodes.get("Item"), report)]
    if columns.dataset.base and not any(table.num_rows for part in parts for table in part.edges.values()):
        raise InputError(
            "the overlay brings nothing: no row has an attribute, an entity or a triple", where=str(mapping_path)
        )
    return assemble(parts, _info(columns), report, id_prefix=id_prefix, co_purchases=co_purchases)


def _mapping_in(path: Path) -> Path:
    """Return the mapping of a folder; raise InputError for files that have none."""
    file = path / "mapping.toml"
    if path.exists() and not file.exists():
        raise InputError(
            "nothing says what the columns are",
            where=str(file if path.is_dir() else path),
            remedy="Name the mapping with --option mapping=FILE; docs/write-a-loader.md shows one",
        )
    return file


def _info(columns: Mapping) -> DatasetInfo:
    declared = declared_properties(columns.interactions, columns.items, columns.users)
    tag = columns.dataset
    return DatasetInfo(tag.id, tag.name or tag.id, "table", base=tag.base, verb=tag.verb, declared=declared)
