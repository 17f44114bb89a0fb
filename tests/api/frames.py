"""A shop in two frames, small enough to work out by hand."""

from __future__ import annotations

import pandas as pd

import graphrec as gr

RATINGS = pd.DataFrame(
    {
        "userId": [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5],
        "movieId": [10, 20, 30, 10, 20, 20, 30, 10, 40, 10, 20, 40],
        "rating": [5, 4, 3, 5, 4, 4, 5, 4, 5, 5, 3, 4],
    }
)
MOVIES = pd.DataFrame(
    {
        "movieId": [10, 20, 30, 40],
        "title": ["Alien", "Blade Runner", "Casablanca", "Dune"],
        "genres": ["horror|sf", "sf", "drama", "sf"],
    }
)
COLUMNS = {
    "user": "userId",
    "item": "movieId",
    "rating": "rating",
    "items": MOVIES,
    "item_name": "title",
    "item_attributes": {"genres": "|"},
    "verb": "watched",
    "name": "movies",
}


def films() -> gr.Dataset:
    """Return the data set of the frames."""
    return gr.Dataset.from_pandas(RATINGS, **COLUMNS)
