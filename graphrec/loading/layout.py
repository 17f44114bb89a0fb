"""The format of a delimited file."""

from __future__ import annotations

from dataclasses import dataclass

WHITESPACE = "whitespace"
"""The delimiter of files whose columns are separated by any number of spaces and tabs."""


@dataclass(frozen=True)
class Layout:
    """Delimiter, header, quotation, numbers and encoding of a file.

    Attributes:
        delimiter: one character; or several, such as ``::``, or ``WHITESPACE``, between values that are not quoted.
        header: whether line 1 names the columns.
        quoted: whether values may be quoted and then hold delimiters and newlines.
        encoding: of the text.
        columns: the names of all columns of the file in order: of one without a header, or instead of its header's.
            Where both are absent, the columns that are read are all there are.
        quote: the quotation mark; within a quotation it is doubled, or escaped.
        escape: the character that takes its meaning from the one that follows, such as a quotation mark; empty for
            none.
        names_delimiter: whether the file begins with a line such as ``sep=;``, as spreadsheets name the delimiter;
            it is no row.
        decimal: the sign before the decimals of a number.
        thousands: the sign between groups of three digits of a number; empty for none.
    """

    delimiter: str = ","
    header: bool = True
    quoted: bool = True
    encoding: str = "utf-8"
    columns: tuple[str, ...] = ()
    quote: str = '"'
    escape: str = ""
    names_delimiter: bool = False
    decimal: str = "."
    thousands: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the delimiter is one character, as CSV readers take it."""
        return len(self.delimiter) == 1

    @property
    def n_before(self) -> int:
        """The number of lines before the first row."""
        return int(self.header) + int(self.names_delimiter)

    @property
    def quote_mark(self) -> str:
        """The quotation mark; empty where nothing is quoted."""
        return self.quote if self.quoted and self.is_plain else ""
