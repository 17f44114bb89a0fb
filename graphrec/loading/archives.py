"""Tar archives: the files that a loader needs are unpacked for as long as it reads them."""

from __future__ import annotations

import shutil
import tarfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphrec.loading.contract import LoaderReport


def is_tar(path: Path) -> bool:
    """Return whether a path is a tar archive, plain or compressed."""
    return path.is_file() and tarfile.is_tarfile(path)


@contextmanager
def unpacked(path: Path, wanted: Callable[[str], bool], report: LoaderReport) -> Iterator[Path]:
    """Unpack the wanted files of a tar archive into a folder that is removed afterwards.

    Only the last part of a member's name counts, so that nothing is written elsewhere, and links are left out. Errors
    and accounts name the archive in place of the folder.

    Args:
        path: the archive.
        wanted: says of the name of a file, without its folder, whether it is needed.
        report: accounts of files that are added meanwhile are told as of the archive.

    Yields:
        The folder.

    Raises:
        InputError: the archive is damaged, two wanted files have one name, or there is no room to unpack.
    """
    with TemporaryDirectory(prefix="graphrec-") as name:
        folder, before = Path(name), len(report.files)
        try:
            _unpack(path, folder, wanted)
            yield folder
        except InputError as error:
            raise InputError(error.what, where=error.where.replace(name, str(path)), remedy=error.remedy) from error
        finally:
            for account in report.files[before:]:
                account.path = account.path.replace(name, str(path))


def _unpack(path: Path, folder: Path, wanted: Callable[[str], bool]) -> None:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                file = folder / Path(member.name).name
                if not member.isfile() or not wanted(file.name):
                    continue
                if file.exists():
                    raise InputError(f"two files in the archive are called {file.name}", where=str(path))
                if member.size > shutil.disk_usage(folder).free:
                    remedy = "Unpack the archive where there is room, and give the folder"
                    raise InputError(
                        f"there is no room for {file.name} in {folder.parent}", where=str(path), remedy=remedy
                    )
                source = archive.extractfile(member)
                if source is not None:
                    with source, file.open("xb") as target:
                        shutil.copyfileobj(source, target, 1 << 20)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        remedy = "Fetch it again; test it with: tar -tf FILE"
        raise InputError("the archive is damaged or ends early", where=str(path), remedy=remedy) from error
    except OSError as error:
        raise InputError(f"the archive cannot be unpacked: {error.strerror or error}", where=str(path)) from error
