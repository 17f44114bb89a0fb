"""The Cypher texts of ``cypher/``: one file per query, read from the package or the checkout.

A file begins with ``// Title``; further comment lines say what it answers, and one ``// $name: meaning`` line
stands for each parameter. Where the engines cannot share one text, ``NAME.neo4j.cypher`` and
``NAME.ladybug.cypher`` stand side by side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from graphrec.errors import InputError, UsageError
from graphrec.resources import RESOURCES

if TYPE_CHECKING:
    from pathlib import Path

ENGINES = ("neo4j", "ladybug")
"""The two engines, as file names and ``Store.engine`` spell them."""

_SUFFIX = ".cypher"
_PARAMETER_LINE = re.compile(r"\$(\w+):\s*(\S.*)")
_QUOTED_OR_COMMENT = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`|//[^\r\n]*|/\*.*?\*/", re.DOTALL)
QUOTED = "`"
"""What ``bare`` puts in the place of everything in quotation marks or backticks."""


@dataclass(frozen=True)
class Query:
    """One Cypher text with its header.

    Attributes:
        name: its path below ``cypher/`` without endings, such as ``why/item``.
        title: the first line; Neo4j Browser shows it as the name of a favourite.
        doc: what it answers, from the header's further lines.
        parameters: names of its parameters, in the header's order; every run must give all of them.
        text: the Cypher alone.
        source: the whole file.
    """

    name: str
    title: str
    doc: str
    parameters: tuple[str, ...]
    text: str
    source: str


@cache
def load(name: str, engine: str) -> Query:
    """Return the query called ``name`` in the form that ``engine`` runs.

    Raises:
        UsageError: no engine or no query of that name.
        InputError: the file's header is not as it should be.
    """
    if engine not in ENGINES:
        raise UsageError(f"there is no engine {engine!r}", remedy=f"Engines: {', '.join(ENGINES)}")
    texts = _files()
    for file in (f"{name}.{engine}{_SUFFIX}", f"{name}{_SUFFIX}"):
        if file in texts:
            return parse(name, texts[file].read_text(encoding="utf-8"), file)
    raise UsageError(f"there is no query {name!r} for {engine}", remedy=f"Known queries: {', '.join(names())}")


def names(folder: str = "") -> tuple[str, ...]:
    """Return the names of all queries, or of those below ``folder``, in alphabetical order."""
    prefix = f"{folder}/" if folder else ""
    stems = {file.removesuffix(_SUFFIX).removesuffix(".neo4j").removesuffix(".ladybug") for file in _files()}
    return tuple(sorted(stem for stem in stems if stem.startswith(prefix) and not stem.startswith("schema/")))


def parse(name: str, source: str, file: str) -> Query:
    """Read one file's text.

    Args:
        name: the query's name.
        source: the text of the file.
        file: how errors name the file.

    Raises:
        InputError: no title, no Cypher, or parameters of header and Cypher that differ.
    """
    lines = source.splitlines()
    header = []
    for line in lines:
        if not line.startswith("//"):
            break
        header.append(line.removeprefix("//").strip())
    if not header or not header[0]:
        raise InputError("the query has no title", where=file, remedy="Begin the file with a line '// Title'")
    text = "\n".join(lines[len(header) :]).strip()
    if not text:
        raise InputError("the query has a header but no Cypher", where=file)
    matches = [(line, _PARAMETER_LINE.fullmatch(line)) for line in header[1:]]
    declared = tuple(match.group(1) for _, match in matches if match)
    used = used_parameters(text)
    if set(declared) != used:
        odd = sorted(set(declared) ^ used)[0]
        state = "used but not described" if odd in used else "described but not used"
        raise InputError(f"parameter ${odd} is {state}", where=file, remedy=f"A header line reads '// ${odd}: meaning'")
    doc = " ".join(line for line, match in matches if not match and line)
    return Query(name, header[0], doc, declared, text, source)


def used_parameters(text: str) -> set[str]:
    """Return the names of the parameters in a Cypher text; a dollar in quotes or a comment is none."""
    return set(re.findall(r"\$(\w+)", bare(text)))


def bare(text: str) -> str:
    """Return a Cypher text without its comments, with ``QUOTED`` for what stands in quotation marks or backticks."""
    return _QUOTED_OR_COMMENT.sub(lambda found: " " if found[0][0] == "/" else f" {QUOTED} ", text)


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    files: dict[str, Path] = {}
    _collect(RESOURCES / "cypher", "", files)
    return files


def _collect(folder: Path, prefix: str, files: dict[str, Path]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _collect(entry, f"{prefix}{entry.name}/", files)
        elif entry.name.endswith(_SUFFIX):
            files[prefix + entry.name] = entry
