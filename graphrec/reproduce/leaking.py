"""The mark of a report whose models knew reviews of the test part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec.report import Heading, Table

if TYPE_CHECKING:
    from graphrec.report import Block

MARK = "(leaking)"
"""Stands behind every heading and before the caption of every table of results."""


def marked_leaking(block: Block) -> Block:
    """Return a block of a report with the mark, where it is a heading or a table."""
    if isinstance(block, Heading):
        return replace(block, text=f"{block.text} {MARK}")
    if isinstance(block, Table):
        return replace(block, caption=f"{MARK} {block.caption}".rstrip())
    return block
