"""``graphrec status``: the data, the fit and the run of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.printing import print_json, say
from graphrec.commands.runs import run_row
from graphrec.wording import readable

if TYPE_CHECKING:
    from graphrec.store.store import Store

EXAMPLES = "Example: graphrec status --store neo4j://localhost"


def status(store: StoreOption = None, json: JsonOption = False) -> None:
    """Say which data, fit and run the store holds, and whether the current run is stale."""
    from graphrec.store.opening import open_store

    with open_store(store, read_only=True) as opened:
        result = status_of(opened)
    if json:
        print_json(result)
    else:
        say(*_lines(result))


def status_of(store: Store) -> dict[str, Any]:
    """Return the content of the store as a JSON object."""
    return store.consistent(lambda: _status_of(store))


def _status_of(store: Store) -> dict[str, Any]:
    datasets = [
        {
            "id": info.id,
            "name": info.name,
            "loader": info.loader,
            "base": info.base,
            "loaded": info.loaded,
            "status": info.status,
        }
        for info in store.datasets()
    ]
    data = store.data_fingerprint() if datasets else ""
    runs = store.runs()
    current = next((run for run in runs if run.current), None)
    return {
        "store": store.uri,
        "engine": store.engine,
        "datasets": datasets,
        "data": data,
        "runs": len(runs),
        "current": None if current is None else run_row(current, data),
    }


def _lines(result: dict[str, Any]) -> list[str]:
    lines = [f"Store     {result['store']} ({result['engine']})"]
    if not result["datasets"]:
        return [*lines, "Data      none. Load some: graphrec load LOADER PATH"]
    for info in result["datasets"]:
        state = "" if info["status"] == "complete" else f", {info['status']}"
        over = f", over {readable(info['base'])}" if info["base"] else ""
        lines.append(f"Data      {readable(info['name'])}{over}, loaded {info['loaded']}{state}")
    lines.append(f"          fingerprint {result['data']}")
    run = result["current"]
    if run is None:
        return [*lines, f"Run       none is current; {result['runs']} stored. Write one: graphrec recommend FOLDER"]
    freshness = "STALE: the data has changed since" if run["stale"] else "fresh: of this data"
    lines += [
        f"Run       {run['run']} of {run['created']}, the current one of {result['runs']}; {freshness}",
        f"Fit       {run['fit']} ({run['model']}, positive if {run['positive_if'] or 'any interaction'})",
    ]
    if run["additive"]:
        lines.append(f"Adds up   over a recommendation's reasons: {run['additive']}")
    if run["protected"]:
        lines.append(f"Protected {', '.join(run['protected'])}")
    if run["notes"]:
        lines.append(f"Notes     {readable(run['notes'], 500)}")
    return lines
