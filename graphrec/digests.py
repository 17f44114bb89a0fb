"""Digests of texts and bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def digest(*parts: str | bytes, digits: int = 16) -> str:
    """Return the first hexadecimal digits of the SHA-256 of the parts, one after the other; texts as UTF-8."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() if isinstance(part, str) else part)
    return whole.hexdigest()[:digits]


def file_digest(path: Path, *, digits: int = 16) -> str:
    """Return the first hexadecimal digits of the SHA-256 of a file's bytes.

    Raises:
        OSError: it cannot be read.
    """
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            whole.update(block)
    return whole.hexdigest()[:digits]
