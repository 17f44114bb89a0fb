"""Names of nodes that are called by a bare URI: its last part, as a person reads it. The id stays the whole URI."""

from __future__ import annotations

import re
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_URI = re.compile(r"<?[A-Za-z][A-Za-z0-9+.\-]*://(?P<host>[^\s<>\"/#]*)(?P<rest>[^\s<>\"]*)>?")
_RESOURCE = "/resource/"


def name_of_uri(uri: str) -> str:
    """Return the last part of a URI, with percent signs decoded and spaces for underscores.

    The last part is the fragment, or else what follows ``/resource/`` (DBpedia's names may hold slashes), or else the
    last segment of the path; a slash at the end does not count. ``http://dbpedia.org/resource/Steven_Spielberg`` is
    Steven Spielberg; codes stay what they are (Wikidata's Q8877, Freebase's m.06pj8). A text that is no URI, or has no
    such part, is returned as it is.
    """
    found = _URI.fullmatch(uri)
    if found is None:
        return uri
    path, _, fragment = found["rest"].partition("#")
    path = path.rstrip("/")
    last = path.split(_RESOURCE, 1)[1] if _RESOURCE in path else path.rsplit("/", 1)[-1]
    return unquote(fragment.strip("/") or last).replace("_", " ").strip() or uri


def readable_name(identifier: str, name: str) -> str:
    """Return the name of a node; the last part of the URI where the name only repeats its id (or the end of that)."""
    return name_of_uri(name) if "://" in name and identifier.endswith(name) else name


def readable_names(ids: pa.Array, names: pa.Array) -> pa.Array:
    """Return names as ``readable_name`` does, of whole columns; only those with a URI are looked at one by one.

    Args:
        ids: strings, [n].
        names: strings, [n]; null where there is none.
    """
    has_uri = pc.fill_null(pc.match_substring(names, "://"), fill_value=False)
    places = np.flatnonzero(has_uri.to_numpy(zero_copy_only=False))
    if not len(places):
        return names
    pairs = zip(ids.take(pa.array(places)).to_pylist(), names.take(pa.array(places)).to_pylist(), strict=True)
    return pc.replace_with_mask(names, has_uri, pa.array([readable_name(*pair) for pair in pairs], names.type))
