"""The columns of a data frame by name, as Arrow arrays, and the names of its rows in messages."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from graphrec.errors import InputError, UsageError
from graphrec.loading.sound_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

Values: TypeAlias = "pa.Array | npt.NDArray[np.object_]"
"""One column: an Arrow array, or an array of Python objects where the frame holds those."""


class ArrowStream(Protocol):
    """Any table with the Arrow C stream interface: ``pyarrow.Table``, polars, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a capsule with the stream."""


FrameLike: TypeAlias = pd.DataFrame | ArrowStream
"""A pandas frame, or any table with the Arrow C stream interface."""


class Frame:
    """A table in memory whose columns are read by name.

    Args:
        data: the table; the named levels of a pandas index are columns too, unless a column has the same name.
        name: what messages and the report call it, such as ``interactions``.

    Raises:
        UsageError: it is no table.
        InputError: it has no rows, or two of its columns have one name.
    """

    def __init__(self, data: FrameLike, name: str) -> None:
        self.name = name
        self.mended: dict[str, list[int]] = {}
        """Rows whose texts were mended, by what was wrong, until the account has them."""
        self._data = data if isinstance(data, pd.DataFrame) else _arrow_table(data, name)
        self._index: list[str] = []
        if isinstance(data, pd.DataFrame):
            self._index = [level for level in data.index.names if isinstance(level, str) and level not in data.columns]
            self.own_columns = [column if isinstance(column, str) else repr(column) for column in data.columns]
        else:
            self.own_columns = list(self._data.column_names)
        self.n_rows: int = len(self._data)
        if not self.n_rows:
            raise InputError("the frame has no rows", where=name, remedy="Give one that has some, or leave it out")
        doubled = next((c for place, c in enumerate(self.own_columns) if c in self.own_columns[:place]), None)
        if doubled is not None:
            raise InputError(f"two columns are called {doubled!r}", where=name, remedy="Rename one of them")

    @property
    def columns(self) -> list[str]:
        """The names of all columns, then those of the index."""
        return [*self.own_columns, *self._index]

    def require(self, columns: Iterable[str]) -> None:
        """Raise an error if one of these columns does not exist.

        Raises:
            InputError: one does not; the message names those whose names are nearest to it.
        """
        for column in columns:
            if column not in self.columns:
                near = _nearest(column, self.columns)
                raise InputError(
                    f"there is no column {column!r}",
                    where=self.name,
                    remedy=(f"Did you mean {' or '.join(map(repr, near))}? " if near else "")
                    + f"Its columns: {', '.join(map(printable, self.columns[:20]))}",
                )

    def column(self, column: str) -> Values:
        """Return the values of one column.

        Raises:
            InputError: there is no such column, or Arrow cannot hold its type.
        """
        self.require([column])
        if not isinstance(self._data, pd.DataFrame):
            return _joined(self._data.column(column))
        levels = self._data.index.get_level_values(column) if column in self._index else self._data[column]
        series = levels.to_series() if isinstance(levels, pd.Index) else levels
        categories = series.cat.categories.dtype if isinstance(series.dtype, pd.CategoricalDtype) else series.dtype
        if categories == np.dtype(object):
            return _objects(series)
        try:
            values = _joined(pa.array(series, from_pandas=True))
        except UnicodeEncodeError:  # among Python objects the row can be named
            return _objects(series)
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise InputError(
                f"the column {column!r} of type {series.dtype} cannot be read: {error}",
                where=self.name,
                remedy="Convert it first, for example with astype(str)",
            ) from error
        # periods and intervals would show what they are stored as
        return _objects(series) if isinstance(values.type, pa.BaseExtensionType) else values

    def row(self, position: int) -> str:
        """Return the name of a row for a message: its position from 0 and, where it differs, its index label."""
        if isinstance(self._data, pd.DataFrame):
            label = self._data.index[position]
            if not isinstance(label, (int, np.integer)) or label != position:
                return f"{self.name}, row {position} (index {label!r})"
        return f"{self.name}, row {position}"


class Place(NamedTuple):
    """The frame and column that values come from, for messages.

    Attributes:
        frame: the frame.
        column: its column.
        rows: the row of each value; None where value number i is of row i.
    """

    frame: Frame
    column: str
    rows: npt.NDArray[np.int64] | None = None

    def row(self, position: int) -> str:
        """Return the name of the row that a value comes from."""
        return self.frame.row(int(position if self.rows is None else self.rows[position]))

    def note_mended(self, reason: str, positions: npt.NDArray[Any]) -> None:
        """Note that values had to be mended, for the account of the frame."""
        rows = positions if self.rows is None else self.rows[positions]
        self.frame.mended.setdefault(f"{self.column} {reason}", []).extend(np.unique(rows).tolist())

    def take(self, rows: npt.NDArray[Any]) -> Place:
        """Return the place of some of the values, in the given order."""
        return self._replace(rows=np.asarray(rows if self.rows is None else self.rows[rows], dtype=np.int64))


def _arrow_table(data: Any, name: str) -> pa.Table:
    cause: Exception | None = None
    if hasattr(data, "__arrow_c_stream__") and not isinstance(data, type):
        try:
            return pa.table(data)
        except (pa.ArrowException, TypeError, ValueError) as error:  # such as a series, which streams no rows
            cause = error
    raise UsageError(
        f"{name} is of type {type(data).__name__}, which is no data frame",
        remedy="Give a pandas frame, a pyarrow table, or a table with the Arrow C stream interface, such as polars",
    ) from cause


def _objects(series: pd.Series[Any]) -> npt.NDArray[np.object_]:
    return np.asarray(series.to_numpy(dtype=object), dtype=object)


def _joined(values: Any) -> pa.Array:
    """Return one array; text views, such as those of polars, become plain strings, which more functions accept."""
    if not isinstance(values, pa.ChunkedArray):
        return _without_views(values)
    plain = pa.chunked_array([_without_views(chunk) for chunk in values.chunks], None if values.chunks else values.type)
    if pa.types.is_dictionary(plain.type):
        plain = plain.unify_dictionaries()
    return plain.combine_chunks()


def _without_views(values: pa.Array) -> pa.Array:
    if isinstance(values, pa.DictionaryArray):
        dictionary = _without_views(values.dictionary)
        return values if dictionary is values.dictionary else pa.DictionaryArray.from_arrays(values.indices, dictionary)
    if pa.types.is_string_view(values.type):
        return values.cast(pa.large_string())
    if (pa.types.is_list(values.type) or pa.types.is_large_list(values.type)) and pa.types.is_string_view(
        values.type.value_type
    ):
        return values.cast(pa.large_list(pa.large_string()))
    return values


def _nearest(name: str, columns: list[str]) -> list[str]:
    by_lower = {column.lower(): column for column in columns}
    lower = str(name).lower()
    parts = [column for text, column in by_lower.items() if lower in text or text in lower]
    near = [by_lower[text] for text in difflib.get_close_matches(lower, by_lower, n=3, cutoff=0.6)]
    return list(dict.fromkeys([*near, *parts]))[:3]
