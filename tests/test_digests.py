"""Digests, beside a published example."""

from __future__ import annotations

from graphrec.digests import digest


def test_it_is_sha256_of_all_parts() -> None:
    """Of ``abc``, the example of FIPS 180-2."""
    assert digest("abc") == "ba7816bf8f01cfea"
    assert digest("a", b"b", "c", digits=8) == "ba7816bf"
    assert digest("é") == digest("é".encode())
