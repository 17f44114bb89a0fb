"""Attribute networks: items that users took together and that share a value of one kind of attribute.

Source: eRAN (Explainable Recommendation based on Attribute Networks), section 2. With T users × items of what was
taken and A_k items × values of kind k, the paper's network is G ∘ A_k A_kᵀ with G = TᵀT: an item × item matrix.
Let the rows of Y_k be pairs of a user and a value, with a one where the user took the item and the item carries the
value. Then, off the diagonal, Y_kᵀ Y_k = G ∘ A_k A_kᵀ exactly: co-takers × shared values. So whatever is multiplied
with a network takes two sparse products, and no item × item matrix is ever made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.sampling.network_rows import joined_rows
from graphrec.sampling.user_value_pairs import linked_pairs, user_value_pairs
from graphrec.sampling.values_of_kind import values_by_kind
from graphrec.schema.property_graph import VIA_CO_TAKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.sampling.network_rows import Entries

CO_TAKEN = VIA_CO_TAKEN
"""Kind of the network of all pairs, which no attribute is about."""
Taken = Literal["positives", "taken"]
"""Which interactions make two items co-taken: the positive ones, or all."""


@dataclass(frozen=True, eq=False, repr=False)
class AttributeNetwork:
    """The network of one kind of attribute, as pairs of a user and a value.

    A pair of which the user took one item only links nothing and is left out.

    Attributes:
        kind: of the attribute, such as ``director``.
        pairs: Y, a scipy CSR matrix pairs × items of ones, float32; at least two items in each row.
        owners: int32 [pairs], the user of each pair (or the link, for a network of stored links).
        values: int32 [pairs], the value of each pair, a column of ``carried``.
        carried: items × values of this kind, hubs left out; a column's attribute is ``attributes[column]``.
        attributes: int32 [values], positions among the data set's attributes, ascending.
        left_out: int32, positions of attributes of this kind that more than ``max_share`` of the items carry.
        of_links: whether stored links between items take the place of users.
    """

    kind: str
    pairs: Any
    owners: npt.NDArray[np.int32]
    values: npt.NDArray[np.int32]
    carried: Incidence
    attributes: npt.NDArray[np.int32]
    left_out: npt.NDArray[np.int32]
    of_links: bool = False

    @property
    def n_items(self) -> int:
        """Number of items, those without an edge too."""
        return self.carried.n_rows

    @cached_property
    def diagonal(self) -> npt.NDArray[np.int64]:
        """What YᵀY has on its diagonal, int64 [items]: pairs that each item is in; the network has no such loops."""
        return np.bincount(self.pairs.indices, minlength=self.n_items)

    def product(self, vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the network times the vectors of items: Yᵀ(Y X) − diag(YᵀY) X.

        Entry (i, j) of the network is the number of users who took both, times the number of values of this kind that
        both carry; 0 for i = j. Memory grows with the result and the pairs, never with items × items.

        Args:
            vectors: [items, d] or [items].

        Returns:
            Of the same shape; float32 for float32, else float64, in which counts are exact.

        Raises:
            UsageError: the vectors are not one for each item.
        """
        if vectors.ndim not in (1, 2) or len(vectors) != self.n_items:
            raise UsageError(
                f"vectors of shape {list(vectors.shape)} are not one for each of {self.n_items} items",
                remedy="Give [items, d] in the data set's numbering",
            )
        wide = vectors if vectors.dtype == np.float32 else vectors.astype(np.float64, copy=False)
        columns = wide.reshape(self.n_items, -1)
        result: npt.NDArray[Any] = -self.diagonal[:, None].astype(wide.dtype) * columns
        for block in row_blocks(self.pairs.shape[0], columns.shape[1]):
            some = self.pairs[block]
            result += some.T @ (some @ columns)
        return result.reshape(vectors.shape)

    def rows(self, items: npt.NDArray[Any], entries: Entries = "edges", threshold: int = 1) -> Incidence:
        """Return the network's rows of some items, such as the input of the paper's autoencoder for a batch.

        Args:
            items: [B] positions.
            entries: ``edges`` (ones, as printed), ``co_takers`` or ``paths`` (co-takers × shared values).
            threshold: users who took both items, at least; other edges are left out. The paper's is 1.

        Returns:
            B × items; without values for ``edges``. It has as many entries as the items have neighbours.

        Raises:
            UsageError: an item that is not there, entries of another name, or a threshold below 1.
        """
        chosen = np.asarray(items, dtype=np.int64)
        if len(chosen) and not 0 <= int(chosen.min()) <= int(chosen.max()) < self.n_items:
            raise UsageError(f"an item is out of range; the network {self.kind} has {self.n_items}")
        return joined_rows(self._pairs_of_items[chosen], self.pairs, self.owners, chosen, entries, threshold)

    @property
    def items_of_pairs(self) -> Incidence:
        """Y as pairs × items, for a graph to sample."""
        indptr, indices = self.pairs.indptr.astype(np.int64), self.pairs.indices.astype(np.int32, copy=False)
        return Incidence(indptr, indices, self.n_items)

    @cached_property
    def _pairs_of_items(self) -> Any:
        return self.pairs.T.tocsr()

    def degrees(self) -> npt.NDArray[np.float64]:
        """Return the sum of each item's row of the network, float64 [items]; 0 for an item without an edge."""
        return self.product(np.ones(self.n_items))

    def __repr__(self) -> str:
        hubs = f", left out: {len(self.left_out)}" if len(self.left_out) else ""
        return (
            f"<AttributeNetwork {self.kind}: {self.pairs.shape[0]:,} pairs with {self.pairs.nnz:,} entries, "
            f"{len(self.attributes):,} values{hubs}>"
        )


def attribute_networks(
    dataset: Dataset,
    kinds: Sequence[str] | None = None,
    of: Taken = "positives",
    *,
    max_share: float = 1.0,
    links: Incidence | None = None,
) -> list[AttributeNetwork]:
    """Return the attribute networks of a data set, one for each kind.

    They follow from the interactions that the data set shows: those of a split's training part know nothing of the
    test part. Stored co-purchases are not read. Building takes memory in the number of entries (interaction × value).

    Args:
        dataset: what users took, and what items carry.
        kinds: of attributes, in the order wanted; None for all of which two items share a value, by name.
        of: which interactions count; ``positives`` as in the paper, ``taken`` with low ratings too.
        max_share: a value that a larger share of all items carries is left out, a hub such as the genre Drama.
        links: items × items, symmetric, such as ``read_item_links(store, items)["also_bought"]``: two items are then
            linked where there is an entry, instead of where a user took both, and ``of`` does not matter.

    Raises:
        UsageError: an unknown kind, or one named twice; a share that is not above 0 and at most 1; links of other
            items.
    """
    together = _together(dataset, of) if links is None else linked_pairs(links, len(dataset.items))
    networks = []
    for values in values_by_kind(dataset, kinds, max_share):
        pairs = user_value_pairs(together, values.carried)
        networks.append(AttributeNetwork(values.kind, *pairs, *values[1:], of_links=links is not None))
    return networks


def co_taken_network(dataset: Dataset, of: Taken = "positives") -> AttributeNetwork:
    """Return the network of all pairs of items that a user took, whatever they share, of the kind ``co-taken``.

    Args:
        dataset: what users took.
        of: as for ``attribute_networks``.
    """
    together, n_items = _together(dataset, of), len(dataset.items)
    alike = Incidence.from_pairs(np.arange(n_items), np.zeros(n_items, dtype=np.int64), (n_items, 1))
    none = np.empty(0, dtype=np.int32)
    return AttributeNetwork(CO_TAKEN, *user_value_pairs(together, alike), Incidence.empty(n_items, 0), none, none)


def _together(dataset: Dataset, of: Taken) -> Incidence:
    if of not in ("positives", "taken"):
        raise UsageError(f"there are no interactions {of!r}", remedy="Take positives or taken")
    return dataset.positives if of == "positives" else dataset.taken
