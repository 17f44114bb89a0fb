"""Folders as KGAT publishes them: users' items in a training and a test part, and a knowledge graph, all as numbers.

    graphrec load kgat amazon-book/        train.txt, test.txt, kg_final.txt, and lists of the original ids
    graphrec load kgat movie/              ratings_final.txt and kg_final.txt, as KGCN and RippleNet prepare them

The numbers of entities begin with those of items: entity n is item n where ``item_list.txt`` names it or, without that
list, up to the largest item of the interactions (Wang et al., KGAT, KDD 2019; Wang et al., KGCN, WWW 2019).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.assemble import assemble
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import require_folder
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.nodes import node_table
from graphrec.loading.numbered.ids import FREEBASE, NumberedIds
from graphrec.loading.numbered.taken import TakenNumbers, numbers_layout, taken_in_parts, taken_with_labels
from graphrec.loading.triples import knowledge_graph
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.loading.contract import Loaded

_SPLIT = Property("split", PropertyType.STRING, "the part that the authors put it in")


def load(path: Path | str, *, verb: str = "", co_purchases: int = 0, id_prefix: str = "") -> Loaded:
    """Load a folder of KGAT, or of KGCN and RippleNet.

    Args:
        path: the folder.
        verb: what users did with items, in the past tense, such as bought or listened to.
        co_purchases: count pairs of items that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable, or a number is missing in a list of original ids that is there.
    """
    folder, report = require_folder(Path(path)), LoaderReport()
    taken = _taken(folder, report)
    users, items = (NumberedIds.of(folder / f"{name}_list.txt", report) for name in ("user", "item"))
    users.refuse_repeated_ids()
    items.refuse_repeated_ids()
    edges = _interactions(taken, users, items, report)
    triples = _triples(folder / "kg_final.txt", report)
    item_numbers = _item_numbers(taken, items, triples)
    item_ids = items.ids(item_numbers, lambda _: str(items.path))
    user_numbers = np.union1d(taken.users, users.numbers)
    user_ids = users.ids(user_numbers, lambda _: str(users.path))
    properties = _properties(items, item_numbers)
    nodes = {
        "User": node_table(user_ids, None, edges.column("from"), report, label="User", prefix="user "),
        "Item": node_table(
            item_ids, None, edges.column("to"), report, label="Item", prefix="item ", properties=properties
        ),
    }
    graph = _graph(folder, triples, item_numbers, item_ids, report)
    name = folder.resolve().name
    declared: dict[str, tuple[Property, ...]] = {}
    if properties:
        declared["Item"] = (Property(FREEBASE, PropertyType.STRING, "id in Freebase"),)
    if "split" in edges.column_names:
        declared["INTERACTED"] = (_SPLIT,)
    info = DatasetInfo(name, name, "kgat", verb=verb, declared=declared)
    return assemble(
        [GraphTables(nodes, {INTERACTED: edges}), graph], info, report, id_prefix=id_prefix, co_purchases=co_purchases
    )


def _taken(folder: Path, report: LoaderReport) -> TakenNumbers:
    labels = folder / "ratings_final.txt"
    if labels.is_file() and not (folder / "train.txt").is_file():
        return taken_with_labels(labels, report)
    optional = [file for file in (folder / "valid.txt",) if file.is_file()]
    return taken_in_parts([folder / "train.txt", *optional, folder / "test.txt"], report)


def _interactions(taken: TakenNumbers, users: NumberedIds, items: NumberedIds, report: LoaderReport) -> pa.Table:
    parts = pa.array([path.stem for path in taken.files])
    split = {"split": parts.take(pa.array(taken.part))} if len(parts) > 1 else {}
    return interactions(_ids(taken.users, users, taken), _ids(taken.items, items, taken), report, properties=split)


def _ids(numbers: npt.NDArray[np.int64], listed: NumberedIds, taken: TakenNumbers) -> pa.DictionaryArray:
    different, first, codes = np.unique(numbers, return_index=True, return_inverse=True)
    ids = listed.ids(different, lambda place: taken.place(int(first[place])))
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), ids)


def _triples(path: Path, report: LoaderReport) -> dict[str, npt.NDArray[np.int64]]:
    """Read ``head``, ``relation`` and ``tail``, int64 [triples]."""
    names = ("head", "relation", "tail")
    columns = [Column(name, "integer", required=True, minimum=0) for name in names]
    table = read_delimited(path, columns, report, numbers_layout(path))
    return {name: np.asarray(table.column(name)) for name in names}


def _item_numbers(
    taken: TakenNumbers, items: NumberedIds, triples: dict[str, npt.NDArray[np.int64]]
) -> npt.NDArray[np.int64]:
    """Return the numbers of all items: those of the list; without one, up to the largest of the interactions."""
    if items.table is not None:
        return np.unique(items.numbers)
    entities = np.union1d(triples["head"], triples["tail"])
    return np.union1d(taken.seen_items, entities[entities <= taken.seen_items[-1]])


def _properties(items: NumberedIds, numbers: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
    """Return the items' ids in Freebase, one for each number, where the list has them."""
    if items.table is None or FREEBASE not in items.table.column_names:
        return {}
    places = pc.index_in(pa.array(numbers), value_set=items.table.column("number").combine_chunks())
    return {FREEBASE: items.table.column(FREEBASE).combine_chunks().take(places)}


def _graph(
    folder: Path,
    triples: dict[str, npt.NDArray[np.int64]],
    item_numbers: npt.NDArray[np.int64],
    item_ids: pa.Array,
    report: LoaderReport,
) -> GraphTables:
    entities, relations = (NumberedIds.of(folder / f"{name}_list.txt", report) for name in ("entity", "relation"))
    place = str(folder / "kg_final.txt")
    ends = {side: _ends(triples[side], entities, item_numbers, place) for side in ("head", "tail")}
    different, codes = np.unique(triples["relation"], return_inverse=True)
    words = _relation_names(different, relations, place)
    table = pa.table({"head": ends["head"], "relation": words.take(pa.array(codes)), "tail": ends["tail"]})
    names = None
    if entities.table is None:
        numbers = np.setdiff1d(np.union1d(triples["head"], triples["tail"]), item_numbers)
        ids = pa.array(numbers).cast(pa.string())
        names = pa.table({"entity": ids, "name": pc.binary_join_element_wise("entity", ids, " ")})
    return knowledge_graph(
        table, pa.table({"entity": _as_entities(item_numbers), "item": item_ids}), report, names=names
    )


def _ends(
    numbers: npt.NDArray[np.int64], entities: NumberedIds, item_numbers: npt.NDArray[np.int64], place: str
) -> pa.Array:
    """Return heads or tails: what ``_as_entities`` makes of an item, the id of any other entity."""
    different, codes = np.unique(numbers, return_inverse=True)
    is_item = np.isin(different, item_numbers, assume_unique=True)
    texts = pa.concat_arrays([_as_entities(different[is_item]), entities.ids(different[~is_item], lambda _: place)])
    order = np.empty(len(different), dtype=np.int64)
    order[np.r_[np.flatnonzero(is_item), np.flatnonzero(~is_item)]] = np.arange(len(different))
    return texts.take(pa.array(order[codes]))


def _as_entities(item_numbers: npt.NDArray[np.int64]) -> pa.Array:
    """Return items as ends of triples: no original id begins with a space, so that no other entity is called so."""
    return pc.binary_join_element_wise("", pa.array(item_numbers).cast(pa.string()), " ")


def _relation_names(numbers: npt.NDArray[np.int64], relations: NumberedIds, place: str) -> pa.Array:
    """Return what relations are called: the last part of a URI, as long as no two become one."""
    ids = relations.ids(numbers, lambda _: place)
    if relations.table is None:
        return pc.binary_join_element_wise("relation", ids, " ")
    short = pc.replace_substring_regex(ids, r"^[A-Za-z]+://\S*[/#]", "")
    return short if len(short.unique()) == len(ids.unique()) and not pc.any(pc.equal(short, "")).as_py() else ids
