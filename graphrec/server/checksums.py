"""The jars of a release against the list of them that graphrec carries: each by its name and SHA-256."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.server.releases import Release

BLOCK = 1 << 20


def pinned(release: Release) -> dict[str, str]:
    """Return the SHA-256 of every jar of a release, by file name."""
    lines = release.checksums.read_text(encoding="utf-8").split("\n")
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}


def differences(folder: Path, release: Release) -> list[str]:
    """Return what in a folder is not as the release's list says, one entry for each jar; empty where all is right."""
    wanted = pinned(release)
    present = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    with ThreadPoolExecutor() as pool:
        digests = dict(zip(present, pool.map(_digest, present.values()), strict=True))
    return [
        *(f"{name} is missing" for name in sorted(wanted.keys() - digests.keys())),
        *(f"{name} is none of the release's" for name in sorted(digests.keys() - wanted.keys())),
        *(
            f"{name} has another content"
            for name in sorted(wanted.keys() & digests.keys())
            if wanted[name] != digests[name]
        ),
    ]


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
