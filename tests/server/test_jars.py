"""The jars are those of the list that graphrec carries, or nothing is started."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

from graphrec import server
from graphrec.errors import StoreUnavailableError
from graphrec.server import releases
from graphrec.server.checksums import pinned
from graphrec.server.jars import jars_of

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = {"neo4j-5.26.30.jar": b"the server", "netty.jar": b"the network"}

MAVEN = """#!{python}
import pathlib, sys
calls = pathlib.Path({calls!r})
told = " ".join(a for a in sys.argv if "repo.local" in a or a == "--strict-checksums")
calls.write_text(calls.read_text() + told + "\\n")
number = len(calls.read_text().splitlines())
(target,) = [a.partition("=")[2] for a in sys.argv if a.startswith("-DoutputDirectory=")]
target = pathlib.Path(target)
target.mkdir(parents=True)
for name, content in {content!r}.items():
    (target / name).write_bytes(content)
{mischief}
"""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without jars, and a release of two small ones."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(releases, "FILES", tmp_path / "files")
    listed = tmp_path / "files" / "neo4j-5.26"
    listed.mkdir(parents=True)
    (listed / "pom.xml").write_text("<project/>")
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in CONTENT.items()]
    (listed / "jars.sha256").write_text("".join(lines))
    return tmp_path


def maven(place: Path, mischief: str) -> Path:
    """Put a Maven on the path that does something wrong; return the file in which it writes down its calls."""
    calls = place / "calls"
    calls.write_text("")
    (place / "bin").mkdir()
    command = place / "bin" / "mvn"
    command.write_text(MAVEN.format(python=sys.executable, calls=str(calls), content=CONTENT, mischief=mischief))
    command.chmod(0o755)
    return calls


def jars(place: Path) -> Path:
    return jars_of(server.LTS, place / "java" / "bin" / "java")


def test_the_right_jars_are_kept_and_looked_at_again(place: Path) -> None:
    calls = maven(place, "")
    folder = jars(place)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT
    assert jars(place) == folder
    assert calls.read_text() == "--strict-checksums\n"
    assert [path.name for path in folder.parent.iterdir()] == ["lib"]


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda folder: (folder / "netty.jar").write_bytes(b"another"), "netty.jar has another content"),
        (lambda folder: (folder / "netty.jar").write_bytes(CONTENT["netty.jar"][:5]), "netty.jar has another content"),
        (lambda folder: (folder / "netty.jar").unlink(), "netty.jar is missing"),
        (lambda folder: (folder / "extra.jar").write_bytes(b"more"), "extra.jar is none of the release's"),
    ],
)
def test_a_jar_that_was_changed_is_named_and_nothing_is_started(place: Path, harm: object, says: str) -> None:
    maven(place, "")
    folder = jars(place)
    harm(folder)  # type: ignore[operator]
    with pytest.raises(StoreUnavailableError) as refused:
        jars(place)
    assert f"nothing was started: {says}" in refused.value.what
    assert f"Remove the folder {folder}" in refused.value.remedy


def test_a_download_that_was_cut_short_is_repeated(place: Path) -> None:
    calls = maven(place, "if number < 3: print('[ERROR] Premature end of file'); sys.exit(1)")
    assert {path.name for path in jars(place).iterdir()} == set(CONTENT)
    assert calls.read_text() == "--strict-checksums\n" * 3


def test_a_damaged_jar_in_mavens_own_cache_is_not_taken_twice(place: Path) -> None:
    damage = "if not any('repo.local' in a for a in sys.argv): (target / 'netty.jar').write_bytes(b'cut')"
    calls = maven(place, damage)
    assert {path.name: path.read_bytes() for path in jars(place).iterdir()} == CONTENT
    first, second = calls.read_text().splitlines()
    assert (first, "-Dmaven.repo.local=" in second) == ("--strict-checksums", True)


def test_a_mirror_that_gives_out_something_else_is_refused(place: Path) -> None:
    maven(place, "(target / 'netty.jar').write_bytes(b'malice')")
    with pytest.raises(StoreUnavailableError, match=r"netty\.jar has another content.*Check the mirror"):
        jars(place)
    assert list((place / "cache" / "graphrec" / "neo4j" / "5.26.30").iterdir()) == []


@pytest.mark.parametrize("release", [server.LTS, server.NEWEST])
def test_the_lists_name_the_server_and_every_jar_once(release: server.Release) -> None:
    lines = release.checksums.read_text(encoding="utf-8").splitlines()
    listed = pinned(release)
    assert len(listed) == len(lines) > 200
    assert f"neo4j-{release.version}.jar" in listed
    assert all(len(digest) == 64 and set(digest) <= set("0123456789abcdef") for digest in listed.values())
