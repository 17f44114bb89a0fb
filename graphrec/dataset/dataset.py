"""The graph as arrays: the data that models are trained on and recommend from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.graph_arrays import GraphArrays
from graphrec.dataset.kinds import NODES
from graphrec.dataset.profiles_of_takers import with_profiles_of_takers
from graphrec.dataset.renumbering import renumbered_fields
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self, Unpack

    from graphrec.dataset.ids import IdMap
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.source import DataSource
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.loading.frames_to_tables import FrameColumns
    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(GraphArrays):
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
        fields = renumbered_fields(self, nodes)
        return replace(self, **fields) if fields else self
