"""The truth in numbers: is this node a reason for that user and that item? Asked of millions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.node_ids import NodeIds
from graphrec.planted.config import KINDS
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy.typing as npt

    from graphrec.planted.truth import Truth

    Numbers: TypeAlias = npt.NDArray[np.int64]
    Answers: TypeAlias = npt.NDArray[np.bool_]

ITEM, ENTITY, ATTRIBUTE = (EVIDENCE_LABELS.index(label) for label in ("Item", "Entity", "Attribute"))


def named_nodes(truth: Truth) -> NodeIds:
    """Return the ids that the truth itself names, by label."""

    def ids(label: str, *columns: pa.ChunkedArray) -> IdMap:
        values = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
        return IdMap.of(label, pc.drop_null(pc.unique(values)))

    table = truth.table
    of_label = {label: table.filter(pc.equal(table["label"], label)) for label in ("Attribute", "Entity")}
    followed = table.filter(pc.equal(table["part"], "follow"))
    named = {
        "User": [table["user"]],
        "Item": [table["item"]],
        "Attribute": [of_label["Attribute"]["evidence"], followed["through"]],
        "Entity": [of_label["Entity"]["evidence"]],
    }
    return NodeIds({label: ids(label, *columns) for label, columns in named.items()})


class NumberedTruth:
    """A truth, ready to be asked in the numbers of somebody else.

    Args:
        truth: planted.
        numbering: ids of whoever asks; what the truth names and they lack is unknown.
        seen: users × items, the interactions that whoever asks could see; None for all. A reason that rests on an item
            outside it does not count: nobody who sees only a training part can know of it.
    """

    def __init__(self, truth: Truth, numbering: NodeIds, seen: Incidence | None = None) -> None:
        self._numbering = numbering
        n_users, n_items = len(numbering.users), len(numbering.items)
        self._n_attributes = len(numbering.attributes)
        n_nodes = self._n_attributes + len(numbering.entities)
        links, follows = _part(truth, "link"), _part(truth, "follow")
        nodes = pc.is_in(links["kind"], value_set=pa.array(KINDS[:2]))
        self._carries = self._nodes_of(links.filter(nodes), "item", (n_items, n_nodes))
        self._follows = self._nodes_of(follows, "user", (n_users, n_nodes))
        self._through = self._sources(follows)
        self._before = _items_before(links, numbering.items)
        self._bundle = _bundle_of(links, numbering.items)
        self._taken = self._read_reasons(truth, (n_users, n_items))
        if seen is not None:
            self._taken = _both(self._taken, seen)
        n_bundles = int(self._bundle.max(initial=-1)) + 1
        self._begun = Incidence.from_pairs(*_begun(self._taken, self._bundle), (n_users, n_bundles))

    def kinds(self, user: Numbers, item: Numbers) -> Answers:
        """Return [n, 4]: of which kinds, in the order of ``KINDS``, each user has a reason to take an item."""
        follows, carries = self._follows.csr(), self._carries.csr()
        shared = follows[user].multiply(carries[item]).tocsr()
        split = self._n_attributes
        of_node = [np.asarray(part.sum(axis=1)).ravel() > 0 for part in (shared[:, :split], shared[:, split:])]
        before, bundle = self._before[item], self._bundle[item]
        of_item = (before >= 0) & self._taken.has(user, np.maximum(before, 0))
        of_bundle = (bundle >= 0) & self._begun.has(user, np.maximum(bundle, 0))
        return np.stack([*of_node, of_item, of_bundle], axis=1)

    def strict(self, user: Numbers, item: Numbers, label: Numbers, node: Numbers) -> Answers:
        """Return for each (user, item, evidence) whether the evidence is itself a planted reason.

        An attribute or entity is, if the user likes or follows it and the item carries it. The user's own attribute is,
        if a taste of the user comes from it and the item carries that taste's value. A taken item is, if the item is
        its sequel or stands in one bundle with it.

        Args:
            user: numbers.
            item: numbers.
            label: position in ``EVIDENCE_LABELS``.
            node: number among the nodes of that label; −1 for one that the numbering does not know.
        """
        place = np.select([label == ATTRIBUTE, label == ENTITY], [node, node + self._n_attributes], -1)
        place = np.where(node < 0, -1, place)
        of_node = place >= 0
        true = of_node & self._both(user, item, np.maximum(place, 0))
        own = of_node & (label == ATTRIBUTE)
        source = self._value_through(user, np.maximum(node, 0))
        true |= own & (source >= 0) & self._both(user, item, np.maximum(source, 0))
        of_item = (label == ITEM) & (node >= 0)
        taken = np.where(of_item, node, 0)
        of_item &= self._taken.has(user, taken)
        mates = (self._bundle[item] >= 0) & (self._bundle[item] == self._bundle[taken])
        answers: Answers = true | of_item & ((self._before[item] == taken) | mates)
        return answers

    def lenient(self, user: Numbers, item: Numbers, label: Numbers, node: Numbers) -> Answers:
        """Return ``strict``, or whether the evidence is an item that was taken for a reason that this item shares.

        Who likes a director and took two films because of it may be told of either: "because you took j" is then true.
        Not so of a film of the same director that was taken by chance, or for its actor.
        """
        strict = self.strict(user, item, label, node)
        of_item = (label == ITEM) & (node >= 0)
        of_item &= self._taken.has(user, np.where(of_item, node, 0))
        row = np.flatnonzero(of_item & ~strict)
        why_label, why_node = self._why(user[row], node[row])
        strict[row] = self.strict(user[row], item[row], why_label, why_node)
        return strict

    def _both(self, user: Numbers, item: Numbers, place: Numbers) -> Answers:
        return self._follows.has(user, place) & self._carries.has(item, place)

    def _nodes_of(self, rows: pa.Table, side: str, shape: tuple[int, int]) -> Incidence:
        ids = self._numbering.users if side == "user" else self._numbering.items
        owner, place = ids.positions(rows[side]), self._places(rows)
        both_numbered = (owner >= 0) & (place >= 0)
        return Incidence.from_pairs(owner[both_numbered], place[both_numbered], shape)

    def _places(self, rows: pa.Table) -> Numbers:
        """Return attributes and entities in one numbering: first the attributes."""
        attribute = self._numbering.attributes.positions(rows["evidence"])
        entity = self._numbering.entities.positions(rows["evidence"])
        of_entity = np.asarray(pc.equal(rows["label"], "Entity"))
        return np.where(of_entity, np.where(entity < 0, -1, entity + self._n_attributes), attribute).astype(np.int64)

    def _sources(self, follows: pa.Table) -> tuple[Numbers, Numbers]:
        """Return sorted keys (user, own attribute) and the value that the user likes because of it."""
        tied = follows.filter(pc.is_valid(follows["through"]))
        user = self._numbering.users.positions(tied["user"]).astype(np.int64)
        own = self._numbering.attributes.positions(tied["through"]).astype(np.int64)
        value = self._places(tied)
        all_numbered = (user >= 0) & (own >= 0) & (value >= 0)
        keys = user[all_numbered] * max(self._n_attributes, 1) + own[all_numbered]
        order = np.argsort(keys)
        return keys[order], value[all_numbered][order]

    def _value_through(self, user: Numbers, own: Numbers) -> Numbers:
        keys, values = self._through
        return _values_at(keys, values, user * max(self._n_attributes, 1) + own)

    def _read_reasons(self, truth: Truth, shape: tuple[int, int]) -> Incidence:
        """Keep why each interaction happened, sorted by (user, item), and return users × items."""
        rows = _part(truth, "interaction")
        user = self._numbering.users.positions(rows["user"]).astype(np.int64)
        item = self._numbering.items.positions(rows["item"]).astype(np.int64)
        both_numbered = (user >= 0) & (item >= 0)
        label = np.full(len(rows), -1, dtype=np.int64)
        node = np.full(len(rows), -1, dtype=np.int64)
        numbering = self._numbering
        for name, ids in numbering.nodes.items():
            of_label = np.asarray(pc.fill_null(pc.equal(rows["label"], name), False))
            label[of_label] = EVIDENCE_LABELS.index(name)
            node[of_label] = ids.positions(rows["evidence"])[of_label]
        keys = user[both_numbered] * shape[1] + item[both_numbered]
        order = np.argsort(keys)
        self._reasons = keys[order], label[both_numbered][order], node[both_numbered][order]
        return Incidence.from_pairs(user[both_numbered], item[both_numbered], shape)

    def _why(self, user: Numbers, item: Numbers) -> tuple[Numbers, Numbers]:
        keys, label, node = self._reasons
        pair_keys = user * len(self._numbering.items) + item
        return _values_at(keys, label, pair_keys), _values_at(keys, node, pair_keys)


def _part(truth: Truth, name: str) -> pa.Table:
    return truth.table.filter(pc.equal(truth.table["part"], name)).combine_chunks()


def _values_at(keys: Numbers, values: Numbers, numbers: Numbers) -> Numbers:
    """Return the value of each wanted key, −1 where there is none."""
    if not len(keys):
        return np.full(len(numbers), -1, dtype=np.int64)
    place = positions_of(keys, numbers)
    return np.where(place < 0, -1, values[place])


def _items_before(links: pa.Table, items: IdMap) -> Numbers:
    sequels = links.filter(pc.equal(links["kind"], "item"))
    before = np.full(len(items), -1, dtype=np.int64)
    item, first = items.positions(sequels["item"]), items.positions(sequels["evidence"])
    before[item[item >= 0]] = first[item >= 0]
    return before


def _bundle_of(links: pa.Table, items: IdMap) -> Numbers:
    bundled = links.filter(pc.equal(links["kind"], "co_purchase"))
    bundle = np.full(len(items), -1, dtype=np.int64)
    item = items.positions(bundled["item"])
    number = np.asarray(pc.dictionary_encode(bundled["through"].combine_chunks()).indices, dtype=np.int64)
    bundle[item[item >= 0]] = number[item >= 0]
    return bundle


def _begun(taken: Incidence, bundle: Numbers) -> tuple[Numbers, Numbers]:
    of_entry = bundle[taken.indices]
    return taken.row_of_entry[of_entry >= 0], of_entry[of_entry >= 0]


def _both(one: Incidence, other: Incidence) -> Incidence:
    return one.where(other.has(one.row_of_entry, one.indices))
