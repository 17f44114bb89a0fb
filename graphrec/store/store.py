"""The interface of stores. Two engines implement it; one contract suite runs against both."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from graphrec.progress import no_progress
from graphrec.store.stored_runs import StoredRuns
from graphrec.store.taking_in import TakingIn

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from graphrec.progress import Progress
    from graphrec.store.accounts import CheckReport, ForgetSummary, RemovedDataset


class Store(TakingIn, StoredRuns):
    """A property graph that holds data, recommendations and their reasons.

    It may hold several base data sets, whose ids have prefixes of their own, each with its overlays and runs. Methods
    that speak of one take its id as ``dataset``; an empty one means ``self.dataset``, else the only one, else the one
    without a prefix.

    Every method that changes the store does so whole or not at all, and may be repeated.
    Methods raise ``StoreError`` and its kinds; a store that is busy in another process raises ``StoreLockedError``.

    Attributes:
        uri: its name.
        dataset: id of the base data set that is meant where none is named; empty for the default.
    """

    engine: ClassVar[str]
    is_sealed: bool = False
    """Whether nobody can change stored data without changing its recorded fingerprint."""

    @abstractmethod
    def remove_dataset(
        self, dataset: str, *, overlays: bool = False, progress: Progress = no_progress
    ) -> RemovedDataset:
        """Remove a base data set: nodes, edges, kept tables, and runs with their reasons, whole or not at all.

        Other data sets stay as they are. On Neo4j a removal that died half-way is completed by the same call; until
        then the data set can neither be read nor loaded.

        Args:
            dataset: id of a base data set.
            overlays: whether its overlays, whose rows are among its own, may go with it.
            progress: told what is being removed.

        Raises:
            UnknownIdError: there is no such data set.
            UsageError: it is an overlay, or has overlays that may not go.
        """

    @abstractmethod
    def forget(self, user_id: str, progress: Progress = no_progress) -> ForgetSummary:
        """Remove a person: node and edges, recommendations with their reasons, kept tables.

        Where other people's recommendations name this person as evidence (a neighbour), that reason goes too:
        ``n_reasons`` falls by one and ``rest`` takes up its weight. The recorded fingerprint follows.

        Copies, files and models that were made from the store are not touched; ``remains`` of the answer names them.

        Raises:
            UnknownIdError: there is no such user.
        """

    @abstractmethod
    def check(self, progress: Progress = no_progress) -> CheckReport:
        """Compare what is stored with what was written, and say what is wrong."""

    @abstractmethod
    def close(self) -> None:
        """Release the store; harmless to repeat."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
