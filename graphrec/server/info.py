"""The record of a server, and the folders of its data and jars."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["environment", "docker", "process"]


@dataclass(frozen=True)
class ServerInfo:
    """The address and the files of a Neo4j server.

    Attributes:
        kind: who runs it: somebody else (``NEO4J_URI``), Docker Compose, or a process of our own.
        bolt_uri: what ``--store`` takes.
        http_uri: address of its HTTP port; empty where unknown.
        browser_url: Neo4j Browser with the address filled in; empty where unknown.
        home: folder with its configuration, data, logs and password; None where it is not ours.
        pid: its process; None where it is not ours.
        version: its release; empty where unknown.
        password_file: the file with its password, readable by its owner only; None where the environment has it.
        heap: memory for Java, such as ``512m``; empty where unknown.
        page_cache: memory for the graph's pages, likewise.
    """

    kind: Kind
    bolt_uri: str
    http_uri: str = ""
    browser_url: str = ""
    home: Path | None = None
    pid: int | None = None
    version: str = ""
    password_file: Path | None = None
    heap: str = ""
    page_cache: str = ""

    def save(self, path: Path) -> None:
        """Write the record as JSON, whole or not at all."""
        record = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(record, indent=2), encoding="utf-8")
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> ServerInfo | None:
        """Read a saved record; None if there is none that can be read."""
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            for name in ("home", "password_file"):
                record[name] = Path(record[name]) if record[name] else None
            return cls(**record)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def local_info(kind: Kind, bolt_port: int, http_port: int, home: Path, **fields: object) -> ServerInfo:
    """Return the record of a server on this machine."""
    bolt, http = f"127.0.0.1:{bolt_port}", f"http://127.0.0.1:{http_port}"
    return ServerInfo(
        kind,
        bolt_uri=f"neo4j://{bolt}",
        http_uri=http,
        browser_url=f"{http}/browser/?dbms=bolt://{bolt}",
        home=home,
        **fields,  # type: ignore[arg-type]
    )


def default_home() -> Path:
    """Return the folder of the server's data: ``GRAPHREC_NEO4J_HOME``, else below the XDG state folder."""
    chosen = os.environ.get("GRAPHREC_NEO4J_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return _xdg("XDG_STATE_HOME", ".local/state") / "graphrec" / "neo4j"


def jar_folder(version: str) -> Path:
    """Return the folder that keeps the jars of a version, below the XDG cache folder."""
    return _xdg("XDG_CACHE_HOME", ".cache") / "graphrec" / "neo4j" / version


def _xdg(variable: str, otherwise: str) -> Path:
    value = os.environ.get(variable, "")
    return Path(value) if Path(value).is_absolute() else Path.home() / otherwise
