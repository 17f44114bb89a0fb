"""Taking data into a store: loads and replacements, of graph tables, of what a loader gave, of data frames."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from typing import TYPE_CHECKING

from graphrec.progress import no_progress
from graphrec.store.replace_options import refuse_without_replace
from graphrec.store.stored_data import StoredData

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from graphrec.loading.contract import Loaded
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.loading.frames_to_tables import FrameColumns
    from graphrec.progress import Progress
    from graphrec.store.accounts import LoadSummary
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo


class TakingIn(StoredData):
    """The part of a store that takes data in: whole or not at all, and the same again changes nothing."""

    @abstractmethod
    def load(self, tables: GraphTables, info: DatasetInfo, progress: Progress = no_progress) -> LoadSummary:
        """Upsert nodes and edges as data set ``info``: what is there under the same key is replaced.

        A node's key is its id; an edge's are its two ends and the ``key`` properties of its type. A property whose
        column a table lacks, or has as Arrow's null type, stays as it was; a column's null removes the property. Of
        rows with one key in one table, the last counts. Ends may stand in ``tables`` or be in the store already. Edges
        of an overlay whose user or item is nowhere are left out, and ``remarks`` count them.

        A node row that only mentions its node (``graphrec.tables.stated``: a table of ids alone, or rows that loaders
        mark so) makes it where it is not there, and changes nothing where it is. A null or empty name leaves the name;
        a new node is named by its id. Of an ``INTERACTED`` pair that is there and has a later ``timestamp`` than the
        row, all but the weight stays. A weight that a loader counted never lowers the one that is there.

        What ``info`` declares is added to what earlier loads of the data set declared.

        Raises:
            InputError: a second base data set, an overlay whose base is not here or that touches nothing of it, or an
                edge whose end is nowhere.
            SchemaError: the tables do not fit the schema with what ``info`` and the data sets here declare, or a
                property is declared again with another type.
        """

    @abstractmethod
    def replace(
        self,
        tables: GraphTables,
        info: DatasetInfo,
        progress: Progress = no_progress,
        *,
        replace_most: bool = False,
        overlays: bool = False,
    ) -> LoadSummary:
        """Make a base data set equal to tables: as after a load of them into an empty store, whole or not at all.

        Nodes, edges and declared properties that the tables lack go. A node that a stored run of the data set names
        stays without its edges, so that the run stays whole; it goes with the first replacement after the run was
        deleted. Runs become stale. Other data sets stay as they are. On Neo4j a replacement that died half-way is
        completed by the same call; until then the data set can neither be read nor otherwise loaded.

        Args:
            tables: all nodes and edges; the ends of edges are among the nodes.
            info: the record of the data set; what earlier loads declared is forgotten.
            progress: told how far it has come.
            replace_most: whether more than half of the nodes of a label, of the edges of a kind, or of the values
                of a column may go.
            overlays: whether the overlays of the data set, whose rows are among its own, may go.

        Returns:
            What changed; ``replaced`` says what was removed, and which values became empty.

        Raises:
            UsageError: it is an overlay, or has overlays that may not go; or most of a part would go.
            InputError, SchemaError: as for ``load``; an edge whose end is not among the nodes.
        """

    def load_frames(
        self,
        interactions: FrameLike,
        *,
        replace: bool = False,
        replace_most: bool = False,
        overlays: bool = False,
        progress: Progress = no_progress,
        **columns: Unpack[FrameColumns],
    ) -> LoadSummary:
        """Load a data set from data frames; loading the same frames twice changes nothing.

        A load adds and updates. With ``replace`` the data set becomes equal to the frames: what they lack goes.

        Args:
            interactions: one row for each interaction.
            replace: whether what the frames lack goes from the data set; see ``replace``, the method.
            replace_most: whether more than half of the nodes of a label, of the edges of a kind, or of the values of
                a column may go so.
            overlays: whether the data set's overlays may go so.
            progress: told how far it has come.
            columns: which column holds what, and the frames of items, users and triples: see
                ``graphrec.loading.frames_to_tables.frames_to_tables``.

        Returns:
            What the load changed; ``report`` says what of each frame was kept and skipped.

        Raises:
            InputError: a frame cannot be used; frame, row and the nearest columns are named.
            UsageError: what was handed in is no frame; or a replacement that needs ``replace_most`` or ``overlays``.
        """
        from graphrec.loading.frames_to_tables import frames_to_tables, require_arguments

        require_arguments(columns)
        refuse_without_replace(replace, replace_most=replace_most, overlays=overlays)
        loaded = frames_to_tables(interactions, **columns)
        return self.take_in(loaded, progress, replace=replace, replace_most=replace_most, overlays=overlays)

    def take_in(
        self,
        loaded: Loaded,
        progress: Progress = no_progress,
        *,
        replace: bool = False,
        replace_most: bool = False,
        overlays: bool = False,
    ) -> LoadSummary:
        """Load what a loader or frames gave, or with ``replace`` make the data set equal to it.

        Arguments and errors as for ``load`` and ``replace``; the summary has the loader's report.
        """
        summary = (
            self.replace(loaded.tables, loaded.info, progress, replace_most=replace_most, overlays=overlays)
            if replace
            else self.load(loaded.tables, loaded.info, progress)
        )
        return dataclasses.replace(summary, report=loaded.report)
