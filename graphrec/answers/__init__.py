"""Why was this recommended? Reasons in words, as paths, as a graph object, in a notebook, and as a page."""

from graphrec.lazy_names import lazy_names

_HOMES = {
    "Node": "graphrec.answers.answer",
    "Reason": "graphrec.answers.answer",
    "WhatIf": "graphrec.answers.whatif",
    "Why": "graphrec.answers.why",
    "WhyList": "graphrec.answers.why_list",
    "WhyNot": "graphrec.answers.why_not",
    "fetch_list": "graphrec.answers.fetch",
    "fetch_why": "graphrec.answers.fetch",
    "whys_from_tables": "graphrec.answers.from_tables",
}
"""Where each name is defined; ``__init__.pyi`` says the same. A what-if does not wait for NetworkX and pandas."""

__all__ = list(_HOMES)

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
