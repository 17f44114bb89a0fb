"""Yelp's files by what they hold, whether or not their names begin with ``yelp_academic_dataset_``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.files import require_folder

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"(yelp_academic_dataset_)?(?P<what>review|business|user|tip)\.json(\.gz)?")


@dataclass(frozen=True)
class YelpFiles:
    """Paths of the files; ``user`` and ``tip`` need not exist.

    Attributes:
        review: who gave which business how many stars, when and why.
        business: what is known of businesses.
        user: names and friends.
        tip: short advice.
    """

    review: Path
    business: Path
    user: Path
    tip: Path

    @classmethod
    def of(cls, folder: Path) -> YelpFiles:
        """Return the files of a folder.

        Raises:
            InputError: there is no such folder, it lacks the reviews or the businesses, or has a file twice.
        """
        found: dict[str, Path] = {}
        for file in sorted(require_folder(folder).iterdir()):
            match = _NAME.fullmatch(file.name)
            if match and match["what"] in found:
                names = f"{found[match['what']].name} and {file.name}"
                raise InputError(f"{names} hold the same", where=str(folder), remedy="Leave one in the folder")
            if match:
                found[match["what"]] = file
        for what in ("review", "business"):
            if what not in found:
                missing = f"there is neither yelp_academic_dataset_{what}.json nor {what}.json"
                raise InputError(
                    missing, where=str(folder), remedy="Give the folder of Yelp's JSON files, or their tar"
                )
        return cls(**{what: found.get(what, folder / f"{what}.json") for what in ("review", "business", "user", "tip")})


def is_wanted(name: str) -> bool:
    """Return whether a file of an archive is one of these."""
    return _NAME.fullmatch(name) is not None
