"""Fetch the jars of a release from Maven Central, once."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError
from graphrec.server.info import jar_folder

if TYPE_CHECKING:
    from graphrec.server.releases import Release

COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
FETCH_SECONDS = 900


def jars_of(release: Release, java: Path) -> Path:
    """Return the folder with the jars of ``release``; Maven fills it at the first call.

    Raises:
        StoreUnavailableError: Maven is absent, or could not get them.
    """
    folder = jar_folder(release.version) / "lib"
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise StoreUnavailableError(
            "Neo4j comes from Maven Central, and there is no Maven here",
            remedy="On Debian or Ubuntu: apt-get install maven; or set NEO4J_URI to a server that runs elsewhere",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as temporary:
        _fetch(maven, release, Path(temporary), java)
        try:
            (Path(temporary) / "lib").rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster, with the same jars
                raise
    return folder


def _fetch(maven: str, release: Release, folder: Path, java: Path) -> None:
    # A copy of the pom: Maven may want to write beside it, and an installed package may be read-only.
    pom = shutil.copy(release.pom, folder / "pom.xml")
    command = [maven, "--batch-mode", "--quiet", "--file", str(pom), COPY_GOAL]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={folder / 'lib'}"]
    environment = {**os.environ, "JAVA_HOME": str(java.parent.parent)}
    try:
        completed = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise _unfetched(release, f"nothing complete after {FETCH_SECONDS} s") from error
    if completed.returncode or not any((folder / "lib").glob(f"neo4j-{release.version}.jar")):
        lines = [line for line in (completed.stdout + completed.stderr).splitlines() if "ERROR" in line]
        raise _unfetched(release, lines[0].strip() if lines else f"Maven ended with {completed.returncode}")


def _unfetched(release: Release, reason: str) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"Maven could not fetch Neo4j {release.version}: {reason}",
        remedy="Check the network or the mirror in ~/.m2/settings.xml, or set NEO4J_URI to a server elsewhere",
    )
