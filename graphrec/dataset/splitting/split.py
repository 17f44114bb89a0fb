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
from graphrec.arrays.bounded_blocks import blocks
from graphrec.arrays.sorted_keys import positions_of
from graphrec.bounded_parquet import read_encoded_texts
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError, UsageError
from graphrec.own_kinds import SPLIT, SPLIT_NOTE
from graphrec.tables.fingerprint import fingerprint_of
from graphrec.tables.ids import encoded_once
from graphrec.whole_file import whole_file
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset

PARTS = ("train", "validation", "test", "input")
"""Seen in training; held out for tuning; held out for the figure; seen of a user only when recommending."""

_COLUMNS = ("user", "item", "part")
_ROW_GROUP = 1 << 20
"""Rows of a file that are written, and held as texts, at once."""
_ROWS_A_BYTE = 64
"""Pairs are all different, so that a file of them has no more rows than this for each of its bytes."""


@dataclass(frozen=True, eq=False)
class Split:
    """Interactions by part. Interactions that it does not name belong to no part and are not used.

    Attributes:
        table: columns ``user``, ``item`` (ids) and ``part`` (one of ``PARTS``), one row per pair; dictionary-encoded,
            so that a pair takes numbers and no text.
        made: how it was made, such as ``kind``, ``ratios``, ``seed`` and ``positive_if``; no part of the fingerprint.
    """

    table: pa.Table
    made: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = {name: encoded_once(self.table[name]) for name in self.table.column_names}
        object.__setattr__(self, "table", pa.table(columns))

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
                "user": dataset.users.dictionary(rows.row_of_entry[kept]),
                "item": dataset.items.dictionary(rows.indices[kept]),
                "part": codes,
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
        sizes = np.bincount(self._codes, minlength=len(PARTS)).tolist()
        return {part: size for part, size in zip(PARTS, sizes, strict=True) if size or part != "input"}

    @cached_property
    def users(self) -> dict[str, int]:
        """Number of users with interactions in each part of ``sizes``."""
        return {part: self._count_users(self._codes == PARTS.index(part)) for part in self.sizes}

    @property
    def _codes(self) -> npt.NDArray[np.int8]:
        """The part of each row, int8 [rows], an index into ``PARTS``."""
        part = self.table["part"].chunk(0)
        code_of = np.array([PARTS.index(name) for name in part.dictionary.to_pylist()], dtype=np.int8)
        codes: npt.NDArray[np.int8] = code_of[np.asarray(part.indices)]
        return codes

    def _count_users(self, mask: npt.NDArray[np.bool_]) -> int:
        """Return how many users the rows of a mask have."""
        user = self.table["user"].chunk(0)
        return int((np.bincount(np.asarray(user.indices)[mask], minlength=len(user.dictionary)) > 0).sum())

    @property
    def account(self) -> str:
        """What lies in each part, in words: how many interactions, and of how many users."""
        words = [f"{size:,} {part} of {counted(self.users[part], 'user')}" for part, size in self.sizes.items()]
        everybody = self._count_users(np.ones(self.table.num_rows, dtype=np.bool_))
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
            notes = {SPLIT_NOTE: strict_json.dumps(dict(self.made))}
            texts = pa.schema([(name, pa.string()) for name in self.table.column_names], notes)
            with pq.ParquetWriter(draft, texts) as writer:
                for rows in blocks(self.table.num_rows, _ROW_GROUP):
                    writer.write_table(self.table.slice(rows.start, rows.stop - rows.start).cast(texts))

    @classmethod
    def load(cls, path: Path | str) -> Split:
        """Read a split; raise InputError if the file is not there, or is no split."""
        path = Path(path)
        if not path.exists():
            raise InputError("there is no such file", where=str(path), remedy="graphrec split makes a split")
        try:
            table, notes = read_encoded_texts(path, _COLUMNS, _ROWS_A_BYTE)
            table, made = table.select(_COLUMNS), json.loads(notes.get(SPLIT_NOTE, b"{}"))
        except (OSError, KeyError, ValueError, RecursionError, pa.ArrowException) as error:
            raise InputError(
                f"this is not a split: {str(error).rstrip('.'):.200}",
                where=str(path),
                remedy="A split is a Parquet file with the columns user, item and part: graphrec split makes one",
            ) from error
        if not isinstance(made, dict) or any(table[name].null_count for name in _COLUMNS):
            raise InputError("the split lacks a user, an item or a part in a row", where=str(path), remedy="Mend it")
        strange = [part for part in pc.unique(table["part"].cast(pa.string())).to_pylist() if part not in PARTS]
        if strange:
            raise InputError(
                f"the split has a part {strange[0]!r:.60}", where=str(path), remedy=f"Parts are {', '.join(PARTS)}"
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
        have, n_items = dataset.interactions, len(dataset.items)
        part_of = self._part_of_each(dataset)
        shape = (len(dataset.users), n_items)
        held_out = [
            Incidence.from_pairs(have.user[part_of == code], have.item[part_of == code], shape)
            for code in (PARTS.index("validation"), PARTS.index("test"))
        ]

        def seen(*parts: str) -> Dataset:
            is_shown = np.isin(PARTS, parts)
            mask = (part_of >= 0) & is_shown[part_of]
            hidden = (part_of >= 0) & ~mask
            pairs = have.user[hidden].astype(np.int64) * n_items + have.item[hidden]
            return dataset.keeping(mask, split=self.fingerprint, visible=chosen, held_out=pairs)

        fold_in = seen("train", "input") if (part_of == PARTS.index("input")).any() else None
        return SplitData(seen("train"), held_out[0], held_out[1], fold_in)

    @property
    def refitting(self) -> Split:
        """The split for a last fit, when nothing is chosen any more: the validation part is for training too.

        Raises:
            InputError: there is no validation part.
        """
        if not self.sizes["validation"]:
            raise InputError(
                "the split has no validation part that a last fit could learn from as well",
                remedy="Cut one, to choose settings by",
            )
        parts = np.where(self._codes == PARTS.index("validation"), np.int8(PARTS.index("train")), self._codes)
        column = pa.DictionaryArray.from_arrays(pa.array(parts), pa.array(PARTS))
        return Split(self.table.set_column(2, "part", column), {**self.made, "refitting": True})

    def _refuse_seeing_the_hidden(self, visible: VisibleReviews) -> None:
        if visible.reviews == "not-held-out" and self.made.get("kind") == "cold-users":
            raise UsageError(
                "a split with cold users leaves their history out so that nobody sees it, reviews too",
                remedy="See the reviews of the training part alone",
            )

    def _part_of_each(self, dataset: Dataset) -> npt.NDArray[np.int8]:
        """Return the part of each interaction of a data set, int8 [interactions]; −1 where the split does not name it.

        Raises:
            InputError: the split names a pair that the data does not have, or a pair twice.
            UnknownIdError: it names a user or an item that the data does not have.
        """
        seen, n_items = dataset.interactions, len(dataset.items)
        keys = dataset.users.require(self.table["user"]).astype(np.int64) * n_items
        keys += dataset.items.require(self.table["item"])
        places = positions_of(seen.user.astype(np.int64) * n_items + seen.item, keys)
        if len(places) and places.min() < 0:
            pair = self._pair(int(np.argmin(places)))
            raise InputError(f"the split names an interaction that the data does not have: {pair}")
        part_of = np.full(len(seen), -1, dtype=np.int8)
        part_of[places] = self._codes
        if int((part_of >= 0).sum()) < len(places):
            repeated = np.ones(len(places), dtype=np.bool_)
            repeated[np.unique(places, return_index=True)[1]] = False
            pair = self._pair(int(np.argmax(repeated)))
            raise InputError(f"the split names an interaction twice: {pair}", remedy="Name each in one part")
        return part_of

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
