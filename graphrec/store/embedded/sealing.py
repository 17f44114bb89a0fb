"""The seal of a manifest: a checksum of its content, inside it.

It is of the content, not of the bytes: a manifest that was laid out anew by hand is the same manifest.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphrec.digests import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKSUM = "checksum"
UNSEALED = frozenset(
    ["format", "graphrec", "generation", "fingerprint", "current", "datasets", "data", "runs", "database"]
)
"""The names in a manifest of graphrec 0.3 and earlier, which had no seal: with any other name it has lost its seal."""


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with its checksum, which stands first."""
    return {CHECKSUM: _checksum(content), **{name: value for name, value in content.items() if name != CHECKSUM}}


def is_broken(content: Mapping[str, Any]) -> bool:
    """Return whether content is not as it was sealed; without a seal, whether it had one."""
    if CHECKSUM in content:
        return bool(content[CHECKSUM] != _checksum(content))
    return not set(content) <= UNSEALED


def _checksum(content: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in content.items() if name != CHECKSUM}
    return digest(json.dumps(rest, sort_keys=True, separators=(",", ":")), digits=32)
