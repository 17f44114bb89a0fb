"""Profiles of users as models see them: their items and links, never their ids."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES, LINKS, MENTIONED, USER_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.schema.elements import EdgeKind

_MENTIONED = tuple(MENTIONED.values())
_LINKS = (*LINKS.values(), *_MENTIONED)
_NONE = Incidence.empty(0, 0)


@dataclass(frozen=True, eq=False)
class Profiles:
    """A batch of B users in the numbering of a fitted model.

    A new user is a profile like any other, so that a model that needs only profiles scores new users without
    retraining. Links that are left out are empty.

    Attributes:
        known: int32 [B], the user's row in the training data, −1 for a new user.
        items: B × items, positives that the model may use as input.
        links: kind of edge → B × targets for links of users, items × targets for links of items, which all batches
            share. Kinds are ``LINKS`` and ``MENTIONED`` of ``graphrec.dataset.kinds``; the values of the latter are the
            mean sentiment.
        mention_counts: for the kinds of ``MENTIONED`` the same entries with the number of mentions as values.
        disliked: B × items, explicit dislikes of users who have positives; of users without any, none is input.
    """

    known: npt.NDArray[np.int32]
    items: Incidence
    links: Mapping[EdgeKind, Incidence] = field(default_factory=dict)
    mention_counts: Mapping[EdgeKind, Incidence] = field(default_factory=dict)
    disliked: Incidence = _NONE

    def __post_init__(self) -> None:
        if self.disliked is _NONE:
            object.__setattr__(self, "disliked", Incidence.empty(self.items.n_rows, self.items.n_columns))
        for name, kinds in (("links", _LINKS), ("mention_counts", _MENTIONED)):
            present: Mapping[EdgeKind, Incidence] = getattr(self, name)
            if len(present) < len(kinds):
                object.__setattr__(self, name, {kind: present.get(kind, self._empty(kind)) for kind in kinds})

    def _empty(self, kind: EdgeKind) -> Incidence:
        rows = self.items.n_rows if kind.source == "User" else self.items.n_columns
        columns = [links.n_columns for other, links in self.links.items() if other.target == kind.target]
        return Incidence.empty(rows, max(columns, default=0))

    def __len__(self) -> int:
        return self.items.n_rows

    @property
    def user_attributes(self) -> Incidence:
        """B × attributes: those of the users themselves."""
        return self.links[USER_ATTRIBUTES]

    @property
    def item_attributes(self) -> Incidence:
        """Items × attributes, shared by all batches."""
        return self.links[ITEM_ATTRIBUTES]

    @property
    def item_entities(self) -> Incidence:
        """Items × entities, shared by all batches."""
        return self.links[ITEM_ENTITIES]

    @cached_property
    def reached_attributes(self) -> Incidence:
        """B × attributes: those of the items of each user."""
        return self.items.reach(self.item_attributes)

    def rows(self, rows: npt.NDArray[Any]) -> Profiles:
        """Return the profiles of some rows of this batch, in the given order."""
        chosen = self._with(
            self.known[rows], self.items.rows(rows), lambda _, links: links.rows(rows), self.disliked.rows(rows)
        )
        if "reached_attributes" in self.__dict__:  # rows of a computed product cost less than a new product
            chosen.__dict__["reached_attributes"] = self.reached_attributes.rows(rows)
        return chosen

    def thinned(self, share: float | npt.NDArray[np.float64], rng: np.random.Generator) -> Profiles:
        """Return the profiles without a random share of their items, and of the links of each kind of the users.

        Args:
            share: one for everybody, or one for each user, [B].
            rng: of every choice.
        """
        shares = np.broadcast_to(share, len(self))

        def stays(part: Incidence) -> npt.NDArray[np.bool_]:
            drawn: npt.NDArray[np.bool_] = rng.random(part.n_entries) >= shares[part.row_of_entry]
            return drawn

        items = self.items.where(stays(self.items))
        is_kept = {kind: stays(links) for kind, links in self.links.items() if kind.source == "User"}
        return self._with(self.known, items, lambda kind, links: links.where(is_kept[kind]), self.disliked)

    def with_inputs(self, rows: npt.NDArray[Any], items: Incidence, links: Mapping[EdgeKind, Incidence]) -> Profiles:
        """Return some rows of this batch with other items and some other links, and all else as it is.

        Args:
            rows: int [R], rows of this batch, repeats allowed.
            items: R × items.
            links: those to exchange, R × targets for links of users.
        """
        cut = self._with(
            self.known[rows],
            items,
            lambda kind, matrix: matrix if kind in links else matrix.rows(rows),
            self.disliked.rows(rows),
        )
        return replace(cut, links={**cut.links, **links})

    def _with(
        self,
        known: npt.NDArray[np.int32],
        items: Incidence,
        change: Callable[[EdgeKind, Incidence], Incidence],
        disliked: Incidence,
    ) -> Profiles:
        """Return other users with these items, and the links of users changed."""
        links, counts = (
            {kind: change(kind, matrix) if kind.source == "User" else matrix for kind, matrix in part.items()}
            for part in (self.links, self.mention_counts)
        )
        return Profiles(known, items, links, counts, disliked)


def profiles_of(dataset: Dataset, known: npt.NDArray[np.int32], users: npt.NDArray[Any]) -> Profiles:
    """Return the profiles of users of an (aligned) data set.

    Args:
        dataset: in the numbering of the model.
        known: int32, one per user of the data set: its row in the training data, or −1.
        users: positions in ``dataset.users``.
    """
    everybody = Profiles(known, dataset.positives, dataset.all_links, dataset.mention_counts, dataset.negatives)
    chosen = everybody.rows(users)
    if not chosen.disliked.n_entries:
        return chosen
    is_input = chosen.items.counts[chosen.disliked.row_of_entry] > 0
    return replace(chosen, disliked=chosen.disliked.where(is_input))
