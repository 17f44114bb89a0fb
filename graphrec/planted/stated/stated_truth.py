"""The stated tastes of a truth, in the numbers of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.node_ids import NodeIds
    from graphrec.planted.truth import Truth


@dataclass(frozen=True, eq=False)
class StatedTruth:
    """What people state, what carries which value, and which nodes stand for the values.

    Attributes:
        values: ids of the V values, which are attributes.
        stated: int8 [users, V], 1 liked, −1 disliked, 0 neither.
        carries: items × V.
        of_attribute: int64 [attributes], the value that each attribute is, or −1.
        of_entity: int64 [entities], the value that each entity stands for, or −1.
    """

    values: pa.Array
    stated: npt.NDArray[np.int8]
    carries: Incidence
    of_attribute: npt.NDArray[np.int64]
    of_entity: npt.NDArray[np.int64]

    @classmethod
    def of(cls, truth: Truth, numbering: NodeIds) -> Self:
        """Read a truth that has rows of the part ``taste``; ids that the numbering does not have are left out."""
        tastes, links, same = (_part(truth, part) for part in ("taste", "link", "same"))
        values = IdMap.of(
            "Attribute", pc.unique(pa.chunked_array([*tastes["evidence"].chunks, *links["evidence"].chunks]))
        )
        user, value = numbering.users.positions(tastes["user"]), values.positions(tastes["evidence"])
        stated = np.zeros((len(numbering.users), len(values)), dtype=np.int8)
        sign = np.where(np.asarray(pc.equal(tastes["kind"], "like")), 1, -1)
        stated[user[user >= 0], value[user >= 0]] = sign[user >= 0]
        item, carried = numbering.items.positions(links["item"]), values.positions(links["evidence"])
        known = item >= 0
        of_entity = np.full(len(numbering.entities), -1, dtype=np.int64)
        entity = numbering.entities.positions(same["evidence"])
        of_entity[entity[entity >= 0]] = values.positions(same["through"])[entity >= 0]
        return cls(
            values.ids,
            stated,
            Incidence.from_pairs(item[known], carried[known], (len(numbering.items), len(values))),
            values.positions(numbering.attributes.ids).astype(np.int64),
            of_entity,
        )


def states_tastes(truth: Truth) -> bool:
    """Return whether a truth is of stated tastes."""
    return bool(_part(truth, "taste").num_rows)


def _part(truth: Truth, name: str) -> pa.Table:
    return truth.table.filter(pc.equal(truth.table["part"], name))
