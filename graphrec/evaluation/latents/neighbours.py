"""The items that lie nearest to any vector of a latent space: by their own vectors, or by what is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from graphrec.rankings.top_items import best

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.latents.latent_space import LatentSpace


class Neighbours(Protocol):
    """Vectors to start from, and the items that lie nearest to any vector of their space; I items.

    Attributes:
        vectors: float64 [n, d].
        items: int64 [I], positions of the items that are found.
    """

    @property
    def vectors(self) -> npt.NDArray[np.float64]:
        """Vectors to start from."""

    @property
    def items(self) -> npt.NDArray[np.int64]:
        """Items that are found."""

    def nearest(self, vectors: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.int64]:
        """Return the places in ``items`` of the nearest ones, nearest first, int64 [B, count].

        Args:
            vectors: float64 [B, d].
            count: no more than there are items.
        """


@dataclass(frozen=True, eq=False)
class ItemNeighbours:
    """Items by the cosine of their vectors, so that one starts from items.

    Attributes:
        vectors: of the items, float64 [I, d].
        items: int64 [I], their positions.
    """

    vectors: npt.NDArray[np.float64]
    items: npt.NDArray[np.int64]

    def nearest(self, vectors: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.int64]:
        """Return the nearest items, as ``Neighbours``."""
        lengths = np.linalg.norm(self.vectors, axis=1)
        cosines = vectors @ self.vectors.T / np.maximum(lengths, 1e-12)  # the length of the other changes no order
        return best(cosines.astype(np.float32), count)[0]


@dataclass(frozen=True, eq=False)
class DecodedItems:
    """Items by the scores that a vector is decoded into, so that one starts from users.

    Attributes:
        vectors: of users, float64 [n, d].
        items: int64 [I], positions of the items.
        space: the decoder.
    """

    vectors: npt.NDArray[np.float64]
    items: npt.NDArray[np.int64]
    space: LatentSpace

    def nearest(self, vectors: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.int64]:
        """Return the items of highest score, as ``Neighbours``."""
        return best(self.space.decode(vectors)[:, self.items], count)[0]
