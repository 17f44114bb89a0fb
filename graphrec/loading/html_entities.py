"""Texts as a web page holds them, with the signs that its entities stand for."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_ENTITIES = (
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
)  # fmt: skip


def without_entities(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return texts with the signs that HTML's entities stand for; the ampersand comes last, for ``&amp;lt;``."""
    for entity, sign in _ENTITIES:
        texts = pc.replace_substring(texts, entity, sign)
    return texts
