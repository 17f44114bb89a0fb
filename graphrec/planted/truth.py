"""The truth of planted data: the reason of every interaction, and the possible reasons of any other.

One table holds it all, in ids, so that it outlives the numbering of any model. ``part`` says what a row is:

- ``interaction``: ``user`` took ``item`` for a reason of ``kind`` (attribute, entity, item or co_purchase, or noise);
  the reason is the node ``evidence`` of the label ``label``, both null for noise.
- ``follow``: ``user`` likes the attribute, or follows the entity, ``evidence``; ``through`` is the user's own attribute
  that this taste comes from, or null.
- ``link``: ``item`` carries the attribute, or is linked to the entity, or is the sequel of the item, ``evidence``; or
  it is in the bundle of number ``through``.
- ``taste``: ``user`` states a taste of the attribute ``evidence``; ``kind`` is ``like`` or ``dislike``.
- ``driver``: what ``user`` takes items for is the value ``evidence`` of the kind of attribute ``kind``.
- ``same``: the entity ``evidence`` stands for the same thing as the attribute ``through``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from graphrec import own_kinds
from graphrec.bounded_parquet import read_texts
from graphrec.errors import InputError
from graphrec.own_kinds import TRUTH_NOTE
from graphrec.whole_file import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

TRUTH = pa.schema([(name, pa.string()) for name in ("part", "user", "item", "kind", "label", "evidence", "through")])
"""Columns of the table."""

_DATA = b"graphrec.planted.data"
_ROWS_A_BYTE = 64


@dataclass(frozen=True, eq=False)
class Truth:
    """The true reasons of planted data.

    Attributes:
        table: columns as in ``TRUTH``.
        settings: JSON of the settings it was planted with, or empty.
        data: fingerprint of the stored data, or empty before it is stored.
    """

    table: pa.Table
    settings: str = ""
    data: str = ""

    def save(self, path: Path) -> None:
        """Write the truth as Parquet; the file appears whole or not at all.

        Raises:
            InputError: the path is a folder, its folder is not there, or a file is there that is no such table.
            OSError: the system refuses it: no permission, a full disk.
        """
        noted = self.table.replace_schema_metadata({TRUTH_NOTE: self.settings.encode(), _DATA: self.data.encode()})
        with whole_file(path, own_kinds.TRUTH) as draft:
            pq.write_table(noted, draft)

    @classmethod
    def load(cls, path: Path) -> Truth:
        """Read a truth; raise InputError if the file is not there, or not one."""
        if not path.is_file():
            raise InputError("there is no such file", where=str(path), remedy="graphrec plant --truth FILE writes one")
        try:
            table, noted = read_texts(path, TRUTH.names, _ROWS_A_BYTE)
            table = table.select(TRUTH.names)
            settings, data = (noted.get(name, b"").decode() for name in (TRUTH_NOTE, _DATA))
        except (OSError, KeyError, ValueError, pa.ArrowException) as error:
            raise InputError(
                f"this is not a table of planted truth: {str(error).rstrip('.'):.200}",
                where=str(path),
                remedy="graphrec plant --truth FILE writes one",
            ) from error
        return cls(table.cast(TRUTH), settings, data)


def settings_text(config: BaseModel) -> str:
    """Return settings as JSON, the same text for the same settings."""
    return json.dumps(config.model_dump(), sort_keys=True)


def truth_table(*parts: pa.Table) -> pa.Table:
    """Return parts under one another; a column that a part does not have is null.

    Args:
        parts: tables with ``part`` and some more columns of ``TRUTH``, as text or dictionaries.
    """
    return pa.concat_tables(
        pa.table(
            [
                part[name].cast(pa.string()) if name in part.column_names else pa.nulls(part.num_rows, pa.string())
                for name in TRUTH.names
            ],
            schema=TRUTH,
        )
        for part in parts
    )
