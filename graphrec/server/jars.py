"""Fetch the jars of a release from Maven Central, once, and hold them against their checksums."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import StoreUnavailableError
from graphrec.server.checksums import differences
from graphrec.server.info import jar_folder

if TYPE_CHECKING:
    from graphrec.server.releases import Release

COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
FETCH_SECONDS = 900
ATTEMPTS = 3


def jars_of(release: Release, java: Path) -> Path:
    """Return the folder with the jars of ``release``; Maven fills it at the first call.

    Every jar is held against the checksums that graphrec carries, each time: what the folder holds is run.

    Raises:
        StoreUnavailableError: Maven is absent, or could not get them; or a jar is not the release's.
    """
    folder = jar_folder(release.version) / "lib"
    if folder.is_dir():
        wrong = differences(folder, release)
        if wrong:
            raise _differing(release, wrong, f"Remove the folder {folder}, and they are fetched anew")
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise StoreUnavailableError(
            "Neo4j comes from Maven Central, and there is no Maven here",
            remedy="On Debian or Ubuntu: apt-get install maven; or set NEO4J_URI to a server that runs elsewhere",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetching-") as temporary:
        fetched = _fetch(maven, release, Path(temporary), java)
        try:
            fetched.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster, with the same jars
                raise
    return folder


def _fetch(maven: str, release: Release, folder: Path, java: Path) -> Path:
    """Return a folder below ``folder`` with the jars, whole.

    A download that was cut short is repeated. What Maven's own cache holds may be damaged, too: the second attempt
    takes nothing from there.
    """
    wrong: list[str] = []
    failure: StoreUnavailableError | None = None
    for attempt in range(ATTEMPTS):
        target = folder / f"lib-{attempt}"
        cache = folder / "repository" if wrong else None
        try:
            _run_maven(maven, release, target, java, cache)
        except StoreUnavailableError as error:
            if isinstance(error.__cause__, subprocess.TimeoutExpired):
                raise
            failure, wrong = error, []
            continue
        failure, wrong = None, differences(target, release)
        if not wrong:
            return target
    if failure is not None:
        raise failure
    raise _differing(release, wrong, "Check the mirror in ~/.m2/settings.xml: it gives out something else")


def _run_maven(maven: str, release: Release, target: Path, java: Path, cache: Path | None) -> None:
    # A copy of the pom: Maven may want to write beside it, and an installed package may be read-only.
    pom = shutil.copy(release.pom, target.parent / "pom.xml")
    command = [maven, "--batch-mode", "--quiet", "--strict-checksums", "--file", str(pom), COPY_GOAL]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    command += [] if cache is None else [f"-Dmaven.repo.local={cache}"]
    environment = {**os.environ, "JAVA_HOME": str(java.parent.parent)}
    try:
        completed = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise _unfetched(release, f"nothing complete after {FETCH_SECONDS} s") from error
    if completed.returncode:
        lines = [line for line in (completed.stdout + completed.stderr).splitlines() if "ERROR" in line]
        raise _unfetched(release, lines[0].strip() if lines else f"Maven ended with {completed.returncode}")


def _unfetched(release: Release, reason: str) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"Maven could not fetch Neo4j {release.version}: {reason}",
        remedy="Check the network or the mirror in ~/.m2/settings.xml, or set NEO4J_URI to a server elsewhere",
    )


def _differing(release: Release, wrong: list[str], remedy: str) -> StoreUnavailableError:
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return StoreUnavailableError(
        f"the jars are not those of Neo4j {release.version}, and nothing was started: {wrong[0]}{more}", remedy=remedy
    )
