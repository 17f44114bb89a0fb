"""The data of a recipe: whose they are, what of them is kept, and how many the paper has."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from graphrec.reproduce.strict import Strict, require_below

Counted = Literal["users", "items", "interactions"]
"""What is counted of data."""


class Data(Strict):
    """Origin of the data.

    Attributes:
        name: what people call it.
        loader: as ``graphrec load`` knows it.
        folder: looked for under ``--data``, or what ``--data`` itself names.
        files: what has to lie in that folder.
        optional: files that are used where they lie there, and what for.
        options: of the loader.
        paths: options of the loader that name files or folders, by their place below the folder of data, where
            ``folder`` lies too; they have to be there.
        keep: what is kept of it, steps of ``graphrec.dataset.filtering.filter_dataset`` in their order; the file of
            ``pairs`` by its place below the folder of data.
        printed: how many ``users``, ``items`` and ``interactions`` the paper has, to stand beside what is kept here.
        differs: why these are not the numbers here.
        source: address of the owner's page.
        about: how to get from there to the folder.
    """

    name: str
    loader: str
    folder: str
    files: tuple[str, ...] = Field(min_length=1)
    optional: dict[str, str] = Field(default_factory=dict)
    options: dict[str, Any] = Field(default_factory=dict)
    paths: dict[str, str] = Field(default_factory=dict)
    keep: tuple[dict[str, Any], ...] = ()
    printed: dict[Counted, int] = Field(default_factory=dict)
    differs: str = ""
    source: str
    about: str = ""

    @model_validator(mode="after")
    def _stays_below(self) -> Data:
        require_below((self.folder, *self.files, *self.optional, *self.paths.values(), *self.pairs))
        return self

    @property
    def pairs(self) -> tuple[str, ...]:
        """Files that steps of ``keep`` name, by their place below the folder of data."""
        return tuple(str(step["pairs"]) for step in self.keep if "pairs" in step)
