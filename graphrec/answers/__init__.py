"""Why was this recommended? Reasons as words, as paths in the terminal, as a graph object, and as one page."""

from graphrec.answers.answer import Node, Reason, Why
from graphrec.answers.fetch import fetch_list, fetch_why

__all__ = ["Node", "Reason", "Why", "fetch_list", "fetch_why"]
