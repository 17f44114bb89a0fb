"""Run a Neo4j server as a process of its own, and end it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from graphrec.errors import StoreUnavailableError

OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
"""Packages of Java's own that Neo4j reaches into."""


def java_options(heap: str) -> list[str]:
    """Return the options that every program of Neo4j needs, with a heap of fixed size such as ``512m``."""
    return [f"-Xms{heap}", f"-Xmx{heap}", *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED)]


def launch(java: Path, jars: Path, entry: str, home: Path, heap: str) -> subprocess.Popen[bytes]:
    """Start the server whose main class is ``entry`` in a session of its own, so that it outlives this program."""
    command = [str(java), *java_options(heap), "-cp", f"{jars}/*", entry]
    command += [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    console = home / "logs" / "console.log"
    console.parent.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    with console.open("wb") as log:
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=environment,
            start_new_session=True,
        )


def wait_until_ready(process: subprocess.Popen[bytes], http_uri: str, home: Path, seconds: float) -> None:
    """Return once the HTTP port answers.

    Raises:
        StoreUnavailableError: the process ended, or did not answer in time; then it is ended.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise StoreUnavailableError(
                f"Neo4j ended while starting: {last_complaint(home)}", where=str(home / "logs" / "console.log")
            )
        try:
            with urllib.request.urlopen(http_uri, timeout=2):  # noqa: S310 - 127.0.0.1, our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    end(process.pid, home, seconds=10)
    raise StoreUnavailableError(
        f"Neo4j did not answer within {seconds:.0f} s",
        where=str(home / "logs" / "console.log"),
        remedy="Give it more time, or look into that log",
    )


def last_complaint(home: Path) -> str:
    """Return the last line of the server's log that names an error."""
    log = home / "logs" / "console.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    telling = [line.strip() for line in lines if "Caused by" in line or "ERROR" in line or "rror:" in line]
    return telling[-1][:300] if telling else (lines[-1].strip()[:300] if lines else "it said nothing")


def is_running(pid: int, home: Path) -> bool:
    """Return whether ``pid`` is the server of ``home``, and not another program with a reused process id."""
    with contextlib.suppress(ChildProcessError):  # raised where an earlier program started it
        os.waitpid(pid, os.WNOHANG)  # a child that ended would otherwise still count as a process
    return f"--home-dir={home}" in _command_line(pid)


def end(pid: int, home: Path, seconds: float) -> None:
    """Ask the server to stop, and wait; one that has not stopped after ``seconds`` is killed.

    A killed server loses nothing that it had acknowledged: it recovers from its log at the next start.
    """
    for signal_, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 10.0)):
        if not is_running(pid, home):
            return
        os.kill(pid, signal_)
        until = time.monotonic() + patience
        while is_running(pid, home) and time.monotonic() < until:
            time.sleep(0.05)
    if is_running(pid, home):
        raise StoreUnavailableError(f"Neo4j, process {pid}, does not end", where=str(home))


def _command_line(pid: int) -> str:
    recorded = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            return recorded.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    completed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return completed.stdout
