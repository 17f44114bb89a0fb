"""Layouts of vectors on a plane, as charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.report import Cloud

if TYPE_CHECKING:
    from collections.abc import Mapping


def cloud_of(layout: Mapping[str, Any]) -> Cloud:
    """Return a layout of ``graphrec.reproduce.plane.laid_out`` as a chart, a group each in the order of its names."""
    group = np.asarray(layout["factor"])
    x, y = (np.asarray(layout[axis], dtype=np.float64) for axis in ("x", "y"))
    return Cloud(
        tuple(
            (name, tuple(x[group == place].tolist()), tuple(y[group == place].tolist()))
            for place, name in enumerate(layout["names"])
        )
    )
