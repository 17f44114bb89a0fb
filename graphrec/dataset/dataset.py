"""The graph as arrays: the data that models are trained on and recommend from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import (
    ITEM_ATTRIBUTES,
    ITEM_ENTITIES,
    ITEM_FEATURES,
    LINKS,
    NODES,
    USER_ATTRIBUTES,
    USER_FEATURES,
)
from graphrec.dataset.knowledge import Knowledge
from graphrec.dataset.mentions import Mentions
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.node_ids import NodeIds
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.dataset.profiles_of_takers import with_profiles_of_takers
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError, UsageError
from graphrec.loading.co_purchase import CoPurchases, co_purchases
from graphrec.tables.verbs import Verbs
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self, Unpack

    from graphrec.dataset.ids import IdMap
    from graphrec.dataset.interactions import Interactions
    from graphrec.dataset.source import DataSource
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.loading.frames_to_tables import FrameColumns
    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(NodeIds):
    """The data that one fit or one run can see.

    What is derived from interactions and reviews (co-purchase, profiles of features) is computed from what may be seen,
    when it is needed, so that a training part knows nothing of the test part. Stored co-purchases are not read; stored
    profiles of features are, and a split leaves them out (``keeping``).

    By hand: ``Dataset({"User": users, "Item": items}, interactions, {ITEM_ATTRIBUTES: carried})``. Nodes, links, facts
    and mentions that are left out are empty.

    Attributes:
        nodes: label → ids and names; attributes also have ``kind`` and ``owner``.
        interactions: every interaction that may be seen, low ratings too.
        links: kind of edge (``graphrec.dataset.kinds.LINKS``) → sources × targets; HAS_ENTITY of any relation.
        positive_if: which interactions are positive.
        negative_if: which interactions are explicit dislikes.
        fingerprint: of the stored data this was read from.
        split: fingerprint of the split that cut it, or ``none``.
        knowledge: HAS_ENTITY and RELATED_TO with their relations.
        mentions: features that users mention.
        visible: which of them the split left.
        verbs: what users do with items, told with their reasons.
        report: what was kept and skipped of the frames that it was made from; None where it came from a store.
        id: of the base data set that it was read from.

    Raises:
        InputError: a kind of node or link that a data set does not hold, or links or facts whose numbers are not those
            of the nodes.
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

    @classmethod
    def from_store(cls, store: DataSource, positive_if: str = "", *, negative_if: str = "", dataset: str = "") -> Self:
        """Read one data set of a store with its overlays; both engines give the same arrays for the same data.

        Args:
            store: a ``Store``, or another source of the same content.
            positive_if: which interactions are positive, such as ``rating>=3``; empty accepts all.
            negative_if: which are explicit dislikes, such as ``rating<=2``; empty finds none.
            dataset: id of a base data set; empty for the one that the store was opened for, the only one, or of
                several the one without an id prefix.

        Raises:
            UnknownIdError: the store holds no data, or no such data set.
            InputError: the latest load did not finish, or there are no interactions.
            UsageError: the data set is an overlay, or none is named, and all have prefixes.
        """
        from graphrec.dataset.from_store import dataset_fields

        if isinstance(store, (str, PathLike)):
            raise UsageError(
                f"a data set is read from an open store, not from {store!r}",
                remedy="Open it: with gr.open_store(uri) as store: …",
            )
        return cls(**dataset_fields(store, positive_if, dataset, negative_if))

    @classmethod
    def from_tables(
        cls, tables: GraphTables, info: DatasetInfo, positive_if: str = "", *, negative_if: str = ""
    ) -> Self:
        """Return the data set of graph tables: the same as of a store into which they are loaded.

        Args:
            tables: nodes and edges.
            info: the data set's record; it declares properties beyond the schema.
            positive_if: which interactions are positive, such as ``rating>=3``; empty accepts all.
            negative_if: which are explicit dislikes, such as ``rating<=2``; empty finds none.

        Raises:
            SchemaError: the tables do not fit the schema with what ``info`` declares.
            InputError: an end of an edge is nowhere, ``info`` is an overlay, or there are no interactions.
        """
        from graphrec.dataset.in_memory import TableSource

        return cls.from_store(TableSource(tables, info), positive_if, negative_if=negative_if)

    @classmethod
    def from_pandas(
        cls,
        interactions: FrameLike,
        *,
        positive_if: str = "",
        negative_if: str = "",
        **columns: Unpack[FrameColumns],
    ) -> Self:
        """Return a data set from data frames, with no store and no file.

        Skipped rows are counted: a warning in the log says how many, and ``report`` says of each frame why and which.

        Args:
            interactions: one row for each interaction: a pandas frame, or any table with the Arrow C stream interface.
            positive_if: which interactions are positive, such as ``rating>=3``; empty accepts all.
            negative_if: which are explicit dislikes, such as ``rating<=2``; empty finds none.
            columns: which column holds what, and the frames of items, users and triples: see
                ``graphrec.loading.frames_to_tables.frames_to_tables``.

        Raises:
            InputError: a frame cannot be used; frame, row and the nearest columns are named.
            UsageError: what was handed in is no frame.
        """
        from graphrec.loading.frames_to_tables import frames_to_tables, require_arguments

        require_arguments(columns)
        loaded = frames_to_tables(interactions, **columns)
        loaded.report.warn_of_skipped()
        data = cls.from_tables(loaded.tables, loaded.info, positive_if, negative_if=negative_if)
        return replace(data, report=loaded.report)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(ids):,} {NODES[label].file}" for label, ids in self.nodes.items() if len(ids))
        cut = "" if self.split == "none" else f", cut by the split {self.split}"
        return f"<Dataset of {counts}, {len(self.interactions):,} interactions{cut}>"

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
        return self._pairs(disliked)

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

    def changed(
        self,
        *,
        nodes: Mapping[str, IdMap] | None = None,
        links: Mapping[EdgeKind, Incidence] | None = None,
        **fields: Any,
    ) -> Dataset:
        """Return the data set with some ids and links exchanged; nothing is renumbered.

        Args:
            nodes: label → new ids; other labels stay.
            links: kind → new links; other kinds stay. Links without entries take the shape of the new ids.
            **fields: other attributes, as in ``dataclasses.replace``.
        """
        return replace(self, nodes={**self.nodes, **(nodes or {})}, links={**self.links, **(links or {})}, **fields)

    @property
    def leaking(self) -> str:
        """Why figures on what a split holds out of this data are no test, in words; empty where they are one."""
        if self.split == "none" or not self.mentions.is_profile.any():
            return ""
        return "profiles of features are over all reviews, those of the held-out parts too"

    def keeping(
        self,
        mask: npt.NDArray[np.bool_],
        *,
        split: str,
        visible: VisibleReviews | None = None,
        held_out: npt.NDArray[np.int64] | None = None,
    ) -> Dataset:
        """Return the data set with only the interactions of ``mask``, cut by the split of this fingerprint.

        Args:
            mask: bool [interactions].
            split: fingerprint of the split.
            visible: which mentions of features stay; ``VisibleReviews()`` if left out: those of these interactions.
            held_out: int64, user · items + item of the pairs whose reviews are not seen where all others are
                (``not-held-out``); interactions or not.

        Raises:
            UsageError: profiles of items are to be made of their takers', and there are some, or nothing to make them
                of.
        """
        chosen = visible or VisibleReviews()
        interactions, n_items = self.interactions.where(mask), len(self.items)
        if chosen.reviews == "not-held-out":
            hidden = np.empty(0, dtype=np.int64) if held_out is None else held_out
            mentions = self.mentions.without_pairs(hidden, n_items, keep_profiles=chosen.keeps_profiles)
        else:
            mentions = self.mentions.of_interactions(
                interactions, n_items, keep_profiles=chosen.keeps_profiles, keep_elsewhere=False
            )
        cut = replace(self, interactions=interactions, mentions=mentions, split=split, visible=chosen)
        if chosen.item_profiles == "takers":
            cut = replace(cut, mentions=with_profiles_of_takers(mentions, cut.taken, len(self.nodes["Feature"])))
        return cut

    def aligned(self, nodes: Mapping[str, IdMap]) -> Dataset:
        """Return this data in another numbering, such as a fitted model's; nodes that it does not have fall away.

        A review of a node that falls away still tells of its other end (``Mentions.renumbered``). Cut data before it is
        renumbered, not after: a review whose item is elsewhere is in no part of a split.

        Data that is numbered so already is returned as it is, and what the new numbering leaves alone is not copied.

        Args:
            nodes: label → ids of the new numbering; labels that are left out keep theirs.
        """
        moved = {
            label: ids.positions(self.nodes[label].ids)
            for label, ids in nodes.items()
            if ids.ids is not self.nodes[label].ids and not ids.ids.equals(self.nodes[label].ids)
        }
        if not moved:
            return self
        now = {**self.nodes, **nodes}
        place = {label: moved.get(label, np.arange(len(ids), dtype=np.int32)) for label, ids in self.nodes.items()}
        user, item, entity, feature = (place[label] for label in ("User", "Item", "Entity", "Feature"))

        interactions, knowledge, links = self.interactions, self.knowledge, dict(self.links)
        if moved.keys() & {"User", "Item"}:
            interactions = interactions.renumbered(user, item)
        if moved.keys() & {"Item", "Entity"}:
            knowledge = knowledge.renumbered(item, entity, len(now["Item"]), len(now["Entity"]))
        for kind, old in self.links.items():
            if moved.keys() & {kind.source, kind.target}:
                shape = len(now[kind.source]), len(now[kind.target])
                links[kind] = old.renumbered(place[kind.source], place[kind.target], shape)
        mentions = self.mentions.renumbered(user, item, feature)
        return replace(self, nodes=now, interactions=interactions, links=links, knowledge=knowledge, mentions=mentions)
