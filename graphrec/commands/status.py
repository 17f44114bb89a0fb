"""``graphrec status``: the data, the fit and the run of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.commands.options import DatasetOption, JsonOption, StoreOption
from graphrec.commands.printing import print_json, say
from graphrec.commands.runs import run_rows
from graphrec.tables.families import bases
from graphrec.wording import readable

if TYPE_CHECKING:
    from graphrec.store.store import Store

EXAMPLES = "Example: graphrec status --store neo4j://localhost"


def status(dataset: DatasetOption = "", store: StoreOption = None, json: JsonOption = False) -> None:
    """Say which data, fit and run the store holds, and whether the current run of each data set is stale."""
    from graphrec.store.opening import open_store

    with open_store(store, read_only=True, dataset=dataset) as opened:
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
    all_bases = bases(store.datasets())
    runs = run_rows(store, store.runs())
    currents = [run for run in runs if run["current"]]
    default = all_bases[0].id if all_bases else ""
    taken = store.dataset or default
    return {
        "store": store.uri,
        "engine": store.engine,
        "datasets": datasets,
        "data": store.data_fingerprint(taken) if datasets else "",
        "runs": len(runs),
        "current": next((run for run in currents if run["dataset"] == taken), None),
        "of_datasets": {
            info.id: {
                "data": store.data_fingerprint(info.id),
                "runs": sum(run["dataset"] == info.id for run in runs),
                "current": next((run for run in currents if run["dataset"] == info.id), None),
            }
            for info in all_bases
            if not store.dataset or info.id == store.dataset
        },
    }


def _lines(result: dict[str, Any]) -> list[str]:
    lines = [f"Store     {result['store']} ({result['engine']})"]
    if not result["datasets"]:
        return [*lines, "Data      none. Load some: graphrec load LOADER PATH"]
    several = sum(not info["base"] for info in result["datasets"]) > 1
    for name, of_dataset in result["of_datasets"].items():
        records = [info for info in result["datasets"] if name in (info["id"], info["base"])]
        lines += [_data_line(info, several=several) for info in records]
        lines += [f"          fingerprint {of_dataset['data']}", *_run_lines(of_dataset)]
    return lines


def _data_line(info: dict[str, Any], *, several: bool) -> str:
    state = "" if info["status"] == "complete" else f", {info['status']}"
    over = f", over {readable(info['base'])}" if info["base"] else ""
    named = f" (--dataset {readable(info['id'])})" if several and not info["base"] else ""
    return f"Data      {readable(info['name'])}{named}{over}, loaded {info['loaded']}{state}"


def _run_lines(of_dataset: dict[str, Any]) -> list[str]:
    """Return what there is to say of the current run of a data set."""
    run = of_dataset["current"]
    if run is None:
        return [f"Run       none is current; {of_dataset['runs']} stored. Write one: graphrec recommend FOLDER"]
    freshness = "STALE: the data has changed since" if run["stale"] else "fresh: of this data"
    lines = [
        f"Run       {run['run']} of {run['created']}, the current one of {of_dataset['runs']}; {freshness}",
        f"Fit       {run['fit']} ({run['model']}, positive if {run['positive_if'] or 'any interaction'})",
    ]
    if run["additive"]:
        lines.append(f"Adds up   over a recommendation's reasons: {run['additive']}")
    if run["protected"]:
        lines.append(f"Protected {', '.join(run['protected'])}")
    if run["notes"]:
        lines.append(f"Notes     {readable(run['notes'], 500)}")
    return lines
