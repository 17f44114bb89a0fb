"""``graphrec verify``: are a run's reasons real, and does what was measured agree with what was claimed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphrec.commands.auditing import audit_lines, audit_result, refuse_untrue
from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars

if TYPE_CHECKING:
    from graphrec.store.base import Store

EXAMPLES = """Examples:

\b
  graphrec verify
  graphrec verify reconet-4f6c01d2ab --json

Leaves with exit code 9 if an audit finds a reason that is not true."""


def verify(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="The run; the current one if left out.")] = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Audit a run: every reason real, every protected attribute hidden, every claim beside its measured effect."""
    from graphrec.audit import audit
    from graphrec.store.opening import open_store

    with open_store(store, read_only=True) as opened, bars() as progress:
        chosen = opened.run(run)
        progress("auditing", 0, 0)
        report = audit(opened, chosen)
        effects = _effects(opened, chosen.id)
    if json:
        print_json({"run": chosen.id, "effects": effects, **audit_result(report)})
    else:
        say(f"Run {chosen.id}", *audit_lines(report), *_effect_lines(effects))
    refuse_untrue(report)


def _effects(store: Store, run: str) -> dict[str, int]:
    """Count reasons, measured effects, claims to support, and claims that measurement does not bear out."""
    from graphrec import queries

    rows = store.query(queries.load("lookup/effects", store.engine).text, {"run": run})
    if rows.empty:
        return dict.fromkeys(("reasons", "measured", "claims", "contradicted"), 0)
    return {str(name): int(value) for name, value in rows.fillna(0).iloc[0].items()}


def _effect_lines(effects: dict[str, int]) -> list[str]:
    reasons, measured, claims, against = (effects[n] for n in ("reasons", "measured", "claims", "contradicted"))
    lines = [f"  {measured:,} of {reasons:,} reasons have a measured effect."]
    if claims:
        lines.append(
            f"  {claims - against:,} of {claims:,} claims to support ({1 - against / claims:.1%}) are borne out."
        )
    return lines
