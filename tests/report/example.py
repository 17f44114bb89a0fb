"""A report with one of everything, and names that mean something to Markdown and HTML."""

from __future__ import annotations

from graphrec.report import (
    Band,
    Column,
    Densities,
    Drawing,
    Figure,
    Finding,
    Heading,
    Interval,
    Lines,
    Points,
    Report,
    Spread,
    Table,
    Text,
)

EVIL = "a|b *c* <script>document.title='hacked'</script> [x](y)"
NAN = float("nan")

RESULTS = Table(
    "results",
    (Column("row"), Column("recall@50", digits=4), Column("difference", "points", 2, signed=True), Column("n")),
    (
        ("EASE", Spread(0.37761, 0.00189, 5), None, 5),
        (EVIL, Spread(0.38904, 0.00061, 5), Interval(1.143, 0.93, 1.35), 5),
        ("nothing", NAN, -0.001, 0),
    ),
    "What a table holds.",
    frozenset({1}),
)
LINES = Figure(
    "curves",
    Lines(
        "k, reasons removed",
        "Δŷ [score]",
        (
            Band("LRP", (1, 2, 3), (-1, -2, -3), (-1.5, -2.5, -3.5), (-0.5, -1.5, -2.5)),
            Band("Random", (1, 2, 3), (0, 0, 0)),
        ),
    ),
    "Curves with a band.",
)
POINTS = Figure(
    "points", Points("recall@50", ("EASE", EVIL), (0.37, 0.38), (0.36, 0.37), (0.38, 0.39), (None, 0.35)), "Points."
)
DENSITIES = Figure(
    "densities", Densities("Δŷ [score]", (("top 1", (-2.0, -1.0, -1.5)), ("random 1", (-0.1, 0.0, 0.1)))), "Two."
)
DRAWING = Drawing(
    "sankey",
    '<svg viewBox="0 0 960 60" xmlns="http://www.w3.org/2000/svg"><style>.item { color: #2f6db5; }</style>'
    '<g class="strand item">'
    '<rect class="bar" width="9" height="9"/><text class="name" x="20" y="20">Alien</text></g></svg>',
    "A drawing.",
    {"shares": [0.5, NAN]},
)

REPORT = Report(
    "A report of & for <people>",
    "First paragraph.",
    {"command": "`graphrec reproduce reconet`", "data": "MovieLens"},
    (
        Heading("Table 1"),
        Text("Plain text with `code|x` and a * star."),
        RESULTS,
        Finding("RecoNet is above", met=True),
        Finding("EASE is not", met=False),
        Finding("Simply so"),
        Heading("Figures"),
        Heading("A part", 3),
        LINES,
        POINTS,
        DENSITIES,
        DRAWING,
    ),
)
