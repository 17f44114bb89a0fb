"""The search for a Java that is new enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.server.releases import Release

JVM_FOLDERS = ("/usr/lib/jvm", "/opt/java", "/Library/Java/JavaVirtualMachines")


def find_java(release: Release) -> Path:
    """Return the oldest Java at hand that runs ``release``.

    The oldest is what the release was most tested on. ``JAVA_HOME`` goes first if it will do.

    Raises:
        StoreUnavailableError: there is no Java, or only older ones.
    """
    versions: dict[Path, int] = {}
    for candidate in _candidates():
        version = java_version(candidate)
        if version is None:
            continue
        if version >= release.java and candidate.parent.parent == Path(os.environ.get("JAVA_HOME") or "/nowhere"):
            return candidate
        versions[candidate] = version
    context = sorted((version, str(path)) for path, version in versions.items() if version >= release.java)
    if context:
        return Path(context[0][1])
    remedy = f"On Debian or Ubuntu: apt-get install {release.package}"
    if not versions:
        raise StoreUnavailableError(
            f"Neo4j {release.version} needs Java {release.java}, and there is none", remedy=remedy
        )
    newest = max(versions.values())
    raise StoreUnavailableError(
        f"Neo4j {release.version} needs Java {release.java} or later, and the newest here is {newest}", remedy=remedy
    )


def java_version(java: Path) -> int | None:
    """Return the major version of a ``java`` command, or None if it does not run."""
    recorded = java.parent.parent / "release"
    if recorded.is_file():
        match = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', recorded.read_text(encoding="utf-8", errors="replace"))
        if match:
            return int(match.group(1))
    try:
        completed = subprocess.run([str(java), "-version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "(?:1\.)?(\d+)', completed.stderr + completed.stdout)
    return int(match.group(1)) if match else None


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").is_file():
        yield Path(home) / "bin" / "java"
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve()
    for folder in map(Path, JVM_FOLDERS):
        yield from sorted(folder.glob("*/bin/java"))
        yield from sorted(folder.glob("*/Contents/Home/bin/java"))
