"""JSON lines read one by one, for a file in which some line or value is not as expected."""

from __future__ import annotations

import itertools
from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.loading.checked_rows import valid_rows
from graphrec.loading.files import open_bytes, refuse_wrong_encoding
from graphrec.loading.json_fields import absent_field_error
from graphrec.loading.json_values import fault_of, number_text, object_of, text_of, texts_of
from graphrec.loading.sound_text import SURROGATE, sound_strings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.columns import Column
    from graphrec.loading.contract import FileReport
    from graphrec.loading.json_ids import IdKinds
    from graphrec.loading.text_numbers import Fault

_AT_ONCE = 1 << 16
"""So many lines are held as Python's objects, which take several times the room of Arrow's."""


def read_line_by_line(
    path: Path, columns: Sequence[Column], lists: Mapping[str, int], account: FileReport, kinds: IdKinds
) -> pa.Table:
    """Return the valid rows of a file of JSON lines; what is skipped, left empty or mended is counted.

    Args:
        path: the file.
        columns: the single values to read.
        lists: the lists of texts to read.
        account: receives the counts.
        kinds: sees every id.

    Raises:
        InputError: the file is wrongly encoded, no line has a required field, or almost no time can be read.
    """
    rows = _Rows(columns, lists)
    left_out: dict[str, dict[str, list[int]]] = {name: {} for name in rows.names}  # places, by reason
    lines, broken = array("q"), array("q")
    present: set[str] = set()
    refuse_wrong_encoding(path, "utf-8")
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            account.read += 1
            row = object_of(line.decode().removeprefix("\ufeff"))
            if row is None:
                broken.append(number)
                continue
            present.update(row)
            for name, fault in rows.add(row, kinds):
                left_out[name].setdefault(fault, []).append(len(lines))
            lines.append(number)
    account.skip("not a JSON object", broken)
    absent = [column.name for column in columns if column.required and column.name not in present]
    if lines and absent:
        raise absent_field_error(path, absent[0], sorted(present))
    faults: dict[str, list[Fault]] = {
        name: [(reason, _mask(places, len(lines))) for reason, places in reasons.items()]
        for name, reasons in left_out.items()
    }
    table, halves = rows.finish()
    mended: dict[str, list[Fault]] = {}
    identifying = {column.name for column in columns if column.identifies}
    for name, mask in halves.items():
        (faults if name in identifying else mended).setdefault(name, []).append((SURROGATE, mask))
    return valid_rows(
        table.select([column.name for column in columns]),
        columns,
        np.array(lines, dtype=np.int64),
        account,
        keep={name: table.column(name).combine_chunks() for name in lists},
        faults=faults,
        mended=mended,
    )


class _Rows:
    """Columns of texts and lists of texts, collected line by line and kept as Arrow tables."""

    def __init__(self, columns: Sequence[Column], lists: Mapping[str, int]) -> None:
        self._columns = columns
        self._texts: dict[str, list[str]] = {column.name: [] for column in columns}
        self._lists: dict[str, list[list[str]]] = {name: [] for name in lists}
        self._tables: list[pa.Table] = []
        self._halves: dict[str, list[npt.NDArray[np.bool_]]] = {name: [] for name in self.names}
        self._n_new = 0

    @property
    def names(self) -> list[str]:
        """Columns, then lists."""
        return [*self._texts, *self._lists]

    def add(self, row: Mapping[str, Any], kinds: IdKinds) -> list[tuple[str, str]]:
        """Take the values of one line; return the columns of which something was left out, and why."""
        faults = []
        for column in self._columns:
            value = row.get(column.name)
            is_number = column.kind in ("number", "integer", "time")
            written = number_text(value, required=column.required) if is_number else text_of(value)
            self._texts[column.name].append(written)
            kinds.see(column.name, value)
            faults.append((column.name, fault_of(value, column)))
        for name, listed in self._lists.items():
            texts, fault = texts_of(row, name)
            listed.append(texts)
            faults.append((name, fault))
        self._n_new += 1
        if self._n_new == _AT_ONCE:
            self._keep()
        return [(name, fault) for name, fault in faults if fault]

    def finish(self) -> tuple[pa.Table, dict[str, npt.NDArray[np.bool_]]]:
        """Return all rows, and for each column a mask of those that had to be mended."""
        self._keep()
        table = pa.concat_tables(self._tables).combine_chunks()
        return table, {name: np.concatenate(masks) for name, masks in self._halves.items()}

    def _keep(self) -> None:
        arrays = {name: sound_strings(texts) for name, texts in self._texts.items()}
        arrays |= {name: _text_lists(rows) for name, rows in self._lists.items()}
        self._tables.append(pa.table({name: values for name, (values, _) in arrays.items()}))
        for name, (_, halves) in arrays.items():
            self._halves[name].append(halves)
        self._texts = {name: [] for name in self._texts}
        self._lists = {name: [] for name in self._lists}
        self._n_new = 0


def _mask(places: list[int], n: int) -> npt.NDArray[np.bool_]:
    is_there = np.zeros(n, dtype=bool)
    is_there[places] = True
    return is_there


def _text_lists(rows: list[list[str]]) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Return lists of texts, and a mask of the lists of which a text had to be mended."""
    flat, halves = sound_strings(list(itertools.chain.from_iterable(rows)))
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    touched = np.zeros(len(rows), dtype=bool)
    touched[np.repeat(np.arange(len(rows)), lengths)[halves]] = True
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), flat), touched
