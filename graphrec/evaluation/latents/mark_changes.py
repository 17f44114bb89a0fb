"""Which marks of items (genres, directors, entities) an alteration makes more or less frequent, beyond chance.

The items that come nearer most by altering along a direction are held against all others, and so are those that go
away most: x of n carry a mark that K of all N carry. By chance x follows the hypergeometric distribution. Discoveries
are chosen at a false discovery rate (Benjamini and Hochberg 1995) over all directions, both ends and all marks at once.
Items that are near to everything come no nearer, so that they are no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from graphrec.explaining.naming import over_representation
from graphrec.rankings.top_items import best

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy import sparse


@dataclass(frozen=True, eq=False)
class MarkChanges:
    """Changes of the shares of M marks by altering along R directions.

    Attributes:
        changes: float64 [R, M], share among the nearest items at the upper end less that at the lower end.
        discovered: bool [R, M], whether a mark whose share grows is over-represented beyond chance among what comes
            nearer most, or one whose share falls among what goes away most.
    """

    changes: npt.NDArray[np.float64]
    discovered: npt.NDArray[np.bool_]

    @property
    def named(self) -> npt.NDArray[np.bool_]:
        """Whether a direction has a discovery, bool [R]."""
        named: npt.NDArray[np.bool_] = np.any(self.discovered, axis=1)
        return named

    @property
    def greatest(self) -> npt.NDArray[np.float64]:
        """The greatest change of any mark's share by each direction, either way, float64 [R]."""
        greatest: npt.NDArray[np.float64] = np.abs(self.changes).max(axis=1, initial=0)
        return greatest


def mark_changes(
    pull: npt.NDArray[np.float64], marks: sparse.csr_matrix, *, count: int, false_discoveries: float = 0.05
) -> MarkChanges:
    """Return the changes of marks, and which of them are discoveries.

    Args:
        pull: how much nearer each item comes (``altering.pulls``), float64 [R, I].
        marks: I × M, 0 or 1; one at least.
        count: items that come nearer most, and as many that go away most, or fewer.
        false_discoveries: share of them among the discoveries, at most.
    """
    likely = np.stack([np.exp(over_representation(_most(sign * pull, count).T, marks)) for sign in (1, -1)])
    passing = stats.false_discovery_control(likely.ravel()).reshape(likely.shape) <= false_discoveries
    changes: npt.NDArray[np.float64] = (marks.T @ pull.T).T
    return MarkChanges(changes, np.where(changes > 0, passing[0], passing[1] & (changes < 0)))


def _most(pull: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.bool_]:
    """Return the items of greatest pull above 0, bool [R, I]."""
    chosen, values = best(pull.astype(np.float32), count)
    row, place = np.nonzero(values > 0)
    is_chosen = np.zeros(pull.shape, dtype=np.bool_)
    is_chosen[row, chosen[row, place]] = True
    return is_chosen
