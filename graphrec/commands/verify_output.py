"""The output of ``graphrec verify``: measured values, the stored reasons beside random ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.commands.printing import table
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.verification import Verified

_SHOWN_SIZES = (1, 5, 10)


def verified_lines(verified: Verified) -> list[str]:
    """Return measured values as lines of text."""
    lines = _agreement_lines(verified) if verified.effects is not None else []
    rows = [*_curve_rows(verified.curves or {}), *_path_rows(verified.paths or {})]
    if rows:
        lines += ["", f"  Over {counted(verified.users, 'list')}, mean [95 % interval]:"]
        lines += [f"  {line}" for line in table(("", "stored", "Random", "apart"), rows)]
    for excluded in verified.left_out:
        how = f". {excluded.how}" if excluded.how else ""
        lines.append(f"  not measured: {excluded.what}, because {excluded.why}{how}")
    return lines


def _agreement_lines(verified: Verified) -> list[str]:
    effects, sums = verified.effects or {}, verified.sums or {}
    again = f"{counted(verified.measured, 'recommendation')} measured again"
    measured, compared = f"{effects['measured']:,} of {effects['nodes']:,} effects", f"{effects['compared']:,}"
    same = f"{measured}, {effects['same']:,} of {compared} as stored"
    furthest = f"greatest difference {_number(effects['max_difference'])}"
    lines = [f"  {again}: {same} ({furthest}); {verified.changes:,} written."]
    held = verified.held_effects
    if held is not None:
        lines.append(
            f"  with denominators and lengths held: {held['same']:,} of {held['compared']:,} as stored (greatest "
            f"difference {_number(held['max_difference'])})."
        )
    joint = verified.joint_effects
    if joint is not None:
        lines.append(
            f"  joint effects of sets: {joint['same']:,} of {joint['compared']:,} as stored (greatest difference "
            f"{_number(joint['max_difference'])})."
        )
    flips = verified.counterfactuals
    if flips is not None:
        lines.append(f"  counterfactuals: {flips['flip']:,} of {counted(flips['sets'], 'stored set')} flip again.")
    for name, words in (("score", "the stored score"), ("additivity", "the sum of weights and rest")):
        if sums.get(name):
            lines.append(f"  the model's score differs from {words} by {_number(sums[name]['max'])} at most.")
    return lines


def _curve_rows(curves: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    if not curves:
        return []
    sizes, rows = curves["stored"]["sizes"], []
    tests = curves["compared"]["test"]
    for size in _SHOWN_SIZES:
        at = sizes.index(size)
        bands = [_at(curves[side]["delta"], at) for side in ("stored", "random")]
        if bands[0]["mean"] is not None:
            apart = f"p = {_number(tests['p_less'][at])}"
            rows.append((f"Δŷ without the top {size}", _band(bands[0]), _band(bands[1]), apart))
    for loss in ("comprehensiveness", "sufficiency"):
        bands = [curves[side][loss]["score"]["area"] for side in ("stored", "random")]
        apart = _apart(curves["compared"][loss], ("better", "worse"))
        rows.append((f"{loss}, area", _band(bands[0]), _band(bands[1]), apart))
    return rows


def _path_rows(paths: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    if not paths:
        return []
    longest = max(int(name.partition("@")[2]) for name in paths)
    rows = []
    for name, measured in paths.items():
        if name.endswith(f"@{longest}") and measured["stored_alone"]["users"]:
            beside = measured["stored"] if measured["stored"]["users"] else measured["stored_alone"]
            rows.append((name, _band(beside), _band(measured["random"]), _apart(measured["compared"])))
    return rows


def _at(band: dict[str, Any], place: int) -> dict[str, Any]:
    return {name: values[place] for name, values in band.items()}


def _band(band: dict[str, Any]) -> str:
    if band["mean"] is None:
        return "–"
    if band["low"] is None:
        return _number(band["mean"])
    return f"{_number(band['mean'])} [{_number(band['low'])}, {_number(band['high'])}]"


def _apart(compared: dict[str, Any], words: tuple[str, str] = ("above", "below")) -> str:
    """Return in a word where the interval of the paired difference lies: above 0, below it, or level."""
    band = compared["difference"]
    if band["low"] is None:
        return "–"
    return "level" if band["low"] <= 0 <= band["high"] else words[band["low"] <= 0]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
