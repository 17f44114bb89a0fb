"""The data sets of one store: bases with their overlays, told apart by the prefixes of their ids.

An id belongs to the base data set with the longest prefix that it begins with. An overlay belongs to its base, and has
the ids of its base. Which of several loads came later, their ``generation`` says; clocks decide only among records of
before 0.4, which have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UnknownIdError, UsageError
from graphrec.tables.conform import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from graphrec.tables.records import DatasetInfo


def ordered(datasets: Iterable[DatasetInfo]) -> list[DatasetInfo]:
    """Return bases first, the one without a prefix before the others, then overlays in the order of their loads."""

    def place(info: DatasetInfo) -> tuple[bool, bool, str, tuple[int, str], str]:
        return bool(info.base), bool(info.prefix), info.base, _age(info) if info.base else (0, ""), info.id

    return sorted(datasets, key=place)


def bases(datasets: Iterable[DatasetInfo]) -> list[DatasetInfo]:
    """Return the base data sets, the one without a prefix first."""
    return [info for info in ordered(datasets) if not info.base]


def family(datasets: Iterable[DatasetInfo], base: str) -> list[DatasetInfo]:
    """Return the base data set of this id with its overlays."""
    return [info for info in ordered(datasets) if base in (info.id, info.base)]


def latest(datasets: Iterable[DatasetInfo]) -> DatasetInfo:
    """Return the record that was loaded last; its ``fingerprint`` is that of its data set."""
    return max(datasets, key=_age)


def next_generation(datasets: Iterable[DatasetInfo], base: str) -> int:
    """Return the number of the next load of the data set ``base`` or an overlay of it."""
    return 1 + max((info.generation for info in family(datasets, base)), default=0)


def chosen(datasets: Sequence[DatasetInfo], name: str, where: str) -> DatasetInfo:
    """Return the base data set called ``name``; for an empty name the only one, or the one without a prefix.

    Raises:
        UnknownIdError: there is no data set, or none of this name.
        UsageError: ``name`` is an overlay; or it is empty, and all of several data sets have prefixes.
    """
    all_bases = bases(datasets)
    if not all_bases:
        raise UnknownIdError(
            "the store holds no data", where=where, remedy="Load some first: graphrec load LOADER PATH"
        )
    known = ", ".join(info.id for info in all_bases)
    if name:
        found = next((info for info in datasets if info.id == name), None)
        if found is None:
            raise UnknownIdError(f"there is no data set {shortened(name)}", where=where, remedy=f"Here are: {known}")
        if found.base:
            raise UsageError(
                f"{shortened(name)} is an overlay of the data set {found.base!r}",
                where=where,
                remedy=f"Name that one, whose part it is: {found.base}",
            )
        return found
    if len(all_bases) > 1 and all_bases[0].prefix:
        raise UsageError(
            f"the store holds several data sets, each with an id prefix: {known}",
            where=where,
            remedy="Name one with --dataset, or in Python with dataset=",
        )
    return all_bases[0]


def owner(datasets: Iterable[DatasetInfo], node: str) -> DatasetInfo | None:
    """Return the base data set that an id belongs to; None where no prefix fits."""
    fitting = [info for info in bases(datasets) if node.startswith(info.prefix)]
    return max(fitting, key=lambda info: len(info.prefix), default=None)


def longer_prefixes(datasets: Iterable[DatasetInfo], base: DatasetInfo) -> list[str]:
    """Return the prefixes of other data sets that begin with that of ``base``: their ids are not ids of ``base``."""
    others = {info.prefix for info in bases(datasets) if info.id != base.id}
    return sorted(prefix for prefix in others if prefix.startswith(base.prefix) and prefix != base.prefix)


def belonging(
    ids: pa.Array | pa.ChunkedArray, datasets: Iterable[DatasetInfo], base: DatasetInfo
) -> npt.NDArray[np.bool_]:
    """Return a mask of the ids that belong to ``base``, bool [n].

    Args:
        ids: texts, which may be dictionary-encoded.
        datasets: all of the store.
        base: one of them.
    """
    if isinstance(ids, pa.ChunkedArray):
        parts = [belonging(chunk, datasets, base) for chunk in ids.chunks]
        return np.concatenate([np.empty(0, dtype=bool), *parts])
    if isinstance(ids, pa.DictionaryArray):
        of_values = belonging(ids.dictionary, datasets, base)
        own: npt.NDArray[np.bool_] = of_values[np.asarray(ids.indices)]
        return own
    inside = pc.starts_with(ids, base.prefix) if base.prefix else pa.array(np.ones(len(ids), dtype=bool))
    for prefix in longer_prefixes(datasets, base):
        inside = pc.and_not(inside, pc.starts_with(ids, prefix))
    mask: npt.NDArray[np.bool_] = np.asarray(inside.to_numpy(zero_copy_only=False), dtype=bool)
    return mask


def _age(info: DatasetInfo) -> tuple[int, str]:
    return info.generation, info.loaded
