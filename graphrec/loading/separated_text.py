"""Streams of delimited text for Arrow, which knows delimiters of one character.

Longer ones are replaced by the unit separator of ASCII while the file is read, block by block; lines stay lines.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from graphrec.errors import InputError
from graphrec.loading.files import UTF8_BOM, arrow_stream
from graphrec.loading.layout import WHITESPACE

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.layout import Layout

UNIT_SEPARATOR = "\x1f"
_BLOCK = 4 << 20
_MARGINS = re.compile(rb"^[ \t]+|[ \t]+(?=\r?$)", re.MULTILINE)
_GAPS = re.compile(rb"[ \t]+")


def text_stream(path: Path, layout: Layout) -> pa.NativeFile:
    """Open a delimited file, plain or gzip, as a stream in which one character separates the columns.

    A delimiter of one character is left as it is, and so is the encoding; otherwise the stream is UTF-8.

    Raises:
        InputError: while it is read, if the file holds the unit separator itself.
    """
    stream = arrow_stream(path)
    return stream if layout.is_plain else pa.PythonFile(_Separated(stream, path, layout), "r")


def read_options(layout: Layout, names: list[str], *, block_size: int, use_threads: bool = True) -> pa_csv.ReadOptions:
    """Return how Arrow reads the stream of a file whose columns are called ``names``."""
    encoding = layout.encoding if layout.is_plain else "utf-8"
    return pa_csv.ReadOptions(
        column_names=names,
        skip_rows=layout.n_before,
        block_size=block_size,
        encoding=encoding,
        use_threads=use_threads,
    )


def parse_options(layout: Layout, **more: Any) -> pa_csv.ParseOptions:
    """Return how Arrow splits the stream of a file; ``more`` are further options of Arrow."""
    return pa_csv.ParseOptions(
        delimiter=layout.delimiter if layout.is_plain else UNIT_SEPARATOR,
        quote_char=layout.quote_mark or False,
        escape_char=layout.escape or False,
        newlines_in_values=bool(layout.quote_mark),
        **more,
    )


def separated(text: str, layout: Layout) -> list[str]:
    """Return the values on a line whose delimiter is longer than a character."""
    return text.split() if layout.delimiter == WHITESPACE else text.split(layout.delimiter)


class _Separated(io.RawIOBase):
    """The bytes of a file with the unit separator in place of its delimiters."""

    def __init__(self, stream: pa.NativeFile, path: Path, layout: Layout) -> None:
        is_utf8 = layout.encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
        self._stream = stream if is_utf8 else pa.transcoding_input_stream(stream, layout.encoding, "utf-8")
        self._path = path
        self._delimiter = layout.delimiter
        self._rest = b""
        self._ready = b""
        self._is_first = True
        self._line = 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._ready:
            block = self._stream.read(_BLOCK)
            if not block and not self._rest:
                return 0
            self._ready = self._replaced(block)
        n = min(len(view), len(self._ready))
        view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n

    def _replaced(self, block: bytes) -> bytes:
        """Return the whole lines up to the end of a block; the begun one waits for the next, which may be none."""
        lines = self._rest + block
        end = lines.rfind(b"\n") + 1 if block else len(lines)
        lines, self._rest = lines[:end], lines[end:]
        if self._is_first and lines:
            lines, self._is_first = lines.removeprefix(UTF8_BOM), False
        mark = UNIT_SEPARATOR.encode()
        if mark in lines:
            line = self._line + lines.count(b"\n", 0, lines.index(mark))
            raise InputError(
                f"a value holds the control character {mark!r}, which stands for the delimiter while the file is read",
                where=f"{self._path}, line {line}",
                remedy="Take it out, or write the file with a delimiter of one character",
            )
        self._line += lines.count(b"\n")
        if self._delimiter == WHITESPACE:
            return _GAPS.sub(mark, _MARGINS.sub(b"", lines))
        return lines.replace(self._delimiter.encode(), mark)
