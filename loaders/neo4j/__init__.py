"""A graph that is in Neo4j already, read by a mapping file that says which labels and relationships are what.

graphrec load neo4j neo4j://localhost --option mapping=mapping.toml       into an embedded store
graphrec load neo4j neo4j://localhost/shop --option mapping=mapping.toml --store neo4j://localhost/graphrec

The owner's graph is only read. ``patterns`` and ``sections`` are the mapping's words, ``server_schema`` finds what it
names in the graph, ``graph`` and ``knowledge`` read it, ``rows`` and ``cells`` make columns of it.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.assemble import assemble
from graphrec.loading.co_purchase import CO_PURCHASED
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.mapped.described_nodes import attribute_tables, declared_properties, described_nodes
from graphrec.server_address import FORM, looks_like_a_server
from graphrec.store.neo4j.connection import Connection
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

from .graph import Graph
from .knowledge import knowledge_of
from .mapping import read_graph_mapping
from .server_schema import refuse_unknown

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import Loaded

    from .sections import GraphMapping


def load(path: Path | str, *, mapping: str = "", co_purchases: int = 0, id_prefix: str = "") -> Loaded:
    """Load a graph that is in Neo4j, which is only read.

    Args:
        path: the server's address, neo4j://HOST[:PORT][/DATABASE]; user and password are those of stores.
        mapping: the mapping file.
        co_purchases: count pairs of items that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        UsageError: no mapping is named, or a user or password stands in the address.
        InputError: the mapping is absent or unusable, names what the graph does not have, or ids are not ids.
        StoreError: the server cannot be reached, or fails.
    """
    uri = str(path)
    if not looks_like_a_server(uri):
        raise InputError("this is no address of a Neo4j server", where=uri, remedy=FORM)
    said, report = read_graph_mapping(mapping), LoaderReport()
    with closing(Connection(uri, username=None, password=None)) as connection:
        refuse_unknown(connection.read, said, str(connection.address))
        graph = Graph(connection.stream, said, report)
        items, users = graph.nodes("items"), graph.nodes("users")
        edges = graph.interactions()
        nodes = {
            "User": described_nodes("User", users, edges.column("from"), report),
            "Item": described_nodes("Item", items, edges.column("to"), report),
        }
        parts = [GraphTables(nodes, {INTERACTED: edges}), attribute_tables(items, users, report)]
        parts += [GraphTables({}, {CO_PURCHASED: pairs}) for pairs in graph.co_purchases()]
        parts += knowledge_of(graph, nodes["Item"].column("id").combine_chunks(), report)
    return assemble(parts, _info(said), report, id_prefix=id_prefix, co_purchases=co_purchases)


def _info(said: GraphMapping) -> DatasetInfo:
    tag = said.dataset
    declared = declared_properties(said.interactions, said.items, said.users)
    return DatasetInfo(tag.id, tag.name or tag.id, "neo4j", verb=tag.verb, declared=declared)
