"""LastFM of HetRec 2011: plays, tags, friends; with KGCN's knowledge graph or the DBpedia graph as an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.attributes import AttributeTables, is_frequent
from graphrec.loading.columns import Column, Kind
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import encoding_of
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.knowledge.leaving_out import without_hubs
from graphrec.loading.knowledge.links import linked_items
from graphrec.loading.layout import Layout
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.nodes import node_table
from graphrec.loading.parquet import read_parquet
from graphrec.loading.triples import knowledge_graph, read_dbpedia, restrict_to_items
from graphrec.loading.undirected import undirected
from graphrec.schema.elements import EdgeKind, Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from pathlib import Path

TAB = Layout("\t", quoted=False)
_ARTIST_OFFSET = 10_000
GRAPHS = ("", "kgcn", "dbpedia")
MIN_TAGGERS = 2


def read_hetrec(
    path: Path, report: LoaderReport, *, graph: str, most_items: float | None, min_taggers: int, overlay: bool
) -> tuple[list[GraphTables], DatasetInfo]:
    """Return the parts of LastFM of HetRec 2011, and its record.

    Args:
        path: the folder.
        report: receives accounts and remarks.
        graph: ``kgcn``, ``dbpedia`` or empty.
        most_items: entities of the graph that more than this share of its artists have are left out; None for none.
        min_taggers: how many users make a tag an attribute of an artist; 0 leaves tags out.
        overlay: only the graph.

    Raises:
        InputError: a file is absent or unusable.
        UsageError: a share that is none.
    """
    plays = _plays(path, report)
    if graph == "kgcn":
        mapped = _kgcn_items(path, report).column("item").combine_chunks()
        remark_on_matches(report, "kgcn/item_index2entity_id.txt", mapped, plays.column("to"), "the plays")
        plays = plays.filter(pc.is_in(plays.column("to").cast(pa.string()), value_set=mapped))
        if not plays.num_rows:
            raise InputError(
                "no play is of an artist that KGCN's graph knows",
                where=str(path / "kgcn" / "item_index2entity_id.txt"),
                remedy="Fetch it again, or load without graph=kgcn",
            )
        report.remarks.append(f"graph=kgcn: {plays.num_rows} plays are of the {len(mapped)} artists that it knows")
    artists = plays.column("to").cast(pa.string()).unique()
    parts = []
    if graph:
        knowledge = restrict_to_items(_graph(path, graph, report), artists, report)
        parts.append(knowledge if most_items is None else without_hubs(knowledge, most_items, report))
    if not overlay:
        parts += [_people_and_artists(path, plays, report), _tags(path, artists, report, min_taggers)]
    return parts, _info(graph, overlay=overlay)


def _plays(path: Path, report: LoaderReport) -> pa.Table:
    columns = [
        Column("userID", "id", required=True),
        Column("artistID", "id", required=True),
        Column("weight", "number", required=True, minimum=0),
    ]
    plays = read_delimited(path / "user_artists.dat", columns, report, TAB)
    return interactions(plays.column("userID"), plays.column("artistID"), report, weight=plays.column("weight"))


def _people_and_artists(path: Path, plays: pa.Table, report: LoaderReport) -> GraphTables:
    """Return users, artists that were played, plays and friendships among these users."""
    columns = [Column("id", "id", required=True), Column("name"), Column("url")]
    artists = read_delimited(path / "artists.dat", columns, report, TAB)
    remark_on_matches(report, "artists.dat", artists.column("id"), plays.column("to"), "the plays")
    played = pc.is_in(artists.column("id").cast(pa.string()), value_set=plays.column("to").cast(pa.string()).unique())
    artists = artists.filter(played)
    nodes = {
        "User": node_table(pa.array([], pa.string()), None, plays.column("from"), report, label="User", prefix="user "),
        "Item": node_table(
            artists.column("id"),
            artists.column("name"),
            plays.column("to"),
            report,
            label="Item",
            prefix="artist ",
            properties={"url": artists.column("url")},
        ),
    }
    edges = {INTERACTED: plays}
    if (path / "user_friends.dat").is_file():
        sides = [Column("userID", "id", required=True), Column("friendID", "id", required=True)]
        friends = read_delimited(path / "user_friends.dat", sides, report, TAB)
        pairs = undirected(friends.column("userID"), friends.column("friendID"))
        users = nodes["User"].column("id").combine_chunks()
        ends = pa.concat_arrays([pairs.column(side).combine_chunks() for side in ("from", "to")])
        remark_on_matches(report, "user_friends.dat", ends, users, "the plays")
        are_users = pc.and_(*(pc.is_in(pairs.column(side), value_set=users) for side in ("from", "to")))
        edges[EdgeKind("FRIEND_OF", "User", "User")] = pairs.filter(are_users)
    return GraphTables(nodes, edges)


def _tags(path: Path, artists: pa.Array, report: LoaderReport, min_taggers: int) -> GraphTables:
    """Return tags as attributes of the artists to whom enough users gave them."""
    tagged = _tagged(path, report) if min_taggers else None
    if tagged is None:
        return GraphTables()
    remark_on_matches(report, "artists that were tagged", tagged.column("artist"), artists, "the plays")
    tagged = tagged.filter(pc.is_in(tagged.column("artist"), value_set=artists))
    each_once = tagged.group_by(["user", "artist", "tag"], use_threads=False).aggregate([])
    pairs = pc.binary_join_element_wise(each_once.column("artist"), each_once.column("tag"), " ")
    frequent_tags = each_once.filter(is_frequent(pairs, min_taggers))
    columns = [Column("tagID", required=True), Column("tagValue", required=True)]
    words_path = path / "tags.dat"
    layout = Layout("\t", quoted=False, encoding=encoding_of(words_path, "utf-8", "latin-1"))
    words = read_delimited(words_path, columns, report, layout)
    remark_on_matches(report, "tags.dat", words.column("tagID"), tagged.column("tag"), "the taggings")
    place = pc.index_in(frequent_tags.column("tag"), value_set=words.column("tagID").combine_chunks())
    attributes = AttributeTables()
    attributes.add("item", "tag", frequent_tags.column("artist"), words.column("tagValue").take(place))
    tables = attributes.tables()
    n_edges = sum(table.num_rows for table in tables.edges.values())
    report.remarks.append(f"tags: {n_edges} tags of artists were given by at least {min_taggers} users")
    return tables


def _tagged(path: Path, report: LoaderReport) -> pa.Table | None:
    """Read taggings: string columns user, artist, tag; None if there is no such file."""
    if (path / "user_taggedartists.dat").is_file():
        columns = [Column(name, required=True) for name in ("userID", "artistID", "tagID")]
        table = read_delimited(path / "user_taggedartists.dat", columns, report, TAB)
    elif (path / "user_tagged_artists.parquet").is_file():
        kinds: dict[str, Kind] = {"sourceNodeId": "id", "targetNodeId": "integer", "tagID": "id"}
        columns = [Column(name, kind, required=True) for name, kind in kinds.items()]
        raw = read_parquet(path / "user_tagged_artists.parquet", columns, report)
        artist = pc.subtract(raw.column("targetNodeId"), _ARTIST_OFFSET)
        table = pa.table(
            [column.cast(pa.string()) for column in (raw.column(0), artist, raw.column(2))], ["u", "a", "t"]
        )
    else:
        return None
    return table.rename_columns(["user", "artist", "tag"])


def _graph(path: Path, graph: str, report: LoaderReport) -> GraphTables:
    if graph == "dbpedia":
        return read_dbpedia(path / "dbpedia", report)
    layout = Layout("\t", header=False, quoted=False)
    columns = [Column(name, required=True) for name in ("head", "relation", "tail")]
    triples = read_delimited(path / "kgcn" / "kg.txt", columns, report, layout)
    named = [
        pc.binary_join_element_wise("kgcn:", triples.column(side), "") if side != "relation" else triples.column(side)
        for side in ("head", "relation", "tail")
    ]
    entities = pa.chunked_array([*named[0].chunks, *named[2].chunks]).unique()
    names = pc.binary_join_element_wise("entity", pc.utf8_slice_codeunits(entities, 5), " ")
    return knowledge_graph(
        pa.table(named, ["head", "relation", "tail"]),
        linked_items(_kgcn_items(path, LoaderReport()), entities, report, place="kgcn/item_index2entity_id.txt"),
        report,
        names=pa.table({"entity": entities, "name": names}),
    )


def _kgcn_items(path: Path, report: LoaderReport) -> pa.Table:
    """Read the entity of KGCN's graph for each artist."""
    columns = [Column("item", required=True), Column("entity", required=True)]
    layout = Layout("\t", header=False, quoted=False)
    mapping = read_delimited(path / "kgcn" / "item_index2entity_id.txt", columns, report, layout)
    return mapping.set_column(1, "entity", pc.binary_join_element_wise("kgcn:", mapping.column("entity"), ""))


def _info(graph: str, *, overlay: bool) -> DatasetInfo:
    base = "lastfm-kgcn" if graph == "kgcn" and not overlay else "lastfm"
    if overlay:
        return DatasetInfo(f"lastfm+{graph}", f"LastFM: {graph} graph", "lastfm", base="lastfm")
    name = "LastFM HetRec 2011" + (f" with the {graph} graph" if graph else "")
    declared = {"Item": (Property("url", PropertyType.STRING, "page at last.fm"),)}
    return DatasetInfo(base, name, "lastfm", verb="listened to", declared=declared)
