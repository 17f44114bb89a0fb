"""Ids that begin with ``-``, which look like options: they come after ``--``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.wording import readable

if TYPE_CHECKING:
    from collections.abc import Sequence


def split_at_dashes(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what stands before ``--``, where options are, and ``--`` with all that follows, which is ids and files."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    return list(arguments[:place]), list(arguments[place:])


def of_an_id(error: BaseException | None, arguments: Sequence[str]) -> str:
    """Return a hint for a refused option that may be an id; empty where it cannot be one.

    Args:
        error: what the parser of the command line raised.
        arguments: of the command.
    """
    option, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    if not option or context is None:
        return ""
    takes = [param for param in context.command.params if param.param_type_name == "argument"]
    typed = next((argument for argument in arguments if argument.startswith(option)), option)
    if not takes or typed.startswith("--"):
        return ""
    shown = readable(typed, 60)
    names: list[str] = []
    while context.parent is not None:
        names.insert(0, context.info_name)
        context = context.parent
    line = " ".join(["graphrec", *names, "--", shown])
    return f"If {shown!r} is an id or a file, put -- in front of it, and options before that: {line}"
