"""The format of a delimited file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Delimiter, header, quotation and encoding of a file.

    Attributes:
        delimiter: one character, or ``::`` for files whose columns that are read hold no colon.
        header: whether line 1 names the columns; if not, the columns given are all there are, in order.
        quoted: whether values may be quoted with ``"`` and then hold delimiters and newlines.
        encoding: of the text.
        escaped: whether a backslash takes its meaning from the character that follows, such as a quotation mark.
    """

    delimiter: str = ","
    header: bool = True
    quoted: bool = True
    encoding: str = "utf-8"
    escaped: bool = False
