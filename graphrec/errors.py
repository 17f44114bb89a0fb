"""The exceptions of graphrec, all of one base class.

A message answers three questions: what was wrong, where (file, line, id), and what to do about it.
The command prints exactly that and exits with the class's ``exit_code``; a traceback is shown only when asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable


class GraphrecError(Exception):
    """The base class of graphrec's exceptions.

    Args:
        what: what was wrong, one sentence without a trailing full stop.
        where: the file, line, column, id or address it was found at; empty when there is none.
        remedy: what the reader can do; empty when nothing can be done.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        place = f" ({where})" if where else ""
        mend = f". {remedy}" if remedy else ""
        super().__init__(f"{what}{place}{mend}")

    def __reduce__(self) -> tuple[Callable[..., GraphrecError], tuple[type[GraphrecError], str, str, str]]:
        """Return how another process makes the same error, whatever its class takes to be made."""
        return _made_again, (type(self), self.what, self.where, self.remedy)


def _made_again(kind: type[GraphrecError], what: str, where: str, remedy: str) -> GraphrecError:
    error = kind.__new__(kind)
    GraphrecError.__init__(error, what, where=where, remedy=remedy)
    return error


class UsageError(GraphrecError):
    """The request itself makes no sense: an unknown name, an option out of its range."""

    exit_code = 2


class InputError(GraphrecError):
    """A file or table that was handed in cannot be used as it is."""

    exit_code = 3


class SchemaError(InputError):
    """A table, label, relationship type or property does not fit the schema."""


class UnknownIdError(InputError):
    """An id of a user, item, run or model that does not exist."""


class StoreError(GraphrecError):
    """A store could not do what was asked of it."""

    exit_code = 4


class StoreUnavailableError(StoreError):
    """The store cannot be reached: wrong address, server down, wrong password, no such database."""


class StoreLockedError(StoreError):
    """Another process holds the store."""

    exit_code = 5


class StoreDamagedError(StoreError):
    """The store's content is not what was written to it."""

    exit_code = 6


class ModelError(GraphrecError):
    """A model cannot be trained, loaded or applied."""

    exit_code = 7


class UntrueRunError(GraphrecError):
    """An audit found that a run says something false."""

    exit_code = 9


class MissingExtraError(GraphrecError):
    """An optional package is absent.

    Args:
        package: the import name that was not found.
        extra: the graphrec extra that installs it; empty for a package that has none.
        purpose: what it was needed for.
    """

    exit_code = 8

    def __init__(self, package: str, *, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package '{package}', which is not installed",
            remedy=f"Run: pip install 'graphrec[{extra}]'" if extra else f"Run: pip install {package}",
        )
