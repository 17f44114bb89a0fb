"""A recommendation with its reasons that prints itself, draws itself and becomes a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphrec.answers import notebook, sentences
from graphrec.answers.answer import Answer
from graphrec.answers.networkx_graph import why_graph

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class Why(Answer):
    """One recommendation with its reasons, the supporting ones first; attributes as ``Answer`` has them.

    It prints as text, and shows itself in a notebook.
    """

    def graph(self) -> nx.MultiDiGraph[Any]:
        """Return the paths from the user through the reasons to the item, as ``networkx_graph.why_graph`` does."""
        return why_graph(self)

    def __str__(self) -> str:
        return sentences.warned(self, sentences.block(self))

    def _repr_html_(self) -> str:
        return notebook.why_cell(self)
