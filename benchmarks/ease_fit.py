"""Fitting EASE beside its bound: the Gram matrix of the items that somebody took, and its inverse, nothing else.

    python -m benchmarks.ease_fit [--data FOLDER] [--runs 5]

MovieLens 1M, one thread, seconds of the processor, in double and in single precision, interleaved.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg

import graphrec as gr
from benchmarks.movielens import data_folder
from graphrec.loaders import movielens

if TYPE_CHECKING:
    from collections.abc import Callable

REG = 300.0


def bare(dataset: gr.Dataset, precision: str) -> None:
    """Invert the Gram matrix of the items that somebody took."""
    taken = dataset.positives.csr(np.dtype(precision))
    some = taken[:, np.unique(dataset.positives.indices)]
    gram = (some.T.tocsr() @ some).toarray()
    gram[np.diag_indices(len(gram))] += REG
    factorise, invert = linalg.lapack.get_lapack_funcs(("potrf", "potri"), (gram,))
    factor, _ = factorise(gram.T, lower=True, overwrite_a=True)
    invert(factor, lower=True, overwrite_c=True)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor's time of some work."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # NumPy's threads are counted before it is imported
        alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.ease_fit", *sys.argv[1:]], alone)
    loaded = movielens.load(arguments.data, dbpedia=False)
    dataset = gr.Dataset.from_tables(loaded.tables, loaded.info, positive_if="rating>=3")
    gr.models.EASE(reg=REG).fit(dataset)  # what the data computes once
    for precision in ("float64", "float32"):
        pairs = [
            (
                seconds(lambda: gr.models.EASE(reg=REG, precision=precision).fit(dataset)),  # noqa: B023
                seconds(lambda: bare(dataset, precision)),  # noqa: B023
            )
            for _ in range(arguments.runs)
        ]
        fit, bound = (median(pair[place] for pair in pairs) for place in (0, 1))
        ratio = median(fit / bound for fit, bound in pairs)
        print(f"{precision}: fit {fit:.2f} s, bound {bound:.2f} s, fit / bound {ratio:.2f}", flush=True)


if __name__ == "__main__":
    main()
