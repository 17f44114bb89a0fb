"""The values of one kind of attribute and the items that carry them, in a numbering of their own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

_LOG = logging.getLogger(__name__)


class ValuesOfKind(NamedTuple):
    """Values of one kind, hubs left out.

    Attributes:
        kind: of the attribute.
        carried: items × values.
        attributes: int32 [values], their positions among the data set's attributes, ascending.
        left_out: int32, positions of the hubs of this kind.
    """

    kind: str
    carried: Incidence
    attributes: npt.NDArray[np.int32]
    left_out: npt.NDArray[np.int32]


def attribute_kinds(dataset: Dataset) -> list[str]:
    """Return the kinds of item attributes of which two items share a value, by name."""
    kinds = _kinds(dataset)
    carriers = np.bincount(dataset.item_attributes.indices, minlength=len(kinds))
    return sorted(set(kinds[carriers > 1].tolist()) - {""})


def values_by_kind(dataset: Dataset, kinds: Sequence[str] | None, max_share: float) -> list[ValuesOfKind]:
    """Return the values of each kind; the log says how many hubs were left out.

    Args:
        dataset: what items carry.
        kinds: in the order wanted; None for ``attribute_kinds``.
        max_share: a value that a larger share of all items carries is a hub.

    Raises:
        UsageError: an unknown kind, or one named twice; a share that is not above 0 and at most 1.
    """
    if not 0 < max_share <= 1:
        raise UsageError(f"max_share is {max_share}", remedy="Take a share of the items above 0 and at most 1")
    kind_of_value, every = _kinds(dataset), dataset.item_attributes
    is_hub = np.bincount(every.indices, minlength=every.n_columns) > max_share * every.n_rows
    parts = []
    for kind in attribute_kinds(dataset) if kinds is None else _known(kinds, kind_of_value):
        is_of_kind = kind_of_value == kind
        attributes, left_out = (np.flatnonzero(is_of_kind & mask).astype(np.int32) for mask in (~is_hub, is_hub))
        place = np.full(every.n_columns, -1, dtype=np.int32)
        place[attributes] = np.arange(len(attributes))
        carried = every.pattern.renumbered(np.arange(every.n_rows), place, (every.n_rows, len(attributes)))
        parts.append(ValuesOfKind(kind, carried, attributes, left_out))
        if len(left_out):
            _LOG.info(
                "attribute network %s: left out %d of %d values, which more than %g of the items carry",
                kind, len(left_out), int(is_of_kind.sum()), max_share,
            )  # fmt: skip
    return parts


def _kinds(dataset: Dataset) -> npt.NDArray[Any]:
    """Return the kind of each attribute, an empty text for those of users."""
    if not len(dataset.attributes):
        return np.empty(0, dtype=np.str_)
    kinds, owners = (np.asarray(dataset.attributes.columns[name].to_pylist(), dtype=str) for name in ("kind", "owner"))
    return np.where(owners == "item", kinds, "")


def _known(kinds: Sequence[str], kind_of_value: npt.NDArray[Any]) -> list[str]:
    if isinstance(kinds, str):
        raise UsageError(f"kinds is the text {kinds!r}", remedy=f"Give a list of kinds: [{kinds!r}]")
    known = sorted(set(kind_of_value.tolist()) - {""})
    for kind in kinds:
        if kind not in known:
            raise UsageError(
                f"no item attribute is of the kind {kind!r}", remedy=f"Kinds are {', '.join(known) or 'none here'}"
            )
    if len(set(kinds)) != len(kinds):
        raise UsageError(f"a kind of attribute is named twice: {', '.join(kinds)}", remedy="Name each once")
    return list(kinds)
