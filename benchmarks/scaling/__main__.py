"""How the cost of every stage grows with interactions, and with items: time of the processor and peak memory.

    python -m benchmarks.scaling [--data ML1M] [--times 1 4 16 64] [--spread 1 16 64 270] [--at 4] [--out scaling.json]

MovieLens 1M is expanded so that it keeps its shape (``benchmarks/scaling/data.py``). Each stage runs in a process of
its own, and finds what an earlier one left. Slopes are told from four times the smallest size on, since fixed costs
hide growth below. ``--stages`` names some; ``--again`` tells the slopes of an earlier ``--out`` and draws them.
Bars: a slope of 1.1 at most; load, read and split at 64 million under 12 GB, and within 1.2 × of linear.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.movielens import data_folder
from benchmarks.scaling.data import expand
from benchmarks.scaling.measurements import Measurement, read, summary, written
from benchmarks.scaling.registry import Bench
from benchmarks.scaling.stages import STAGES

MILLION, MOVIES = 1_000_000, 3_706


def sizes_of(data: Path) -> tuple[int, int]:
    """Return the interactions and the items of expanded data."""
    parts = (data / "interactions").glob("*.parquet")
    return sum(pq.read_metadata(part).num_rows for part in parts), pq.read_metadata(data / "items.parquet").num_rows


def run_alone(name: str, data: Path, work: Path) -> tuple[dict[str, float], str]:
    """Run a stage in a process of its own; return what it cost, or the last line of what it said."""
    command = [sys.executable, "-m", "benchmarks.scaling", "--stage", name, "--data", str(data), "--work", str(work)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        return {}, said
    cost: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return cost, ""


def main() -> None:
    listed = "\n".join(["stages:", *(f"  {each.name:18} {each.about}" for each in STAGES.values())])
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, epilog=listed, formatter_class=plain)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m", help="the folder of MovieLens 1M")
    parser.add_argument("--times", type=int, nargs="*", default=[1, 4, 16, 64], help="copies of the users")
    parser.add_argument("--spread", type=int, nargs="*", default=[1, 16, 64, 270], help="copies of the items")
    parser.add_argument("--at", type=int, default=4, help="copies of the users while items grow")
    parser.add_argument("--stages", nargs="+", default=list(STAGES), choices=list(STAGES), metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path("scaling.json"))
    parser.add_argument("--picture", type=Path, help="by default beside --out, as SVG")
    parser.add_argument("--again", action="store_true", help="measure nothing")
    parser.add_argument("--work", type=Path, help="a folder with room; by default a temporary one")
    parser.add_argument("--stage", choices=list(STAGES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        bench = Bench(options.data, options.work)
        STAGES[options.stage].run(bench)
        print(json.dumps(bench.cost))
        return
    rows = read(options.out) if options.again else measured(options)
    least = {"interactions": 4 * MILLION, "items": 4 * MOVIES}
    print(*summary(rows, least), sep="\n")
    from benchmarks.scaling.picture import draw

    draw(rows, options.picture or options.out.with_suffix(".svg"))


def measured(options: argparse.Namespace) -> list[Measurement]:
    """Measure both series, and write each measurement as it comes."""
    rows: list[Measurement] = []
    plan = [("interactions", times, 1) for times in options.times]
    plan += [("items", options.at, spread) for spread in options.spread]
    for series, times, spread in plan:
        with tempfile.TemporaryDirectory(dir=options.work) as folder:
            data, work = Path(folder) / "data", Path(folder) / "work"
            work.mkdir()
            expand(options.data, data, times, spread)
            interactions, items = sizes_of(data)
            for name in options.stages:
                cost, failed = run_alone(name, data, work)
                rows.append(Measurement(series, name, interactions, items, cost, failed))
                options.out.write_text(written(rows), encoding="utf-8")
                told = failed or f"{cost['cpu']:9.2f} s of the processor, peak {cost['peak']:8,.0f} MB"
                print(f"{interactions:13,} × {items:9,}  {name:14} {told}", flush=True)
    return rows


if __name__ == "__main__":
    main()
