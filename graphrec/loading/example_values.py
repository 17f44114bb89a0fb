"""Examples of texts that cannot be read as numbers, for the account of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.loading.text_numbers import are_numbers, mask
from graphrec.tables.conform import shortened

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_OF_NUMBERS = ("is not a number", "is not a whole number")


@dataclass(frozen=True)
class Examples:
    """The values of a file, of which some are shown.

    Attributes:
        read: the columns as they are read.
        written: the same as the file has them, which differ where numbers are written with other signs.
    """

    read: pa.Table
    written: pa.Table

    def of(self, column: str, reason: str, wrong: npt.NDArray[np.bool_]) -> str:
        """Return the first text that is no number, quoted; empty for other reasons and where there is none.

        Args:
            column: its name.
            reason: what is wrong with its values.
            wrong: mask of the rows of which the reason is told.
        """
        values = self.read.column(column)
        if not reason.endswith(_OF_NUMBERS) or not pa.types.is_string(values.type):
            return ""
        rows = pa.array(wrong)
        strange = pa.array(~mask(are_numbers(values.filter(rows))))
        texts = self.written.column(column).filter(rows).filter(strange)
        return shortened(texts[0].as_py()) if len(texts) else ""
