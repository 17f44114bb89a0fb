"""Digests of texts and bytes."""

from __future__ import annotations

import hashlib


def digest(*parts: str | bytes, digits: int = 16) -> str:
    """Return the first hexadecimal digits of the SHA-256 of the parts, one after the other; texts as UTF-8."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() if isinstance(part, str) else part)
    return whole.hexdigest()[:digits]
