"""A split is a value with a fingerprint: which interactions are for training, validation and testing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphrec.dataset.incidence import Incidence
from graphrec.errors import InputError, UsageError
from graphrec.tables.fingerprint import fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset

PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Interactions by part. Interactions that it does not name belong to no part and are seen by nobody.

    Attributes:
        table: columns ``user``, ``item`` (ids) and ``part`` (train, validation, test), one row per pair.
    """

    table: pa.Table

    @cached_property
    def fingerprint(self) -> str:
        """Changes when any pair changes its part."""
        return fingerprint_of([("split", self.table)])

    def save(self, path: Path) -> None:
        """Write the split as Parquet; the file appears whole or not at all.

        Raises:
            InputError: the path is a folder, or its folder is not there.
        """
        if path.is_dir() or not path.parent.is_dir():
            what = "this is a folder, not a file" if path.is_dir() else "the folder of the file is not there"
            raise InputError(what, where=str(path), remedy="Name a file in a folder that is there")
        partial = path.with_name(path.name + ".writing")
        pq.write_table(self.table, partial)
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> Split:
        """Read a split; raise InputError if the file is not one."""
        try:
            table = pq.read_table(path, columns=["user", "item", "part"])
        except (OSError, KeyError, pa.ArrowInvalid) as error:
            raise InputError(
                "this is not a split",
                where=str(path),
                remedy="A split is a Parquet file with the columns user, item and part: graphrec split makes one",
            ) from error
        return cls(table)

    def apply(self, dataset: Dataset) -> SplitData:
        """Cut a data set; raise InputError if the split names a pair that the data does not have."""
        users = dataset.users.require(self.table["user"])
        items = dataset.items.require(self.table["item"])
        part = np.asarray(self.table["part"].to_pandas())
        n_items = len(dataset.items)
        keys = users.astype(np.int64) * n_items + items
        have = dataset.interactions.user.astype(np.int64) * n_items + dataset.interactions.item
        unknown = ~np.isin(keys, have)
        if unknown.any():
            row = int(np.argmax(unknown))
            pair = f"user {self.table['user'][row].as_py()!r}, item {self.table['item'][row].as_py()!r}"
            raise InputError(f"the split names an interaction that the data does not have: {pair}")
        train = np.isin(have, keys[part == "train"])
        shape = (len(dataset.users), n_items)
        held_out = [Incidence.from_pairs(users[part == name], items[part == name], shape) for name in PARTS[1:]]
        return SplitData(dataset.keeping(train, split=self.fingerprint), *held_out)


@dataclass(frozen=True, eq=False)
class SplitData:
    """A data set cut by a split: what may be seen, and what is held out (users × items)."""

    train: Dataset
    validation: Incidence
    test: Incidence


def random_split(dataset: Dataset, ratios: Sequence[float] = (0.6, 0.2, 0.2), *, seed: int = 0) -> Split:
    """Cut each user's positive interactions at random into train, validation and test.

    A user with n positives gives ⌊n · ratio⌉ of them to validation and to test and the rest to training, so that a
    user with one or two keeps them all for training.

    Args:
        dataset: the data to cut.
        ratios: of training, validation and test; they sum to 1.
        seed: of the random order, 0 or more.

    Raises:
        UsageError: the ratios divide nothing, or the seed is negative.
    """
    shares = all(0 <= ratio <= 1 for ratio in ratios)  # which is false of NaN
    if len(ratios) != len(PARTS) or not shares or abs(sum(ratios) - 1) > 1e-9 or ratios[0] <= 0:
        raise UsageError(
            f"the ratios {tuple(ratios)} do not divide a whole into train, validation and test",
            remedy="Give three numbers from 0 to 1 that sum to 1, such as 0.6,0.2,0.2",
        )
    if seed < 0:
        raise UsageError(f"the seed of a split is {seed}", remedy="Give 0 or more")
    positives = dataset.positives
    place = _random_places(positives, seed)
    counts = positives.counts
    n_validation = np.rint(counts * ratios[1]).astype(np.int64)
    n_test = np.rint(counts * ratios[2]).astype(np.int64)
    user = positives.row_of_entry
    codes = np.zeros(positives.n_entries, dtype=np.int8)
    codes[place < (n_validation + n_test)[user]] = 2
    codes[place < n_validation[user]] = 1
    table = pa.table(
        {
            "user": dataset.users.dictionary(user).dictionary_decode(),
            "item": dataset.items.dictionary(positives.indices).dictionary_decode(),
            "part": pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(PARTS)).dictionary_decode(),
        }
    )
    return Split(table)


def _random_places(positives: Incidence, seed: int) -> npt.NDArray[np.int64]:
    """Return for each entry its place in a random order of its row."""
    order = np.lexsort((np.random.default_rng(seed).random(positives.n_entries), positives.row_of_entry))
    place = np.empty(positives.n_entries, dtype=np.int64)
    place[order] = np.arange(positives.n_entries) - positives.indptr[positives.row_of_entry[order]]
    return place
