"""RecBole's atomic files: delimited text whose header gives each field its type (Zhao et al., RecBole, CIKM 2021)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import head, refuse_other_encodings
from graphrec.loading.headers import first_cells

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from graphrec.loading.columns import Column
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.layout import Layout

TYPES = ("token", "token_seq", "float", "float_seq")
"""The types of fields: a text, texts, a number, numbers."""


@dataclass(frozen=True)
class AtomicFile:
    """An atomic file whose header was read.

    Attributes:
        path: the file.
        layout: how it is written.
        fields: one of ``TYPES`` by field, in the order of the header.
    """

    path: Path
    layout: Layout
    fields: Mapping[str, str]

    @classmethod
    def of(cls, path: Path, layout: Layout) -> AtomicFile:
        """Read the header of a file.

        Raises:
            InputError: the file is absent, empty or not in its encoding, its header is not one of ``field:type``, or a
                field stands twice.
        """
        refuse_other_encodings(layout.encoding, str(path))
        fields: dict[str, str] = {}
        for text in first_cells(path, head(path, layout.encoding), layout):
            name, _, kind = text.rpartition(":")
            if not name or ":" in name or kind not in TYPES:
                raise InputError(
                    f"{text[:60]!r} in the header is no FIELD:TYPE with a type of {', '.join(TYPES)}",
                    where=f"{path}, line 1",
                    remedy="Give each field its type; or say what separates columns, such as separator=,",
                )
            if name in fields:
                raise InputError(f"two fields are called {name!r:.60}", where=f"{path}, line 1", remedy="Rename one")
            fields[name] = kind
        return cls(path, layout, fields)

    def of_type(self, *types: str) -> list[str]:
        """Return the fields of these types, in the order of the header."""
        return [name for name, kind in self.fields.items() if kind in types]

    def without(self, names: Collection[str]) -> AtomicFile:
        """Return the file without some of its fields, which are then not read."""
        return replace(self, fields={name: kind for name, kind in self.fields.items() if name not in names})

    def require(self, name: str, *types: str) -> str:
        """Return the name of a field that must be there; raise InputError if it is not, or has another type."""
        kind = self.fields.get(name)
        if kind not in types:
            found = f"is {kind}, not {' or '.join(types)}" if kind else "is missing"
            header = ", ".join(f"{field}:{kind}" for field, kind in self.fields.items())
            raise InputError(
                f"the field {name!r:.60} {found}",
                where=f"{self.path}, line 1",
                remedy=f"Fields found: {header:.300}",
            )
        return name

    def read(self, columns: Sequence[Column], report: LoaderReport) -> pa.Table:
        """Return fields as columns of their names; raises what ``read_delimited`` does.

        Args:
            columns: named as the fields.
            report: receives the account of the file, in which columns are called as in the header.
        """
        as_written = [replace(column, name=f"{column.name}:{self.fields[column.name]}") for column in columns]
        table = read_delimited(self.path, as_written, report, self.layout)
        return table.rename_columns([column.name for column in columns])
