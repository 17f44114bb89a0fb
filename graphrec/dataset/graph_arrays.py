"""What a data set holds, and what is derived from it: links, profiles of features, positives, dislikes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import (
    ITEM_ATTRIBUTES,
    ITEM_ENTITIES,
    ITEM_FEATURES,
    LINKS,
    USER_ATTRIBUTES,
    USER_FEATURES,
)
from graphrec.dataset.knowledge import Knowledge
from graphrec.dataset.mentions import Mentions
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.node_ids import NodeIds
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError
from graphrec.loading.co_purchase import CoPurchases, co_purchases
from graphrec.tables.verbs import Verbs
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.interactions import Interactions
    from graphrec.loading.contract import LoaderReport
    from graphrec.schema.elements import EdgeKind


@dataclass(frozen=True, eq=False, repr=False)
class GraphArrays(NodeIds):
    """Interactions, links, facts and mentions over numbered nodes, all read only.

    What is derived is computed when it is first needed, from the interactions and reviews that are here.

    ``Dataset``, the class that is made of it, describes the attributes and errors.
    """

    interactions: Interactions
    links: Mapping[EdgeKind, Incidence] = field(default_factory=dict)
    positive_if: PositiveRule = field(default_factory=PositiveRule)
    fingerprint: str = ""
    split: str = "none"
    knowledge: Knowledge = field(default_factory=lambda: Knowledge.empty(0, 0))
    verbs: Verbs = field(default_factory=Verbs)
    mentions: Mentions = field(default_factory=Mentions.empty)
    visible: VisibleReviews = field(default_factory=VisibleReviews)
    report: LoaderReport | None = None
    id: str = ""
    negative_if: NegativeRule = field(default_factory=NegativeRule)

    def __post_init__(self) -> None:
        super().__post_init__()
        unknown = [kind for kind in self.links if kind not in LINKS.values()]
        if unknown:
            raise InputError(
                f"a data set holds no links {unknown[0]}", remedy=f"Links are {', '.join(map(str, LINKS.values()))}"
            )
        object.__setattr__(self, "links", {kind: self._fitting_links(kind) for kind in LINKS.values()})
        size = (len(self.items), len(self.entities))
        if (self.knowledge.n_items, self.knowledge.n_entities) != size:
            if len(self.knowledge):
                raise InputError(
                    f"the knowledge graph numbers {self.knowledge.n_items} items and {self.knowledge.n_entities} "
                    f"entities, the data set has {size[0]} and {size[1]}",
                    remedy="Build both from the same id maps",
                )
            object.__setattr__(self, "knowledge", Knowledge.empty(*size))

    def _fitting_links(self, kind: EdgeKind) -> Incidence:
        shape = self._shape(kind)
        links = self.links.get(kind, Incidence.empty(*shape))
        if (links.n_rows, links.n_columns) == shape:
            return links
        if links.n_entries:
            raise InputError(
                f"the links {kind} number {links.n_rows} sources and {links.n_columns} targets, the data set has "
                f"{shape[0]} and {shape[1]}",
                remedy="Build them from the same id maps",
            )
        return Incidence.empty(*shape)

    def _shape(self, kind: EdgeKind) -> tuple[int, int]:
        return len(self.nodes[kind.source]), len(self.nodes[kind.target])

    @property
    def item_attributes(self) -> Incidence:
        """Items × attributes."""
        return self.links[ITEM_ATTRIBUTES]

    @property
    def user_attributes(self) -> Incidence:
        """Users × attributes: what users carry themselves."""
        return self.links[USER_ATTRIBUTES]

    @property
    def item_entities(self) -> Incidence:
        """Items × entities (HAS_ENTITY, any relation)."""
        return self.links[ITEM_ENTITIES]

    @property
    def user_features(self) -> Incidence:
        """Users × features; the values are the mean sentiment of the user's mentions."""
        return self.all_links[USER_FEATURES]

    @property
    def item_features(self) -> Incidence:
        """Items × features; the values are the mean sentiment of the mentions in reviews of the item."""
        return self.all_links[ITEM_FEATURES]

    @cached_property
    def all_links(self) -> Mapping[EdgeKind, Incidence]:
        """``links``, and the profiles of features of users and items with their mean sentiment as values.

        Profiles are computed from ``mentions``, so that a training part knows nothing of the reviews of the test part.
        """
        return {**self.links, **{kind: sentiment for kind, (sentiment, _) in self._feature_profiles.items()}}

    @cached_property
    def mention_counts(self) -> Mapping[EdgeKind, Incidence]:
        """The profiles of features of users and items with the number of mentions as values."""
        return {kind: counts for kind, (_, counts) in self._feature_profiles.items()}

    @cached_property
    def _feature_profiles(self) -> dict[EdgeKind, tuple[Incidence, Incidence]]:
        return {
            USER_FEATURES: self.mentions.by_user(*self._shape(USER_FEATURES)),
            ITEM_FEATURES: self.mentions.by_item(*self._shape(ITEM_FEATURES)),
        }

    @cached_property
    def taken(self) -> Incidence:
        """Users × items: any interaction, low ratings too. What a user has taken is not recommended again."""
        shape = (len(self.users), len(self.items))
        return Incidence.from_pairs(self.interactions.user, self.interactions.item, shape)

    @cached_property
    def positives(self) -> Incidence:
        """Users × items: interactions that satisfy ``positive_if``. What models learn from and are given as input."""
        if not self.positive_if.text:
            return self.taken
        return self._pairs(self.positive_if.mask(self._properties))

    @cached_property
    def negatives(self) -> Incidence:
        """Users × items: interactions that satisfy ``negative_if``, explicit dislikes. None without such a rule.

        Raises:
            InputError: an interaction satisfies both rules.
        """
        if not self.negative_if.text:
            return Incidence.empty(len(self.users), len(self.items))
        disliked = self.negative_if.mask(self._properties)
        self._refuse_positive(disliked)
        return self._pairs(disliked)

    def _refuse_positive(self, disliked: npt.NDArray[np.bool_]) -> None:
        """Raise InputError where an interaction is positive and disliked."""
        both = np.flatnonzero(disliked & self.positive_if.mask(self._properties))
        if len(both):
            seen, first = self.interactions, int(both[0])
            user, item = self.users.ids[int(seen.user[first])], self.items.ids[int(seen.item[first])]
            raise InputError(
                f"{counted(len(both), 'interaction')} {'is' if len(both) == 1 else 'are'} positive by "
                f"{self.positive_if.text or 'default, as all are'} and disliked by {self.negative_if.text}, "
                f"first that of user {user.as_py()!r} with item {item.as_py()!r}",
                remedy="Give rules of which at most one is true of an interaction, such as rating>=3 and rating<=2",
            )

    @property
    def _properties(self) -> dict[str, npt.NDArray[Any]]:
        """The columns of interactions that rules decide by."""
        seen = self.interactions
        return {"rating": seen.rating, "weight": seen.weight, "timestamp": seen.timestamp}

    def _pairs(self, mask: npt.NDArray[np.bool_]) -> Incidence:
        """Return users × items of some interactions."""
        seen = self.interactions
        return Incidence.from_pairs(seen.user[mask], seen.item[mask], (len(self.users), len(self.items)))

    @cached_property
    def co_purchases(self) -> CoPurchases:
        """Pairs of items that at least five users took, counted in this data set's interactions alone."""
        return co_purchases(self.interactions.user, self.interactions.item, len(self.items))

    @property
    def history(self) -> str:
        """``all``, or ``train`` when a split has cut the interactions."""
        return "all" if self.split == "none" else "train"
