"""``graphrec verify``: audits of a run, and its claims beside measured effects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.auditing import audit_lines, audit_result, refuse_untrue
from graphrec.commands.options import (
    DatasetOption,
    EngineOption,
    JsonOption,
    KindOption,
    StoreOption,
    named_class,
    say_dataset,
)
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.engines.engine import Engine
    from graphrec.models.model import Model
    from graphrec.progress import Progress
    from graphrec.store.store import Store
    from graphrec.verification import Verified

EXAMPLES = """Examples:

\b
  graphrec verify
  graphrec verify reconet-4f6c01d2ab --json
  graphrec verify --model fits/reconet
  graphrec verify --model fits/reconet --sample 0

With --model, the effect of every sampled reason is measured again, and written
into the graph where it differs from what is stored.

Leaves with exit code 9 if an audit finds a reason that is not true."""


def verify(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="The run; the current one if left out.")] = "",
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="FOLDER", help="The fit that the run came from; measures effects again."),
    ] = None,
    kind: KindOption = "",
    sample: Annotated[
        int, typer.Option("--sample", metavar="N", help="Recommendations to measure, drawn with a seed; 0: all.")
    ] = 500,
    split: Annotated[
        Path | None, typer.Option("--split", metavar="FILE", help="The split that cut the run's data, if one did.")
    ] = None,
    engine: EngineOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Audit a run: every reason real, every protected attribute hidden, every claim measured beside random reasons."""
    from graphrec.audits import audit
    from graphrec.engines.naming import engine_of
    from graphrec.store.opening import open_store

    if sample < 0:
        raise UsageError(f"--sample is {sample}", remedy="Give 1 or more, or 0 for all")
    chosen_engine = engine_of(engine)
    fit = _fit(model, kind)
    with open_store(store, read_only=True, dataset=dataset) as opened, bars() as progress:
        chosen = opened.run(run)
        if not run:
            say_dataset(opened, opened.dataset_of_run(chosen))
        verified = _measured(opened, chosen.id, fit, split, sample, progress, chosen_engine)
        if verified.unwritten:
            with open_store(store) as writing:
                writing.write_effects(chosen.id, verified.unwritten, progress)
        progress("auditing", 0, 0)
        report = audit(opened, chosen)
        effects = _effects(opened, chosen.id)
    from graphrec.verification.grounding import grounding

    grounded = grounding(report, effects["reasons"])
    if json:
        measured = {**verified.to_dict(), "written": verified.changes}
        result = {"run": chosen.id, "effects": effects, "grounding": grounded, "measured": measured}
        print_json({**result, **audit_result(report)})
    else:
        from graphrec.commands.verify_output import verified_lines

        say(f"Run {chosen.id}", *audit_lines(report), *_effect_lines(effects, grounded), *verified_lines(verified))
    refuse_untrue(report)


def _fit(folder: Path | None, kind: str) -> Model | None:
    from graphrec.models.saving import load_model

    return None if folder is None else load_model(folder, named_class(kind))


def _measured(
    store: Store, run: str, model: Model | None, file: Path | None, sample: int, progress: Progress, engine: Engine
) -> Verified:
    from graphrec.dataset.splitting import Split
    from graphrec.verification import verify

    split = None if file is None else Split.load(file)
    return verify(store, run, model=model, split=split, sample=sample, progress=progress, engine=engine)


def _effects(store: Store, run: str) -> dict[str, int]:
    """Count reasons, their nodes, measured effects, and claims to support with those that measurement contradicts."""
    from graphrec import queries

    rows = store.query(queries.load("lookup/effects", store.engine).text, {"run": run})
    if rows.empty:
        return dict.fromkeys(("reasons", "nodes", "measured", "claims", "contradicted"), 0)
    return {str(name): int(value) for name, value in rows.fillna(0).iloc[0].items()}


def _effect_lines(effects: dict[str, int], grounded: dict[str, Any]) -> list[str]:
    measured, claims, against = (effects[name] for name in ("measured", "claims", "contradicted"))
    named = f"{effects['reasons']:,} reasons name {effects['nodes']:,} nodes"
    lines = [f"  {named}; {measured:,} of these have a measured effect."]
    if grounded["share"] is not None:
        lines.append(f"  grounding: {grounded['share']:.1%} of the reasons are real by their ground.")
    if claims:
        lines.append(
            f"  {claims - against:,} of {claims:,} claims to support ({1 - against / claims:.1%}) are borne out."
        )
    return lines
