"""A split of interactions into training, validation and test, as a value with a fingerprint."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrec import strict_json
from graphrec.bounded_parquet import read_texts
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError, UsageError
from graphrec.own_kinds import SPLIT, SPLIT_NOTE
from graphrec.tables.fingerprint import fingerprint_of
from graphrec.whole_file import whole_file
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset

PARTS = ("train", "validation", "test", "input")
"""Seen in training; held out for tuning; held out for the figure; seen of a user only when recommending."""

_COLUMNS = ("user", "item", "part")
_ROWS_A_BYTE = 64
"""Pairs are all different, so that a file of them has no more rows than this for each of its bytes."""


@dataclass(frozen=True, eq=False)
class Split:
    """Interactions by part. Interactions that it does not name belong to no part and are not used.

    Attributes:
        table: columns ``user``, ``item`` (ids) and ``part`` (one of ``PARTS``), one row per pair.
        made: how it was made, such as ``kind``, ``ratios``, ``seed`` and ``positive_if``; no part of the fingerprint.
    """

    table: pa.Table
    made: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rows: Incidence,
        parts: npt.NDArray[np.int8],
        made: Mapping[str, Any],
        wanted: Sequence[str] = (),
        facts: str = "",
    ) -> Split:
        """Return a split of interactions given by position.

        Args:
            dataset: whose ids to name.
            rows: users × items, the interactions to divide.
            parts: int8 [entries], index into ``PARTS``; −1 leaves an interaction out.
            made: how it was made; the rule of what is positive is added.
            wanted: parts that must not be empty.
            facts: what the division rests on, for the message where a wanted part is empty; by default the lengths of
                the rows.

        Raises:
            InputError: there are no interactions to divide, or a wanted part is empty.
        """
        if not rows.n_entries:
            rule = dataset.positive_if.text
            raise InputError(
                "there is no positive interaction to divide",
                remedy=f"The data holds {len(dataset.interactions):,} interactions"
                + (f", none with {rule}" if rule else ""),
            )
        empty = [part for part in wanted if not (parts == PARTS.index(part)).any()]
        if empty:
            longest, users = int(rows.counts.max()), int((rows.counts > 0).sum())
            divided = f"{rows.n_entries:,} positive interactions "
            divided += facts or f"of {users:,} users, none with more than {longest:,},"
            raise InputError(
                f"the {empty[0]} part would be empty: {divided} do not divide so",
                remedy=f"Ask for another share or no {empty[0]} part, split in another way, or load longer histories",
            )
        kept = parts >= 0
        codes = pa.DictionaryArray.from_arrays(pa.array(parts[kept]), pa.array(PARTS))
        table = pa.table(
            {
                "user": dataset.users.dictionary(rows.row_of_entry[kept]).dictionary_decode(),
                "item": dataset.items.dictionary(rows.indices[kept]).dictionary_decode(),
                "part": codes.dictionary_decode(),
            }
        )
        return cls(table, {**made, "positive_if": dataset.positive_if.text})

    @cached_property
    def fingerprint(self) -> str:
        """A digest that changes when any pair changes its part."""
        return fingerprint_of([("split", self.table)])

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Number of interactions in each part, in the order of ``PARTS``; ``input`` only where there are some."""
        sizes = {row["values"]: row["counts"] for row in pc.value_counts(self.table["part"]).to_pylist()}
        return {part: sizes.get(part, 0) for part in PARTS if part != "input" or part in sizes}

    @cached_property
    def users(self) -> dict[str, int]:
        """Number of users with interactions in each part of ``sizes``."""
        pairs = self.table.group_by("part").aggregate([("user", "count_distinct")])
        numbers = dict(zip(pairs["part"].to_pylist(), pairs["user_count_distinct"].to_pylist(), strict=True))
        return {part: numbers.get(part, 0) for part in self.sizes}

    @property
    def account(self) -> str:
        """What lies in each part, in words: how many interactions, and of how many users."""
        words = [f"{size:,} {part} of {counted(self.users[part], 'user')}" for part, size in self.sizes.items()]
        everybody = pc.count_distinct(self.table["user"]).as_py()
        without = everybody - self.users["test"]
        told = f"{without:,} of {counted(everybody, 'user')} have no test interactions" if without else ""
        return "; ".join([", ".join(words), *([told] if told else [])])

    def save(self, path: Path | str) -> None:
        """Write the split as Parquet; the file appears whole or not at all.

        Raises:
            InputError: the path is a folder, its folder is not there, or a file is there that is no split.
            OSError: the system refuses it: no permission, a full disk.
        """
        with whole_file(Path(path), SPLIT) as draft:
            pq.write_table(self.table.replace_schema_metadata({SPLIT_NOTE: strict_json.dumps(dict(self.made))}), draft)

    @classmethod
    def load(cls, path: Path | str) -> Split:
        """Read a split; raise InputError if the file is not there, or is no split."""
        path = Path(path)
        if not path.exists():
            raise InputError("there is no such file", where=str(path), remedy="graphrec split makes a split")
        try:
            table, notes = read_texts(path, _COLUMNS, _ROWS_A_BYTE)
            table, made = table.select(_COLUMNS), json.loads(notes.get(SPLIT_NOTE, b"{}"))
        except (OSError, KeyError, ValueError, RecursionError, pa.ArrowException) as error:
            raise InputError(
                f"this is not a split: {str(error).rstrip('.'):.200}",
                where=str(path),
                remedy="A split is a Parquet file with the columns user, item and part: graphrec split makes one",
            ) from error
        if not isinstance(made, dict) or any(table[name].null_count for name in _COLUMNS):
            raise InputError("the split lacks a user, an item or a part in a row", where=str(path), remedy="Mend it")
        strange = pc.invert(pc.is_in(table["part"], value_set=pa.array(PARTS)))
        if pc.any(strange).as_py():
            part = table["part"].filter(strange)[0].as_py()
            raise InputError(
                f"the split has a part {part!r:.60}", where=str(path), remedy=f"Parts are {', '.join(PARTS)}"
            )
        return cls(table, made)

    def apply(self, dataset: Dataset, *, visible: VisibleReviews | None = None) -> SplitData:
        """Cut a data set.

        Args:
            dataset: the data to cut.
            visible: which mentions of features stay; by default those of the interactions that stay. Where every review
                but those of held-out pairs shall be seen, that of a pair of the part ``input`` is held out from
                training too.

        Raises:
            InputError: the split names a pair that the data does not have, or a pair twice.
            UnknownIdError: it names a user or an item that the data does not have.
            UsageError: profiles of items are to be made of their takers', and there are some, or nothing to make them
                of; or reviews of pairs that are not named shall be seen, where the split left them out to hide them.
        """
        chosen = visible or VisibleReviews()
        self._refuse_seeing_the_hidden(chosen)
        users = dataset.users.require(self.table["user"])
        items = dataset.items.require(self.table["item"])
        part = np.asarray(self.table["part"].to_pandas())
        n_items = len(dataset.items)
        keys = users.astype(np.int64) * n_items + items
        have = dataset.interactions.user.astype(np.int64) * n_items + dataset.interactions.item
        self._refuse_unknown_or_repeated(keys, have)
        shape = (len(dataset.users), n_items)
        held_out = [Incidence.from_pairs(users[part == name], items[part == name], shape) for name in PARTS[1:3]]

        def seen(*parts: str) -> Dataset:
            shown = np.isin(part, parts)
            mask = np.isin(have, keys[shown])
            return dataset.keeping(mask, split=self.fingerprint, visible=chosen, held_out=keys[~shown])

        fold_in = seen("train", "input") if (part == "input").any() else None
        return SplitData(seen("train"), held_out[0], held_out[1], fold_in)

    @property
    def refitting(self) -> Split:
        """The split for a last fit, when nothing is chosen any more: the validation part is for training too.

        Raises:
            InputError: there is no validation part.
        """
        is_validation = pc.equal(self.table["part"], "validation")
        if not pc.any(is_validation).as_py():
            raise InputError(
                "the split has no validation part that a last fit could learn from as well",
                remedy="Cut one, to choose settings by",
            )
        parts = pc.if_else(is_validation, "train", self.table["part"])
        return Split(self.table.set_column(2, "part", parts), {**self.made, "refitting": True})

    def _refuse_seeing_the_hidden(self, visible: VisibleReviews) -> None:
        if visible.reviews == "not-held-out" and self.made.get("kind") == "cold-users":
            raise UsageError(
                "a split with cold users leaves their history out so that nobody sees it, reviews too",
                remedy="See the reviews of the training part alone",
            )

    def _refuse_unknown_or_repeated(self, keys: npt.NDArray[np.int64], have: npt.NDArray[np.int64]) -> None:
        unknown = ~np.isin(keys, have)
        if unknown.any():
            pair = self._pair(int(np.argmax(unknown)))
            raise InputError(f"the split names an interaction that the data does not have: {pair}")
        _, first = np.unique(keys, return_index=True)
        if len(first) < len(keys):
            repeated = np.ones(len(keys), dtype=np.bool_)
            repeated[first] = False
            pair = self._pair(int(np.argmax(repeated)))
            raise InputError(f"the split names an interaction twice: {pair}", remedy="Name each in one part")

    def _pair(self, row: int) -> str:
        return f"user {self.table['user'][row].as_py()!r:.60}, item {self.table['item'][row].as_py()!r:.60}"


@dataclass(frozen=True, eq=False)
class SplitData:
    """A data set cut by a split.

    Attributes:
        train: what training may see.
        validation: users × items held out for tuning.
        test: users × items held out for the figure.
        fold_in: ``train`` and the input of held-out users, where a split keeps that from training; else None.
    """

    train: Dataset
    validation: Incidence
    test: Incidence
    fold_in: Dataset | None = None

    @property
    def seen(self) -> Dataset:
        """The data that recommending may use as users' input."""
        return self.train if self.fold_in is None else self.fold_in
