"""Options that say how a data set is replaced, which mean nothing where none is."""

from __future__ import annotations

from graphrec.errors import UsageError


def refuse_without_replace(replace: bool, **meant_for_it: bool) -> None:
    """Raise UsageError where an option that says how to replace is given, and nothing is replaced."""
    given = [name for name, is_given in meant_for_it.items() if is_given]
    if given and not replace:
        option = f"--{given[0].replace('_', '-')}"
        raise UsageError(
            f"{option} says how a data set is replaced, and this load replaces nothing",
            remedy=f"Give --replace too, in Python replace=True; or leave out {option}",
        )
