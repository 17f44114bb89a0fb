"""The right loader and the right path, where a loader fails and the files betray whose they are."""

from __future__ import annotations

import shlex
from itertools import islice
from typing import TYPE_CHECKING

from graphrec.loading.shipped import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_NEIGHBOURS = 1000
"""So many entries of a folder are looked at."""

_MOST_SHOWN = 3


def better_command(loader: str, path: Path) -> str:
    """Return a sentence with the command that fits the files; empty where nothing better is known.

    It is looked for at the path itself, in the folder above and among what lies in it. Files of another loader count
    above only where the path is one of them: beside a mistyped folder they mean nothing. Nothing is loaded; this is
    only said to the person who asked for another loader or path.

    Args:
        loader: the loader that failed.
        path: what it was given; it need not exist.
    """
    here = recognised(path)
    if loader in here:
        return ""  # the right files, with something wrong in them
    if here:
        return f"These look like files of {SHIPPED[here[0]].data}: {_commands([(here[0], path)])}"
    near = [(name, place) for place in _neighbours(path) for name in recognised(place)]
    own = [(name, place) for name, place in near if name == loader]
    chosen = own or [(name, place) for name, place in near if path.is_file() or place != _above(path)]
    if not chosen:
        return ""
    data = dict.fromkeys(SHIPPED[name].data for name, _ in chosen[:_MOST_SHOWN])
    return f"Files of {' and '.join(data)} lie a folder away: {_commands(chosen)}"


def recognised(path: Path) -> list[str]:
    """Return the names of the shipped loaders whose files lie at a path."""
    return [name for name, entry in SHIPPED.items() if any(signature.fits(path) for signature in entry.signatures)]


def _neighbours(path: Path) -> Iterator[Path]:
    """Yield the folder above, and what lies in the path if it is a folder."""
    yield _above(path)
    if path.is_dir():
        yield from sorted(islice(path.iterdir(), _MOST_NEIGHBOURS))


def _above(path: Path) -> Path:
    return path / ".." if path.name in ("", "..") else path.parent


def _commands(places: list[tuple[str, Path]]) -> str:
    return ", or ".join(f"graphrec load {name} {shlex.quote(str(place))}" for name, place in places[:_MOST_SHOWN])
