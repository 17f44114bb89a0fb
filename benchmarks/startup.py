"""Time to start: importing graphrec, the command's help, and the whole demo.

    python -m benchmarks.startup            import and help, the median of eleven
    python -m benchmarks.startup --demo     the demo too, on the embedded store

Each runs in a process of its own; ``python -c pass`` beside it says what Python alone takes. The aims are 0.3 s for
the import, 0.5 s for the help and 90 s for the demo, on two cores.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from statistics import median

COMMAND = "from graphrec.commands.main import main; main()"
AIMS = {"import graphrec": 0.3, "graphrec --help": 0.5}
LINES = {
    "python alone": ["-c", "pass"],
    "import graphrec": ["-c", "import graphrec"],
    "graphrec --help": ["-c", COMMAND, "--help"],
}
ROUNDS = 11


def seconds(arguments: list[str], folder: str) -> float:
    """Return how long a Python process takes."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - begun


def main() -> None:
    """Measure, and print each figure beside its aim."""
    parser = argparse.ArgumentParser(description="How fast graphrec starts")
    parser.add_argument("--demo", action="store_true", help="run the demo too")
    with_demo = parser.parse_args().demo
    with tempfile.TemporaryDirectory() as folder:
        rounds = [{name: seconds(line, folder) for name, line in LINES.items()} for _ in range(ROUNDS)]
        for name in LINES:
            taken = median(measured[name] for measured in rounds)
            aim = f"  aim {AIMS[name]:.1f} s" if name in AIMS else ""
            print(f"{name:<16} {taken:.3f} s{aim}")
        if with_demo:
            print(f"{'graphrec demo':<16} {seconds(['-c', COMMAND, 'demo'], folder):.1f} s  aim 90 s")


if __name__ == "__main__":
    main()
