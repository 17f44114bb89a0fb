"""The shipped queries as one file that Neo4j Browser imports as folders of favourites.

``python -m graphrec.browser.favourites FILE.zip`` writes it. The Browser names a favourite by its first line, and
makes a folder of each folder in the file.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

from graphrec import queries
from graphrec.errors import UsageError
from graphrec.resources import RESOURCES
from graphrec.wording import readable

FOLDERS = {"why": "graphrec: why", "analyst": "graphrec: analyst", "audit": "graphrec: audit"}
"""Folders of ``cypher/`` that are included, and their names in the Browser."""

PARAMETERS = (
    "// First: say who and what (then run any query beside this one)\n"
    ":params {user: '1', item: '1', run: '', before: '', factor: '', cluster: '', strongest: 3, "
    "segment: 'user.gender=F', share: 0.5, protected: ['gender'], property: 'rating', low: 1, high: 2}\n"
)
"""A Browser command, not Cypher: it gives every parameter of the shipped queries a value to be edited."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


def style(verb: str = "") -> str:
    """Return the Browser style: colours by label, names on nodes, shares on ``EXPLAINS``. It is JSON.

    Args:
        verb: of the data set, such as ``watched``, to stand on ``INTERACTED``; empty for the type's own name.
    """
    shipped = (RESOURCES / "cypher" / "browser" / "graphrec.grass").read_text(encoding="utf-8")
    caption = re.sub(r"[{}<>]", "", readable(verb))  # in a caption these stand for properties
    if not caption:
        return shipped
    rules = json.loads(shipped)
    rules["relationship.INTERACTED"] = {**rules["relationship"], "caption": caption}
    return json.dumps(rules, ensure_ascii=False, indent=2) + "\n"


def favourites() -> dict[str, str]:
    """Return the text of every favourite by its path in the file."""
    texts = {}
    for folder, title in FOLDERS.items():
        texts[f"{title}/0 parameters.cypher"] = PARAMETERS
        for name in queries.names(folder):
            texts[f"{title}/{name.rpartition('/')[2]}.cypher"] = queries.load(name, "neo4j").source
    return texts


def write_favourites(path: Path) -> int:
    """Write the favourites to ``path``, byte for byte the same each time; return how many there are.

    Raises:
        UsageError: the name does not end in ``.zip``, without which the Browser would not unpack it.
    """
    if path.suffix != ".zip":
        raise UsageError("the favourites must be a .zip file", where=str(path))
    texts = favourites()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text)
    return len(texts)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m graphrec.browser.favourites FILE.zip")
    sys.stdout.write(f"{write_favourites(Path(sys.argv[1]))} favourites in {sys.argv[1]}\n")
