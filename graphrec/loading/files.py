"""Opening of input files, and the errors that concern a whole file: absent, empty, cut short, wrongly encoded."""

from __future__ import annotations

import codecs
import gzip
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_GZIP = b"\x1f\x8b"
UTF8_BOM = b"\xef\xbb\xbf"
_ASCII = "".join(map(chr, [9, 10, 13, *range(32, 127)]))
_NO_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"}
"""Encodings of Python that are not ways of writing text files."""


def is_gzip(path: Path) -> bool:
    """Return whether a file's first bytes are those of gzip; its name does not matter."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def require_file(path: Path) -> Path:
    """Return ``path`` if it is a file; raise InputError if it is absent or a folder."""
    if path.is_file():
        return path
    fault = "a file is needed, but this is a folder" if path.is_dir() else "there is no such file"
    raise InputError(fault, where=str(path), remedy="Check the path")


def require_folder(path: Path) -> Path:
    """Return ``path`` if it is a folder; raise InputError otherwise."""
    if path.is_dir():
        return path
    fault = "a folder is needed, but this is a file" if path.exists() else "there is no such folder"
    raise InputError(fault, where=str(path), remedy="Give the folder that holds the data set's files")


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a plain or gzip file for reading bytes; a gzip that ends early or is damaged raises InputError."""
    require_file(path)
    try:
        with gzip.open(path) if is_gzip(path) else path.open("rb") as file:
            yield file  # type: ignore[misc]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise truncated_file_error(path) from error
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror or error}", where=str(path)) from error


def truncated_file_error(path: Path) -> InputError:
    """Return the error for a compressed file that ends early or is damaged."""
    return InputError(
        "the gzip file ends early or is damaged", where=str(path), remedy="Fetch it again; test it with: gzip -t FILE"
    )


def arrow_stream(path: Path) -> pa.NativeFile:
    """Open a plain or gzip file as an Arrow stream."""
    return pa.input_stream(str(path), compression="gzip" if is_gzip(path) else None)


def head(path: Path, encoding: str, size: int = 1 << 18) -> str:
    """Return the beginning of a file as text, without a byte-order mark.

    Raises:
        InputError: the file is absent, empty, UTF-16, or not text in ``encoding``.
    """
    with open_bytes(path) as file:
        start = file.read(size)
    if not start.removeprefix(UTF8_BOM).strip():
        raise InputError("the file is empty", where=str(path), remedy="Fetch it again, or leave it out")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("the file is UTF-16", where=f"{path}, line 1", remedy="Save it as UTF-8")
    whole = start if len(start) < size else start[: start.rfind(b"\n") + 1] or start
    try:
        return whole.removeprefix(UTF8_BOM).decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, whole[: error.start].count(b"\n") + 1) from error


def read_text(path: Path, *encodings: str) -> str:
    """Return a whole small file as text, read in the first encoding that fits; raise InputError if none does."""
    with open_bytes(path) as file:
        content = file.read().removeprefix(UTF8_BOM)
    if not content.strip():
        raise InputError("the file is empty", where=str(path), remedy="Fetch it again, or leave it out")
    line = 1
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise _undecodable(path, encodings[-1], line)


def encoding_of(path: Path, *encodings: str) -> str:
    """Return the first encoding that a whole small file is text in; raise InputError if none fits."""
    with open_bytes(path) as file:
        content = file.read()
    for encoding in encodings[:-1]:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return encodings[-1]


def is_encoding(name: str) -> bool:
    """Return whether text files can be read in an encoding: Python has it, and ASCII stands in it byte for byte.

    Otherwise delimiters, digits and line ends would not be found; UTF-16 is one of those that are refused.
    """
    try:
        found = codecs.lookup(name).name
        return found == "utf-8-sig" or (found not in _NO_FILES and _ASCII.encode(name) == _ASCII.encode("ascii"))
    except (LookupError, ValueError):  # also codecs that turn bytes into bytes, and what is no name
        return False


def refuse_other_encodings(name: str, where: str) -> None:
    """Raise InputError for an encoding in which text files cannot be read."""
    if not is_encoding(name):
        raise InputError(
            f"files cannot be read in the encoding {name!r:.60}",
            where=where,
            remedy="Name the one that the file is written in, such as utf-8, latin-1 or cp1252, or save it as UTF-8",
        )


def refuse_wrong_encoding(path: Path, encoding: str) -> None:
    """Raise InputError with the line of the first byte that is not text in ``encoding``, if there is one."""
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(path, encoding, number) from error


def _undecodable(path: Path, encoding: str, line: int) -> InputError:
    return InputError(
        f"this is not {encoding.upper()} text",
        where=f"{path}, line {line}",
        remedy='Save the file as UTF-8, or, in a section of a mapping, name its encoding: encoding = "latin-1"',
    )
