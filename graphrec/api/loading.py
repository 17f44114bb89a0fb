"""``gr.load``: files of a known data set into a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.loading.registry import read
from graphrec.progress import no_progress
from graphrec.store.replace_options import refuse_without_replace

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.store.accounts import LoadSummary
    from graphrec.store.store import Store


def load(
    store: Store,
    loader: str,
    path: Path | str,
    *,
    replace: bool = False,
    replace_most: bool = False,
    overlays: bool = False,
    progress: Progress = no_progress,
    **options: Any,
) -> LoadSummary:
    """Read a data set's files and load them into a store; loading the same files twice changes nothing.

    A load adds and updates. With ``replace`` the data set becomes equal to the files: what they lack goes.

    Args:
        store: where to load.
        loader: ``movielens``, ``table`` or another one of ``graphrec load --help``, or ``module:function``.
        path: the file or folder that the loader reads.
        replace: whether what the files lack goes from the data set; see ``Store.replace``.
        replace_most: whether more than half of the nodes of a label, of the edges of a kind, or of the values of a
            column may go so.
        overlays: whether the data set's overlays may go so.
        progress: told how far it has come.
        options: of the loader, such as ``people=True``; ``graphrec load LOADER --help`` lists them.

    Returns:
        What the load changed; ``report`` says what of each file was kept and skipped.

    Raises:
        UsageError: an unknown loader or option; or a replacement that needs ``replace_most`` or ``overlays``.
        InputError: the files cannot be used, or the store holds another base data set.
    """
    refuse_without_replace(replace, replace_most=replace_most, overlays=overlays)
    loaded = read(loader, path, options)
    return store.take_in(loaded, progress, replace=replace, replace_most=replace_most, overlays=overlays)
