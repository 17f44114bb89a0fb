"""Why was this recommended? Reasons in words, as paths, as a graph object, in a notebook, and as a page."""

from graphrec.answers.answer import Node, Reason, Why
from graphrec.answers.fetch import fetch_list, fetch_why
from graphrec.answers.from_tables import whys_from_tables
from graphrec.answers.why_list import WhyList

__all__ = ["Node", "Reason", "Why", "WhyList", "fetch_list", "fetch_why", "whys_from_tables"]
