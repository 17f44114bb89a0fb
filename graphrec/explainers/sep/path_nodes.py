"""From sorted paths to evidence: the nodes on the paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import torch

from graphrec.explaining.evidence import Evidence
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.explainers.sep.links import Links
    from graphrec.explainers.sep.paths import Paths

_ITEM, _ENTITY, _ATTRIBUTE = (EVIDENCE_LABELS.index(label) for label in ("Item", "Entity", "Attribute"))
_GROUND = {_ITEM: "history", _ENTITY: "entity", _ATTRIBUTE: "item_attribute"}


@dataclass(frozen=True, eq=False)
class PathNodes:
    """Nodes on the sorted paths of pairs, as columns, in descending weight within a pair.

    Attributes:
        pair: int64, which pair.
        label: int64, position in ``EVIDENCE_LABELS``.
        node: int64, position among the nodes of that label.
        via: int64, what the path's edge from the taken item is called.
        anchor: int64, the path's taken item.
        weight: float64.
    """

    pair: npt.NDArray[np.int64]
    label: npt.NDArray[np.int64]
    node: npt.NDArray[np.int64]
    via: npt.NDArray[np.int64]
    anchor: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]

    def where(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> PathNodes:
        """Return some of the rows."""
        return PathNodes(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def path_nodes(links: Links, paths: Paths, worth: npt.NDArray[np.float64]) -> PathNodes:
    """Return the nodes on sorted paths, each node once a pair, with the path of the highest value.

    The taken item weighs what its path is worth; an entity or attribute behind it that times the similarity of the two,
    since it is one step further from the user. Other people are never named.

    Args:
        links: the graph.
        paths: those chosen.
        worth: float64 [paths].
    """
    numbers = links.numbering
    entity = (paths.node >= numbers.items) & (paths.node < numbers.first_attribute)
    attribute = (paths.node >= numbers.first_attribute) & (paths.node < numbers.first_user)
    named = np.flatnonzero(entity | attribute)
    of = np.concatenate([np.arange(len(paths)), named])
    first = np.where(entity, numbers.items, numbers.first_attribute)[named]
    nodes = PathNodes(
        pair=paths.pair[of],
        label=np.concatenate([np.full(len(paths), _ITEM), np.where(entity, _ENTITY, _ATTRIBUTE)[named]]),
        node=np.concatenate([paths.taken, paths.node[named] - first]),
        via=paths.via[of].astype(np.int64),
        anchor=paths.taken[of],
        weight=np.concatenate([worth, (worth * paths.onward)[named]]),
    )
    order = np.lexsort((nodes.via, nodes.anchor, -nodes.weight, nodes.node, nodes.label, nodes.pair))
    nodes = nodes.where(order)
    same = (nodes.pair[1:] == nodes.pair[:-1]) & (nodes.label[1:] == nodes.label[:-1])
    same &= nodes.node[1:] == nodes.node[:-1]
    return nodes.where(np.append(True, ~same) if len(order) else np.empty(0, dtype=np.bool_))


def evidence_of(on_paths: PathNodes, vias: tuple[str, ...], users: int, width: int) -> Evidence:
    """Return nodes on paths as evidence, with anchors; a slot is a node together with what it came through.

    Args:
        on_paths: their ``pair`` counts the k items of user 0, then those of user 1, …
        vias: names of ``PathNodes.via``.
        users: B.
        width: k.
    """
    row, place = np.divmod(on_paths.pair, max(width, 1))
    columns = np.stack([row, on_paths.label, on_paths.node, on_paths.via], axis=1)
    slots, slot_of = np.unique(columns, axis=0, return_inverse=True)
    counts = np.bincount(slots[:, 0], minlength=users)
    within = np.arange(len(slots)) - np.repeat(np.cumsum(counts) - counts, counts)
    shape = (users, int(counts.max(initial=0)))
    labels, nodes, via = (np.full(shape, fill) for fill in (-1, -1, 0))
    grounds = np.full(shape, GROUNDS.index("history"))
    labels[slots[:, 0], within], nodes[slots[:, 0], within], via[slots[:, 0], within] = slots[:, 1:].T
    for label, ground in _GROUND.items():
        grounds[labels == label] = GROUNDS.index(ground)
    weights = np.zeros((users, width, shape[1]), dtype=np.float32)
    anchors = np.full(weights.shape, -1, dtype=np.int32)
    at = (row, place, within[slot_of.reshape(-1)])
    weights[at], anchors[at] = on_paths.weight, on_paths.anchor
    return Evidence(
        labels.astype(np.int8),
        nodes.astype(np.int32),
        grounds.astype(np.int8),
        via.astype(np.int32),
        pa.array(vias, pa.string()),
        torch.from_numpy(weights),
        anchors,
    )
