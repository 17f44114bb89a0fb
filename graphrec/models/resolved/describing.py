"""What describes items to the model: entities of a knowledge graph, or item attributes in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES
from graphrec.models.resolved.levels import links_below
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.schema.elements import EdgeKind


@dataclass(frozen=True)
class Describing:
    """The nodes that stand where the paper has entities.

    Attributes:
        links: from items to these nodes.
        ground: what makes a reason that is such a node real.
    """

    links: EdgeKind
    ground: str

    @property
    def label(self) -> str:
        """Label of the nodes."""
        return self.links.target

    @property
    def label_code(self) -> int:
        """Index into ``EVIDENCE_LABELS``."""
        return EVIDENCE_LABELS.index(self.label)

    @property
    def ground_code(self) -> int:
        """Index into ``GROUNDS``."""
        return GROUNDS.index(self.ground)

    def of(self, links: Mapping[EdgeKind, Incidence]) -> Incidence:
        """Return items × nodes of a data set's or a profile's links."""
        return links[self.links]

    def below(self, dataset: Dataset) -> Incidence:
        """Return nodes × nodes, to those one level below; attributes have none."""
        if self == GRAPH:
            return links_below(dataset)
        return Incidence.empty(len(dataset.nodes[self.label]), len(dataset.nodes[self.label]))


GRAPH = Describing(ITEM_ENTITIES, "entity")
ATTRIBUTES = Describing(ITEM_ATTRIBUTES, "item_attribute")


def describing(config: ResolvedConfig, dataset: Dataset) -> Describing:
    """Return what describes the items of a data set: by the setting ``entities``, or by what there is.

    Who asks for several levels means a graph: attributes have one.
    """
    if config.entities == "auto":
        lacks_graph = not dataset.item_entities.n_entries and dataset.item_attributes.n_entries > 0
        return ATTRIBUTES if lacks_graph and config.levels == 1 else GRAPH
    return ATTRIBUTES if config.entities == "attributes" else GRAPH


def linked(links: Incidence) -> npt.NDArray[np.bool_]:
    """Return the mask of nodes that some item is linked to, bool [nodes]."""
    mask: npt.NDArray[np.bool_] = np.bincount(links.indices, minlength=links.n_columns) > 0
    return mask
