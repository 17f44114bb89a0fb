"""What a model is given about the users it scores: never who they are, only what they took and carry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class Profiles:
    """A batch of B users in the numbering of a fitted model.

    A newcomer is a profile like any other, so that a model that needs only profiles scores new users without
    retraining.

    Attributes:
        known: int32 [B], the user's row in the training data, −1 for a newcomer.
        items: B × items, positives that the model may use as input.
        user_attributes: B × attributes.
        item_attributes: items × attributes, shared by all batches.
        item_entities: items × entities, shared by all batches.
    """

    known: npt.NDArray[np.int32]
    items: Incidence
    user_attributes: Incidence
    item_attributes: Incidence
    item_entities: Incidence

    def __len__(self) -> int:
        return self.items.n_rows

    @cached_property
    def reached_attributes(self) -> Incidence:
        """B × attributes: what the items of each user carry."""
        return self.items.reach(self.item_attributes)

    def rows(self, rows: npt.NDArray[Any]) -> Profiles:
        """Return the profiles of some rows of this batch, in the given order."""
        chosen = Profiles(
            self.known[rows],
            self.items.rows(rows),
            self.user_attributes.rows(rows),
            self.item_attributes,
            self.item_entities,
        )
        if "reached_attributes" in self.__dict__:  # a part of what is known already costs less than a new product
            chosen.__dict__["reached_attributes"] = self.reached_attributes.rows(rows)
        return chosen

    def thinned(self, share: float, rng: np.random.Generator) -> Profiles:
        """Return the profiles without a random share of their items and of the users' own attributes."""
        items, attributes = (
            part.where(rng.random(part.n_entries) >= share) for part in (self.items, self.user_attributes)
        )
        return Profiles(self.known, items, attributes, self.item_attributes, self.item_entities)


def profiles_of(dataset: Dataset, known: npt.NDArray[np.int32], users: npt.NDArray[Any]) -> Profiles:
    """Return the profiles of users of an (aligned) data set.

    Args:
        dataset: in the numbering of the model.
        known: int32, one per user of the data set: its row in the training data, or −1.
        users: positions in ``dataset.users``.
    """
    return Profiles(
        known[users],
        dataset.positives.rows(users),
        dataset.user_attributes.rows(users),
        dataset.item_attributes,
        dataset.item_entities,
    )
