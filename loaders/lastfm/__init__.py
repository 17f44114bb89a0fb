"""LastFM: HetRec 2011, and the larger sets of 1,000 and 360,000 users.

graphrec load lastfm hetrec2011-lastfm-2k/                    user_artists.dat, artists.dat, user_friends.dat, tags
graphrec load lastfm hetrec2011-lastfm-2k/ --option graph=kgcn   kgcn/item_index2entity_id.txt, kgcn/kg.txt
graphrec load lastfm lastfm-dataset-360K/                     usersha1-artmbid-artname-plays.tsv, usersha1-profile.tsv
graphrec load lastfm lastfm-dataset-1K/        userid-timestamp-artid-artname-traid-traname.tsv, userid-profile.tsv
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.contract import LoaderReport
from graphrec.loading.files import require_folder

from .hetrec import GRAPHS, MIN_TAGGERS, read_hetrec
from .listens import edition_of, read_listens

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded


def load(
    path: Path | str,
    *,
    graph: str = "",
    most_items: float | None = None,
    min_taggers: int = MIN_TAGGERS,
    co_purchases: int = 0,
    overlay: bool = False,
    id_prefix: str = "",
) -> Loaded:
    """Load LastFM: HetRec 2011, 1K or 360K.

    Args:
        path: the folder.
        graph: of HetRec 2011: ``kgcn`` keeps only the artists that KGCN's graph knows, and brings that graph;
            ``dbpedia`` keeps all artists and brings the DBpedia graph; empty brings none.
        most_items: of HetRec 2011: entities of the graph that more than this share of its artists have are left out,
            such as 0.02; by default none.
        min_taggers: of HetRec 2011: a tag becomes an attribute of an artist if at least so many users gave it; 0 leaves
            tags out.
        co_purchases: count pairs of artists that at least so many users played as CO_PURCHASED edges; 0 counts none.
        overlay: only the graph, to be laid over an already loaded LastFM of HetRec 2011.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable.
        UsageError: a graph that does not exist, an overlay without a graph, a share that is none, or options of HetRec
            2011 for other files.
    """
    if graph not in GRAPHS or (overlay and not graph):
        raise UsageError(f"there is no graph {graph!r}", remedy="Graphs of lastfm: kgcn, dbpedia")
    folder, report = require_folder(Path(path)), LoaderReport()
    edition = edition_of(folder)
    if edition is None:
        parts, info = read_hetrec(
            folder, report, graph=graph, most_items=most_items, min_taggers=min_taggers, overlay=overlay
        )
    elif graph or most_items is not None or min_taggers != MIN_TAGGERS:
        raise UsageError(
            "graph, most_items, min_taggers and overlay are of HetRec 2011", remedy=f"Leave them out for {folder}"
        )
    else:
        parts, info = read_listens(folder, edition, report)
    return assemble(parts, info, report, id_prefix=id_prefix, co_purchases=co_purchases)
