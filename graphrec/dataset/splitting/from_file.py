"""A split that somebody else made, read from a file of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.dataset.splitting.named_parts import CODES, WORDS, checked_validation, split_into
from graphrec.dataset.splitting.places import generator
from graphrec.digests import file_digest
from graphrec.errors import InputError, UsageError
from graphrec.loading.pairs import read_pairs
from graphrec.wording import counted

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting.split import Split


def file_split(
    dataset: Dataset,
    path: Path | str,
    *,
    user: str = "user",
    item: str = "item",
    part: str = "split",
    validation: float = 0.2,
    unknown: str = "refuse",
    seed: int = 0,
) -> Split:
    """Read which positive interaction is in which part; those that the file does not name are in none.

    Where the file has no validation part, one is cut at random from its training part: of every user with n ≥ 2
    training pairs max(1, ⌊n · validation⌉), one pair at least staying. The test part is as given, whatever the seed.

    Args:
        dataset: the data to cut.
        path: CSV, TSV, Parquet or JSON lines, by its ending.
        user: name of the column of users' ids.
        item: name of the column of items' ids.
        part: name of the column of parts: ``train``, ``validation``, ``test`` and ``input``, or ``training``,
            ``valid``, ``val``, ``dev`` and ``testing``.
        validation: share of a user's training pairs, from 0 to below 1, where the file has no validation part; 0 cuts
            none.
        unknown: ``refuse``, or ``skip`` pairs whose user or item the data does not have, for a sample of the data.
        seed: of the validation part, 0 or more.

    Raises:
        InputError: the file cannot be used; it names a pair that is no positive interaction of the data, or one twice;
            or it names no test part.
        UsageError: a number out of its range, or ``unknown`` is neither word.
    """
    share = checked_validation(validation)
    if unknown not in ("refuse", "skip"):
        raise UsageError(f"unknown cannot be {unknown!r:.60}", remedy="Choose refuse or skip")
    rng, path = generator(seed), Path(path)
    pairs = read_pairs(path, user=user, item=item, part=part, parts=tuple(WORDS))
    keys, codes = _positions(dataset, pairs, path, skip=unknown == "skip")
    made = {"kind": "file", "source": path.name, "content": file_digest(path), "seed": seed}
    return split_into(dataset, keys, codes, made, validation=share, own_words="of the file", rng=rng)


def _positions(
    dataset: Dataset, pairs: pa.Table, path: Path, *, skip: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
    """Return the keys of the pairs, user · items + item, and the codes of their parts, in the order of the file."""
    users, items = dataset.users.positions(pairs["user"]), dataset.items.positions(pairs["item"])
    is_here = (users >= 0) & (items >= 0)
    if not is_here.any() or not (skip or is_here.all()):
        missing = int(np.argmin(is_here))
        raise InputError(
            f"{counted(int((~is_here).sum()), 'pair')} of {len(pairs):,} "
            f"{'is' if (~is_here).sum() == 1 else 'are'} of users or items that the data does not have, such as "
            f"{_pair(pairs, missing)}",
            where=str(path),
            remedy="Name the file of this data set; unknown = skip leaves such pairs out, for a sample of the data",
        )
    rows = np.flatnonzero(is_here)
    keys = users[rows].astype(np.int64) * len(dataset.items) + items[rows]
    _, first = np.unique(keys, return_index=True)
    if len(first) < len(keys):
        again = int(rows[np.setdiff1d(np.arange(len(keys)), first)[0]])
        raise InputError(f"a pair is named twice: {_pair(pairs, again)}", where=str(path), remedy="Name each once")
    is_positive = dataset.positives.has(users[rows], items[rows])
    if not is_positive.all():
        wrong, rule = int(rows[np.argmin(is_positive)]), dataset.positive_if.text
        raise InputError(
            f"{int((~is_positive).sum()):,} of {len(rows):,} pairs are no positive interactions of the data"
            f"{f' ({rule})' if rule else ''}, such as {_pair(pairs, wrong)}",
            where=str(path),
            remedy="Name the file of this data set, and the rule of what is positive that it was made by",
        )
    words = pc.index_in(pairs["part"], value_set=pa.array(list(WORDS)))
    return keys, CODES[np.asarray(words)[rows]]


def _pair(pairs: pa.Table, row: int) -> str:
    return f"user {pairs['user'][row].as_py()!r:.60}, item {pairs['item'][row].as_py()!r:.60}"
