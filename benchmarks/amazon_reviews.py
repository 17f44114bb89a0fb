"""How much memory reviews take while they are read, in the format of Amazon 2023.

    python -m benchmarks.amazon_reviews [--reviews N] [--faulty]

Draws N reviews with texts of 600 signs, of N / 3 users and N / 30 products, and reads them without texts. ``--faulty``
ends the file with a line that is no object, so that all lines are read one by one. Prints the seconds of the processor,
Arrow's peak, and that of the whole process, which holds Python and Arrow too.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphrec.loaders.amazon import load

_AT_ONCE = 100_000
_TEXT = "so many words " * 43


def write_reviews(path: Path, n_reviews: int, *, faulty: bool, seed: int = 0) -> None:
    """Write drawn reviews."""
    rng = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, n_reviews, _AT_ONCE):
            n = min(_AT_ONCE, n_reviews - start)
            users = rng.integers(max(n_reviews // 3, 1), size=n).tolist()
            items = rng.integers(max(n_reviews // 30, 1), size=n).tolist()
            stars = rng.integers(1, 6, size=n).tolist()
            for place, (user, item, rating) in enumerate(zip(users, items, stars, strict=True), start):
                review = {
                    "rating": float(rating), "title": "x", "text": _TEXT, "images": [], "asin": f"B{item:09d}",
                    "parent_asin": f"B{item:09d}", "user_id": f"A{user:027d}",
                    "timestamp": 1_500_000_000_000 + 1000 * place, "helpful_vote": 0, "verified_purchase": True,
                }  # fmt: skip
                file.write(json.dumps(review) + "\n")
        if faulty:
            file.write("no object\n")


def main() -> None:
    """Print what reading costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reviews", type=int, default=1_000_000)
    parser.add_argument("--faulty", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "Drawn.jsonl"
        write_reviews(path, given.reviews, faulty=given.faulty)
        size, before, start = path.stat().st_size / 1e6, _peak(), time.process_time()
        loaded = load(path)
        seconds = time.process_time() - start
    print(f"{given.reviews:,} reviews, {size:,.0f} MB: {seconds:.1f} s of the processor")
    print(f"Arrow's peak {pa.default_memory_pool().max_memory() / 1e6:,.0f} MB, ", end="")
    print(f"the process {_peak():,.0f} MB, {before:,.0f} MB of them before")
    print(f"tables {sum(table.nbytes for table in loaded.tables.edges.values()) / 1e6:,.0f} MB")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
