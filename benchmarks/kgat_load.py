"""How long a folder in KGAT's format takes to read and to load, of the size of its Amazon-book.

    python -m benchmarks.kgat_load [--folder FOLDER]

Without FOLDER the data is drawn: 70,679 users, 24,915 items, about 850,000 interactions, 2,557,746 triples over 113,487
entities and 39 relations, with lists of original ids. Prints the seconds of the processor and the peak of memory.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from graphrec.loading.registry import read
from graphrec.store.opening import open_store

SIZES = {"user": 70_679, "item": 24_915, "entity": 113_487, "relation": 39}
TRIPLES = 2_557_746
MEANS = {"train.txt": 9.2, "test.txt": 2.7}


def write_folder(folder: Path, seed: int = 0) -> Path:
    """Write a drawn data set."""
    rng = np.random.default_rng(seed)
    for name, mean in MEANS.items():
        lengths = np.maximum(rng.poisson(mean, SIZES["user"]), 1)
        items = np.split(rng.integers(SIZES["item"], size=lengths.sum()).astype(str), np.cumsum(lengths)[:-1])
        lines = [f"{user} {' '.join(taken)}\n" for user, taken in enumerate(items)]
        folder.joinpath(name).write_text("".join(lines), encoding="utf-8")
    columns = [rng.integers(SIZES[kind], size=TRIPLES) for kind in ("entity", "relation", "entity")]
    np.savetxt(folder / "kg_final.txt", np.column_stack(columns), fmt="%d")
    for kind, number in SIZES.items():
        rows = [f"{kind}-{place} {place}\n" for place in range(number)]
        folder.joinpath(f"{kind}_list.txt").write_text("".join(["org_id remap_id\n", *rows]), encoding="utf-8")
    return folder


def main() -> None:
    """Print what reading and loading cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as place:
        folder = given or write_folder(Path(place))
        start = time.process_time()
        loaded = read("kgat", folder)
        print(f"read: {time.process_time() - start:.1f} s of the processor, peak {_peak():,.0f} MB")
        start, wall = time.process_time(), time.perf_counter()
        with open_store(str(Path(place) / "store")) as store:
            summary = store.load(loaded.tables, loaded.info)
        print(
            f"load: {time.process_time() - start:.1f} s of the processor, {time.perf_counter() - wall:.1f} s, ", end=""
        )
        print(f"peak {_peak():,.0f} MB")
        print(*(f"{count:,} {kind}" for kind, count in summary.rows.items() if count), sep="\n")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
