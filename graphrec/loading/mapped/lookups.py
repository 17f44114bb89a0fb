"""Lookup tables of a mapping: which value a code stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.conform import shortened
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport


@dataclass(frozen=True)
class Lookup:
    """A table of codes and their values.

    Attributes:
        name: of the table.
        keys: string array, each code once.
        values: string array, same length.
    """

    name: str
    keys: pa.Array
    values: pa.Array

    @classmethod
    def of(cls, name: str, keys: pa.Array, values: pa.Array, report: LoaderReport) -> Lookup:
        """Return a lookup table in which of a repeated code the first value stands.

        Args:
            name: of the table.
            keys: codes, string; spaces around them do not count.
            values: what they stand for, string, same length.
            report: receives the number of codes with several values, and an example.
        """
        keys = pc.utf8_trim_whitespace(keys)
        different = keys.unique()
        first = pc.index_in(different, value_set=keys)
        table = cls(name, different, values.take(first))
        standing = table.values.take(pc.index_in(keys, value_set=different))
        other = np.flatnonzero(np.asarray(pc.not_equal(values, standing), dtype=bool))
        if len(other):
            row = int(other[0])
            n_codes = len(keys.take(pa.array(other)).unique())
            several = f"{counted(n_codes, 'code')} {'has' if n_codes == 1 else 'have'} more than one value"
            report.remarks.append(
                f"lookup {name!r}: {several}, such as {shortened(keys[row].as_py())}: "
                f"{shortened(standing[row].as_py())} stands, {shortened(values[row].as_py())} is left out"
            )
        return table

    def translated(self, codes: pa.Array | pa.ChunkedArray, column: str, report: LoaderReport) -> pa.Array:
        """Return the values of codes; a code that the table does not have stays, and null and the empty text too.

        Args:
            codes: string, one or more per node.
            column: that they stand in, for the report.
            report: receives the number of different codes without a value, and an example.
        """
        plain = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
        encoded = pc.utf8_trim_whitespace(plain.cast(pa.string())).dictionary_encode()
        different = encoded.dictionary
        places = pc.index_in(different, value_set=self.keys)
        unknown = different.filter(pc.and_(places.is_null(), pc.not_equal(different, "")))
        if len(unknown):
            words = ("has", "stays a code") if len(unknown) == 1 else ("have", "stay codes")
            report.remarks.append(
                f"{len(unknown):,} of {counted(len(different), 'code')} in the column {column!r} {words[0]} no entry "
                f"in the lookup {self.name!r} and {words[1]}, such as {shortened(unknown[0].as_py())}; its codes are "
                f"such as {shortened(self.keys[0].as_py())}"
            )
        values = pc.coalesce(self.values.take(places), different)
        return values.take(encoded.indices)
