"""Places for the nodes of a why-graph."""

from __future__ import annotations

from graphrec.browser.arrange import DrawnNode, arrange

NODES = [
    DrawnNode(*pair)
    for pair in (("u", "User"), ("j", "Item"), ("a", "Attribute"), ("r", "Recommendation"), ("i", "Item"))
]
LINKS = [("u", "j"), ("j", "a"), ("a", "r"), ("u", "r"), ("r", "i")]


def test_a_path_reads_from_left_to_right() -> None:
    places = arrange(NODES, LINKS)
    assert [places[node][0] for node in ("u", "j", "a", "r", "i")] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert all(0 <= y <= 1 for _, y in places.values())


def test_no_two_nodes_share_a_place_and_no_arrow_runs_through_a_node() -> None:
    """u → r passes the columns of j and a: on a straight line it must miss them both."""
    more = [DrawnNode(f"a{n}", "Attribute") for n in range(4)]
    places = arrange(NODES + more, LINKS + [(f"a{n}", "r") for n in range(4)] + [("j", f"a{n}") for n in range(4)])
    assert len(set(places.values())) == len(NODES) + 4
    (left, start), (right, stop) = places["u"], places["r"]
    for node in ("j", "a", "a0", "a1", "a2", "a3"):
        x, y = places[node]
        assert abs(start + (stop - start) * (x - left) / (right - left) - y) > 0.05


def test_the_same_seed_gives_the_same_picture() -> None:
    assert arrange(NODES, LINKS, seed=3) == arrange(NODES, LINKS, seed=3)
