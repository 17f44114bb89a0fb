"""One list of features for everybody, beside Table 3 of "From Intrinsic to Counterfactual" (printed form, k = 10).

    python -m benchmarks.feature_lists [--data FOLDER]

The truth is each user's given profile. The list is that of the features that most users mention; beside it stand a list
by chance, and the best of NAR, CAR and CNR as the paper prints them. Everything is from ``user_feature.csv`` of
``amazon-2014-features``; sets that are not there are left out.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from graphrec.dataset.dataset import Dataset
from graphrec.evaluation.explanations.feature_agreement import agreement, lists_of
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.evaluation.explanations.feature_truth import printed_features
from graphrec.loaders.amazon import load

PRINTED = {
    "musical-instruments": (0.2028, 0.3124),
    "instant-video": (0.2204, 0.3417),
    "digital-music": (0.3437, 0.5821),
    "beauty": (0.2286, 0.3416),
    "clothing": (0.2365, 0.3302),
}
"""The best F1 and NDCG of the paper's Table 3, of whichever model, by the folder of the data set."""


def measured(folder: Path, method: str) -> tuple[float, float]:
    """Return the mean of F1@10 and NDCG@10 over the users of a data set with given profiles.

    Args:
        folder: with ``positives.csv`` and ``user_feature.csv``.
        method: registered name.
    """
    loaded = load(folder)
    data = Dataset.from_tables(loaded.tables, loaded.info)
    users = np.arange(len(data.users))
    cases = FeatureCases.of_users(data, users.astype(np.int32), users)
    values = agreement(lists_of(make_method({"method": method}), cases), printed_features(data)).values
    return float(values["f1@10"].mean()), float(values["ndcg@10"].mean())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("GRAPHREC_DATA", "data"), help="folder of data sets")
    base = Path(parser.parse_args().data) / "amazon-2014-features"
    print("| data | Random F1 / NDCG | one list for all F1 / NDCG | best of the paper F1 / NDCG |\n|---|---|---|---|")
    for name, best in PRINTED.items():
        if (base / name).is_dir():
            cells = [measured(base / name, method) for method in ("random", "popularity")]
            told = " | ".join(f"{f1:.4f} / {ndcg:.4f}" for f1, ndcg in (*cells, best))
            print(f"| {name} | {told} |")


if __name__ == "__main__":
    main()
