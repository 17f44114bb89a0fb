"""``gr.load``: files of a known data set into a store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphrec.loading.registry import read
from graphrec.progress import no_progress

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.store.store import LoadSummary, Store


def load(
    store: Store, loader: str, path: Path | str, *, progress: Progress = no_progress, **options: Any
) -> LoadSummary:
    """Read a data set's files and load them into a store; loading the same files twice changes nothing.

    Args:
        store: where to load.
        loader: ``movielens``, ``table`` or another one of ``graphrec load --help``, or ``module:function``.
        path: the file or folder that the loader reads.
        progress: told how far it has come.
        options: of the loader, such as ``people=True``; ``graphrec load LOADER --help`` lists them.

    Returns:
        What the load changed; ``report`` says what of each file was kept and skipped.

    Raises:
        UsageError: an unknown loader or option.
        InputError: the files cannot be used, or the store holds another base data set.
    """
    loaded = read(loader, path, options)
    return replace(store.load(loaded.tables, loaded.info, progress), report=loaded.report)
