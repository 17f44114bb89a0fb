"""No circle of files, wherever an import stands: at the top, in a function, or for types alone."""

from __future__ import annotations

import networkx as nx
import pytest

MOST_IN_A_CIRCLE = 2
"""Two types that know each other may."""


def test_no_circle_of_files() -> None:
    grimp = pytest.importorskip("grimp", reason="the extra 'dev' is not installed")
    graph = grimp.build_graph("graphrec")
    imports = nx.DiGraph(
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if module != imported
    )
    circles = [sorted(circle) for circle in nx.strongly_connected_components(imports) if len(circle) > 1]
    assert [circle for circle in circles if len(circle) > MOST_IN_A_CIRCLE] == []
    assert len(circles) <= 1, circles
