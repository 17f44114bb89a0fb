"""Find damage: kept tables against the manifest, the database against what was written into it.

The content of the database is read in a process of its own, because a damaged file can crash the engine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from graphrec.errors import StoreError
from graphrec.import_path import path_for_children
from graphrec.store.accounts import CheckReport, Finding
from graphrec.store.embedded.address_space import limited_to
from graphrec.store.embedded.manifest import ENGINE
from graphrec.store.embedded.regular_files import UnusableFileError, checksum_of
from graphrec.store.embedded.restoring import read_copy
from graphrec.tables.fingerprint import PartHash

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.progress import Progress
    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import KeptDatabase, Manifest

_REBUILD = "Run: graphrec rebuild"
_EXAMINE = """
import sys
sys.path[:] = {path!r}
from graphrec.store.embedded.examining import main
sys.exit(main(sys.argv[1:]))
"""
"""What that process runs. ``python -m`` would import from the current folder first."""

UNREADABLE = 10
"""Exit code of the process that reads the database, where the engine failed at it."""


def check_store(folder: StoreFolder, manifest: Manifest, progress: Progress) -> CheckReport:
    """Examine every kept table and the database, and report what differs from what was written."""
    tables = manifest.tables()
    findings: list[Finding] = []
    for done, table in enumerate(tables):
        progress("checking the kept tables", done, len(tables))
        path = folder.tables / table.path
        wrong = _file_fault(path, table.size, table.checksum)
        if wrong:
            remedy = "Restore the file from a backup, or load the data again into a new store"
            findings.append(Finding(f"the kept table of {table.part} {wrong}", str(path), remedy))
    examined = {"kept tables": len(tables), "rows kept": sum(table.rows for table in tables)}
    if folder.manifest_copy.exists() and read_copy(folder) is None:
        findings.append(Finding("the manifest's copy is damaged", str(folder.manifest_copy), _REBUILD))
    if manifest.database is not None:
        progress("checking the database", 0, 0)
        findings.extend(_check_database(folder, manifest, manifest.database))
        examined["rows in the database"] = sum(part.rows for part in manifest.database.parts.values())
    return CheckReport(examined, tuple(findings))


def _check_database(folder: StoreFolder, manifest: Manifest, database: KeptDatabase) -> list[Finding]:
    path = folder.next_database(manifest.generation)
    path = path if path.exists() else folder.database
    if database.engine != ENGINE:
        return [
            Finding(f"the database was written by LadybugDB {database.engine}, this is {ENGINE}", str(path), _REBUILD)
        ]
    wrong = _file_fault(path, database.size, database.checksum)
    findings = [Finding(f"the database {wrong}", str(path), _REBUILD)] if wrong else []
    if path.is_file() and path.stat().st_size == database.size:
        findings.extend(_compare_content(folder, path, database))
    return findings


def _compare_content(folder: StoreFolder, path: Path, database: KeptDatabase) -> list[Finding]:
    command = [sys.executable, "-c", _EXAMINE.format(path=path_for_children()), str(folder.root), str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    last = answer.stderr.strip().rpartition("\n")[2]
    crashed = answer.returncode < 0 and limited_to() is None
    if crashed or answer.returncode == UNREADABLE:
        how = f"signal {-answer.returncode}" if crashed else last
        return [Finding(f"the database cannot be read ({how})", str(path), _REBUILD)]
    if answer.returncode:
        raise StoreError(
            f"the database could not be examined: {last or f'signal {-answer.returncode}'}",
            where=str(path),
            remedy="Give the command more memory or address space (ulimit -v unlimited), then repeat",
        )
    content = {part: PartHash(*counted) for part, counted in json.loads(answer.stdout).items()}
    findings = []
    for part in sorted({*content, *database.parts}):
        held, written = content.get(part, PartHash(0, 0)), database.parts.get(part, PartHash(0, 0))
        if held.rows != written.rows:
            what = f"the database holds {held.rows} rows of {part}, and {written.rows} were written"
        elif held.total != written.total:
            what = f"the database holds rows of {part} that differ from those written"
        else:
            continue
        findings.append(Finding(what, str(path), _REBUILD))
    return findings


def _file_fault(path: Path, size: int, expected: str) -> str:
    try:
        return "" if checksum_of(path, size) == expected else "has bytes that differ from those written"
    except FileNotFoundError:
        return "is missing"
    except UnusableFileError as error:
        return str(error)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
