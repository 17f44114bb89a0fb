"""Which field of an atomic file has which role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.atomic.file import AtomicFile
    from graphrec.loading.contract import LoaderReport


@dataclass(frozen=True)
class InteractionFields:
    """The fields of interactions that have a role; empty where there is none.

    Attributes:
        user: ids of users, tokens.
        item: ids of items, tokens.
        rating: numbers.
        weight: numbers, such as counts of plays.
        timestamp: numbers or texts.
    """

    user: str
    item: str
    rating: str
    weight: str
    timestamp: str

    @classmethod
    def of(
        cls, file: AtomicFile, report: LoaderReport, *, user: str, item: str, rating: str, timestamp: str
    ) -> InteractionFields:
        """Choose fields; arguments are their names, or empty for ``user_id``, ``item_id``, ``rating``, ``timestamp``.

        Raises:
            InputError: a named field is missing, or a field has a type that its role cannot have.
        """

        def optional(name: str, usual: str, *types: str) -> str:
            return file.require(name or usual, *types) if name or usual in file.fields else ""

        users, items = id_fields(file, {"user_id": user, "item_id": item}, report)
        return cls(
            users,
            items,
            optional(rating, "rating", "float"),
            optional("", "weight", "float"),
            optional(timestamp, "timestamp", "float", "token"),
        )

    @property
    def all(self) -> set[str]:
        """The names of these fields."""
        return {self.user, self.item, self.rating, self.weight, self.timestamp}


def id_fields(file: AtomicFile, names: Mapping[str, str], report: LoaderReport) -> list[str]:
    """Return the fields of ids: the named ones, those with the usual names, or else tokens in their order.

    Args:
        file: whose fields.
        names: by usual name, in the order in which RecBole describes the file; empty where none is given.
        report: receives a remark on every field that was chosen by its place.

    Raises:
        InputError: a named field is missing, one is no token, or there are not enough tokens.
    """
    chosen = {
        usual: file.require(name or usual, "token") for usual, name in names.items() if name or usual in file.fields
    }
    free = [field for field in file.of_type("token") if field not in chosen.values()]
    for usual in names:
        if usual not in chosen:
            chosen[usual] = free.pop(0) if free else file.require(usual, "token")
            report.remarks.append(
                f"{file.path.name}: no field is called {usual!r}, and {chosen[usual]!r} stands at its place"
            )
    return [chosen[usual] for usual in names]


def name_field(file: AtomicFile, kind: str) -> str:
    """Return the field that names users or items, or nothing.

    It is the first of these that is there, a token or a sequence of tokens: ``title``, ``name``, of items one that ends
    in ``_title``, and ``item_name`` or ``user_name``.

    Args:
        file: whose fields.
        kind: ``item`` or ``user``.
    """
    texts = file.of_type("token", "token_seq")
    titles = [text for text in texts if kind == "item" and text.endswith("_title")]
    return next((name for name in ("title", "name", *titles, f"{kind}_name") if name in texts), "")
