"""The Neo4j releases that graphrec starts, each pinned by its own ``pom.xml`` and checksums."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphrec.errors import UsageError

FILES = Path(__file__).with_name("files")
"""Package data: for each release its ``pom.xml``, and ``jars.sha256``, the checksums of its jars."""


@dataclass(frozen=True)
class Release:
    """A pinned release.

    Attributes:
        name: as named by the user.
        version: exact version on Maven Central.
        java: oldest Java major version that it runs on.
        package: the package of Debian 13 and of Ubuntu with such a Java, and what Debian 12 has.
        entry: the class that runs it.
    """

    name: str
    version: str
    java: int
    package: str
    entry: str

    @property
    def pom(self) -> Path:
        """The Maven project that names its jars."""
        return FILES / f"neo4j-{self.name}" / "pom.xml"

    @property
    def checksums(self) -> Path:
        """The list of its jars with their SHA-256, as ``sha256sum`` writes and checks it."""
        return FILES / f"neo4j-{self.name}" / "jars.sha256"


LTS = Release(
    name="5.26",
    version="5.26.30",
    java=17,
    package="openjdk-21-jre-headless (Debian 12: openjdk-17-jre-headless)",
    entry="org.neo4j.server.CommunityEntryPoint",
)
NEWEST = Release(
    name="newest",
    version="2026.08.1",
    java=21,
    package="openjdk-21-jre-headless (Debian 12 has none; adoptium.net does)",
    entry="org.neo4j.server.Neo4jCommunity",
)


def release_called(name: str) -> Release:
    """Return the release called ``name``; raise UsageError if there is none."""
    for release in (LTS, NEWEST):
        if name in (release.name, release.version):
            return release
    raise UsageError(f"there is no Neo4j release {name!r} here", remedy=f"Known: {LTS.name}, {NEWEST.name}")
