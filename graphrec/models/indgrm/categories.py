"""Categories of items: attributes of one kind, which item groups are made for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.errors import UsageError
from graphrec.loading.word_vectors import read_word_vectors, vector_of_name

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class Categories:
    """The values of a kind of item attributes that some item carries.

    Attributes:
        names: G of them.
        of_items: items × G.
    """

    names: tuple[str, ...]
    of_items: Incidence

    @classmethod
    def of(cls, dataset: Dataset, kind: str) -> Categories:
        """Return the categories of a kind, in the order of the attributes.

        Raises:
            UsageError: no item has an attribute of this kind; those there are, are named.
        """
        carried = dataset.item_attributes
        kinds = np.asarray(dataset.attributes.columns["kind"].to_pylist(), dtype=str)
        is_carried = np.bincount(carried.indices, minlength=carried.n_columns) > 0
        chosen = np.flatnonzero(is_carried & (kinds == kind))
        if not len(chosen):
            known = ", ".join(sorted(set(kinds[is_carried]))) or "none"
            raise UsageError(
                f"no item has an attribute of the kind {kind!r}",
                where="the setting 'categories'",
                remedy=f"Kinds of item attributes here: {known}. Or leave categories empty, and say how many groups",
            )
        column = np.full(carried.n_columns, -1)
        column[chosen] = np.arange(len(chosen))
        of_items = carried.renumbered(np.arange(carried.n_rows), column, (carried.n_rows, len(chosen)))
        called = dataset.attributes.columns["name"].to_pylist()
        return cls(tuple(called[attribute] for attribute in chosen), of_items)

    def nearness(self, word_vectors: str) -> torch.Tensor:
        """Return how near each two categories are, float32 [G, G].

        Args:
            word_vectors: file in which their names are looked up; empty for the cosines of which items carry them.

        Raises:
            InputError: as for ``read_word_vectors`` and ``vector_of_name``.
        """
        if not word_vectors:
            carried = self.of_items.pattern.csr(np.float64)
            together = (carried.T @ carried).toarray()
            return rounded(together / np.sqrt(np.outer(together.diagonal(), together.diagonal())))
        vectors = read_word_vectors(Path(word_vectors), self.names)
        found = np.stack([vector_of_name(name, vectors, Path(word_vectors)) for name in self.names])
        directions = found / np.linalg.norm(found, axis=1, keepdims=True)
        return rounded(directions @ directions.T)


def rounded(cosines: npt.NDArray[np.float64]) -> torch.Tensor:
    """Return cosines as float32, so that categories that are equally near are not told apart by the last digit."""
    return torch.from_numpy(cosines.round(9)).float()
