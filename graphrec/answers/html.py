"""One self-contained page: reasons in words, a Sankey, and the graph of the paths.

The drawings are SVG made here, not Plotly: the page needs no script and no network, stays some 30 kB instead of 4.6 MB,
prints, and every label is placed where nothing else is. A content security policy in the page forbids everything but
its own style, so that a name that got through the escaping could still do nothing.
"""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from graphrec.answers import sentences, svg, text
from graphrec.answers.fallback_words import fallback_sentences
from graphrec.answers.group_reasons import group_reasons
from graphrec.answers.node_reasons import node_reasons
from graphrec.answers.path_drawing import path_drawing
from graphrec.answers.sankey import sankey
from graphrec.answers.strands import MOST, strands
from graphrec.answers.style import DARK, LIGHT, drawing_style, variables
from graphrec.answers.summary_words import summary_sentences
from graphrec.own_kinds import PAGE
from graphrec.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.answers.answer import Answer
    from graphrec.answers.group_reasons import GroupReason
    from graphrec.answers.node_reasons import NodeReason

_KINDS = {
    "item": "item that they {verb}",
    "attribute": "attribute",
    "entity": "entity",
    "feature": "word from reviews",
    "factor": "group",
    "people": "other people, counted",
}


def write_page(answers: Sequence[Answer], path: Path) -> None:
    """Write the page of one or more recommendations of one user; the file appears whole or not at all.

    Args:
        answers: best first; the first is shown open.
        path: the file; its folder is made, and a page that is there is replaced.

    Raises:
        InputError: the path is a folder, or a file that is no page of graphrec.
        OSError: the system refuses it: no permission, a full disk.
    """
    write_whole(page(answers), path, PAGE)


def page(answers: Sequence[Answer]) -> str:
    """Return the page as HTML."""
    first = answers[0]
    subject = first.item.name if len(answers) == 1 else f"{len(answers)} recommendations"
    template = Template(files("graphrec.answers").joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(
        light=variables(LIGHT),
        dark=variables(DARK),
        drawing=drawing_style(),
        title=svg.escaped(f"Why {subject}?"),
        heading=svg.escaped(f"Why {subject} for {first.user.name}?", 120),
        facts=_facts(first),
        legend=_legend(answers),
        sections="\n".join(_section(why, is_open=place == 0) for place, why in enumerate(answers)),
        claim=svg.escaped(text.CLAIM, 500),
    )


def _facts(why: Answer) -> str:
    run = why.run
    facts = {"run": run.id, "model": run.model, "made": run.created[:10], "weights in": run.weight_unit}
    if run.additive:
        facts["may be added up"] = run.additive
    if run.protected:
        facts["kept out"] = ", ".join(run.protected)
    stale = '<p class="stale">The data has changed since this run.</p>' if why.stale else ""
    cells = "".join(f"<div><dt>{name}</dt><dd>{svg.escaped(value)}</dd></div>" for name, value in facts.items())
    warnings = "".join(f'<p class="stale">{svg.escaped(warning, 200)}</p>' for warning in why.warnings)
    return f"<dl>{cells}</dl>{warnings}{stale}"


def _legend(answers: Sequence[Answer]) -> str:
    verb = svg.escaped(text.shown_verb(answers[0].verb))
    reasons = [reason for why in answers for reason in why.reasons]
    used = {svg.PALETTE[node.label] for reason in reasons for node in (reason.evidence, *reason.shared)}
    keys = [f'<li class="{css}"><i></i>{word.format(verb=verb)}</li>' for css, word in _KINDS.items() if css in used]
    if any(why.opposing for why in answers):
        keys.append('<li class="against"><i></i>speaks against</li>')
    return "".join(keys)


def _section(why: Answer, *, is_open: bool) -> str:
    drawn = strands(why)
    drawings = ""
    if drawn:
        left_out = f" The {MOST} strongest are drawn." if len(drawn) < len(strands(why, None)) else ""
        drawings = (
            f"<figure class='sankey'><figcaption>How much each piece of evidence weighs.{left_out}</figcaption>"
            f"{sankey(why, drawn)}</figure>"
            f"<figure class='paths'><figcaption>The paths through the graph.</figcaption>"
            f"{path_drawing(why, drawn)}</figure>"
        )
    place = f"<b>{why.rank}</b> " if why.rank else ""
    return (
        f"<details class='recommendation'{' open' if is_open else ''}>"
        f"<summary>{place}{svg.escaped(why.item.name, 120)} <small>score {why.score:.4g}</small></summary>"
        f"{_summaries(why)}<p class='coverage'>{svg.escaped(sentences.coverage(why), 1200)}</p>"
        f"{drawings}{_table(why)}</details>"
    )


def _summaries(why: Answer) -> str:
    """Return what sums a recommendation up, a paragraph each; first of all, that it is not the model's."""
    told = [*fallback_sentences(why), *summary_sentences(why)]
    return "".join(f"<p class='summary'>{svg.escaped(words, 600)}.</p>" for words in told)


def _table(why: Answer) -> str:
    groups, nodes = group_reasons(why), node_reasons(why)
    of_groups = _group_table(groups, why.verb) if groups else ""
    is_held = any(one.held_effect is not None for one in nodes)
    largest = max((abs(one.share) for one in nodes), default=0.0)
    rows = "".join(_row(one, why.verb, largest, is_held=is_held) for one in nodes)
    nothing = "<td class='number'>–</td>"
    if why.people:
        total = sum(reason.share for reason in why.reasons if reason.evidence.label == "User")
        counted = "1 person" if why.people == 1 else f"{why.people} people"
        rows += (
            f"<tr><td>{counted} with a similar history</td><td class='number'>{text.percent(total)}</td>"
            f"{nothing * (3 if is_held else 2)}</tr>"
        )
    held = "<th>puts in</th>" if is_held else ""
    head = f"<tr><th>reason</th><th>share of the evidence</th><th>weight</th>{held}<th>measured effect</th></tr>"
    return of_groups + (f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else "")


def _row(one: NodeReason, verb: str, largest: float, *, is_held: bool) -> str:
    reason = one.first
    share = ("" if one.supports else "−") + text.percent(one.share)
    below = [line for line in (text.below(one, verb), _averaged(one, verb)) if line]
    return (
        f"<tr class='{_css(reason.evidence.label, supports=one.supports)}'>"
        f"<td>{svg.escaped(text.node(one, verb), 500)}{''.join(map(_small, below))}</td>"
        f"<td class='number'>{share}{_meter(one.share, largest)}</td>"
        f"<td class='number'>{text.number(one.net)}</td>{_number(one.held_effect) if is_held else ''}"
        f"{_number(one.effect)}</tr>"
    )


def _averaged(one: NodeReason, verb: str) -> str:
    """Return why what supports has no positive effect, where that is so."""
    return f"supports, but less than the rest of what they {text.shown_verb(verb)}" if one.is_below_the_rest else ""


def _group_table(groups: Sequence[GroupReason], verb: str) -> str:
    largest = max(abs(one.share) for one in groups)
    rows = "".join(
        f"<tr class='{_css('Item', supports=one.supports)}'><td>{svg.escaped(sentences.group_title(one, verb), 500)}"
        f"{_small('together they say more than one by one') if one.says_more else ''}</td>"
        f"<td class='number'>{text.number(one.joint_effect)}{_meter(one.share, largest)}</td>"
        f"{_number(one.sum_of_effects)}</tr>"
        for one in groups
    )
    head = "<tr><th>without all of</th><th>joint effect</th><th>sum of effects one by one</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _css(label: str, *, supports: bool) -> str:
    return svg.PALETTE[label] + ("" if supports else " against")


def _meter(share: float, largest: float) -> str:
    length = 100 * abs(share) / largest if largest else 0
    return f"<span class='meter'><span style='width:{length:.0f}%'></span></span>"


def _small(words: str) -> str:
    return f"<small>{svg.escaped(words, 500)}</small>"


def _number(value: float | None) -> str:
    signed = "–" if value is None else f"{value:+.3g}".replace("-", "−")
    return f"<td class='number'>{signed}</td>"
