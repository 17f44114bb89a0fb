"""VBPR, NeuMF, EFM and MTER of Cornac beside popularity and `ncf`, `vbpr` and `aspects` of graphrec.

    pip install cornac
    python -m benchmarks.cornac_peer [--data FOLDER] [--recipe counterfactual-training] [--out FOLDER]

Cornac 3.0.1 installs and runs beside graphrec with Python 3.11, NumPy 2.4, SciPy 1.17 and PyTorch 2.15; it is no part
of graphrec's dependencies. The checkout has to be installed with ``-e``: peers are rows of the recipe like any other,
so that one code cuts the parts, chooses settings, draws candidates and measures, for everyone.

Data and protocol are those of the recipe: Amazon Musical Instruments, its features of reviews without those of the test
part; three settings a row, chosen on the validation part; fits on all training pairs with three seeds; of each user one
pool of all test items and 100 negatives, the same for all rows. One thread.

Peers have Cornac's defaults and two further settings each; ``benchmarks.cornac_models`` says what they learn from. MTER
cannot have its default of 200,000 steps, three quarters of an hour a fit: its settings are how many it takes (20 and
1,000 were looked at too, on the validation part). EFM learns from ratings, and positives have 4 and 5 stars alone. With
``--recipe counterfactual-training`` everybody learns from reviews of training pairs alone, as EFM and MTER always do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphrec.reproduce.recipe import Recipe
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce

if TYPE_CHECKING:
    from graphrec.reproduce.engine import Step

OURS = ("popularity", "NCF", "VBPR", "aspects")
"""Rows of the recipe that the peers stand beside."""
PEERS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "Cornac's NeuMF": ("CornacNeuMF", [{}, {"num_epochs": 50}, {"reg": 1e-4}]),
    "Cornac's VBPR": ("CornacVBPR", [{}, {"profile": "tfidf"}, {"profile": "tfidf", "k": 64, "k2": 64}]),
    "Cornac's EFM": ("CornacEFM", [{}, {"alpha": 0.5}, {"num_most_cared_aspects": 100}]),
    "Cornac's MTER": ("CornacMTER", [{"max_iter": 200}, {"max_iter": 500}, {"max_iter": 2000}]),
}
"""Row to the class in ``benchmarks.cornac_models`` and the settings that it tries."""
TFIDF = {"name": "VBPR, tf-idf", "model": "vbpr", "fixed": {"profile": "tfidf"}}
"""Our VBPR with the other profile, which is among the settings of Cornac's; its trials are those of the recipe."""
METRICS = ["ndcg@10", "hit_rate@10"]


def with_peers(recipe: Recipe) -> Recipe:
    """Return a recipe of our rows and the peers, which shows their table and their settings."""
    ours = [{**recipe.row(name).model_dump(), "paper": {}} for name in OURS]
    ours.append({**TFIDF, "trials": recipe.row("VBPR").trials})
    peers = [
        {"name": name, "model": f"benchmarks.cornac_models:{kind}", "trials": trials}
        for name, (kind, trials) in PEERS.items()
    ]
    sections = [
        {"kind": "results_table", "title": "Beside Cornac", "metrics": METRICS},
        {"kind": "settings", "title": "Settings"},
    ]
    changed = {"rows": [*ours, *peers], "sections": sections, "reasons": [], "quick": None, "then": []}
    return Recipe.model_validate({**recipe.model_dump(), **changed})


def report_step(step: Step) -> None:
    """Print a job that ended."""
    outcome = step.outcome
    print(f"{step.done} of {step.total}: {outcome.job.label}, {outcome.seconds:.1f} s {outcome.failure}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of data sets, or of this one; GRAPHREC_DATA if left out")
    parser.add_argument("--recipe", default="counterfactual", help="whose data and protocol")
    parser.add_argument("--out", type=Path, help="where the report and all fits are kept; nowhere if left out")
    arguments = parser.parse_args()
    if find_spec("cornac") is None:
        sys.exit("the peers need the package 'cornac', which is not installed\nRun: pip install cornac")
    with tempfile.TemporaryDirectory() as folder:
        options = RunOptions(arguments.out or Path(folder), arguments.data)
        report = reproduce(with_peers(read_recipe(arguments.recipe)), options, watch=report_step)
        text = report.files["markdown"].read_text(encoding="utf-8")
    print(f"Cornac {version('cornac')}\n", text[text.index("## Beside Cornac") :], sep="\n")


if __name__ == "__main__":
    main()
