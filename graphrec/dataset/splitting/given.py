"""A split that the data came with: a property of its interactions says which part each is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.dataset.from_store import INTERACTED
from graphrec.dataset.one_dataset import of_dataset
from graphrec.dataset.splitting.named_parts import CODES, WORDS, checked_validation, split_into
from graphrec.dataset.splitting.places import generator
from graphrec.errors import InputError

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.source import DataSource
    from graphrec.dataset.splitting.split import Split


def given_split(
    dataset: Dataset, *, store: DataSource, name: str = "split", validation: float = 0.2, seed: int = 0
) -> Split:
    """Return the parts that the loader kept as a property of ``INTERACTED``, such as the authors' of KGAT's folders.

    Only positive interactions are divided, and those without a part are in none. A validation part is cut as
    ``file_split`` does it where the property names none; the test part is as given, whatever the seed.

    Args:
        dataset: the data to cut, read from the store.
        store: where the property is read.
        name: of the property; its values are ``train``, ``validation``, ``test`` and ``input``, or ``training``,
            ``valid``, ``val``, ``dev`` and ``testing``.
        validation: share of a user's training pairs, from 0 to below 1; 0 cuts none.
        seed: of the validation part, 0 or more.

    Raises:
        InputError: interactions have no such property, one has another word there, or no positive one is for training
            or for test.
        UsageError: a number out of its range.
    """
    share, rng = checked_validation(validation), generator(seed)
    source = of_dataset(store, dataset.id)
    declared = [given.name for info in source.datasets() for given in info.declared.get(INTERACTED.type, ())]
    if name not in declared:
        raise InputError(
            f"the interactions of {dataset.id!r:.60} have no property {name!r:.60}",
            where=source.uri,
            remedy=f"They have {', '.join(declared)}" if declared else "graphrec split file takes parts from a file",
        )
    edges = source.consistent(
        lambda: source.index_edges(INTERACTED, dataset.users.ids, dataset.items.ids, [name]), "data"
    )
    users, items, words = edges["from"], edges["to"], pa.array(edges[name], pa.string())
    places = pc.index_in(words, value_set=pa.array(list(WORDS)))
    strange = np.asarray(pc.and_(pc.is_null(places), pc.is_valid(words)))
    if strange.any():
        raise InputError(
            f"the property {name!r} of {int(strange.sum()):,} interactions is no part, such as "
            f"{words[int(np.argmax(strange))].as_py()!r:.60}",
            where=source.uri,
            remedy=f"Parts are {', '.join(WORDS)}",
        )
    named = (users >= 0) & (items >= 0) & np.asarray(places.is_valid())
    rows = np.flatnonzero(named)
    rows = rows[dataset.positives.has(users[rows], items[rows])]
    keys = users[rows].astype(np.int64) * len(dataset.items) + items[rows]
    parts = CODES[np.asarray(places.take(pa.array(rows)))]
    made = {"kind": "given", "property": name, "seed": seed}
    return split_into(dataset, keys, parts, made, validation=share, own_words="as given", rng=rng)
