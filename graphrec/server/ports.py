"""Find ports that are free on this machine."""

from __future__ import annotations

import errno
import socket
import time

from graphrec.errors import StoreUnavailableError

BOLT, HTTP = 7687, 7474
"""Neo4j's usual ports."""


def is_free(port: int) -> bool:
    """Return whether no program listens on ``port`` of 127.0.0.1.

    Asked by connecting, not by binding: after a server was killed, its port cannot be bound here for a minute, as long
    as a client keeps its end of a connection; another server can still listen on it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


def choose(requested: int | None, preferred: int, *, avoid: int = 0, patience: float = 0) -> int:
    """Return the requested port; without one, the preferred port or any other that is free.

    Args:
        requested: a port that must be it; 0 for any free one; None to prefer ``preferred``.
        preferred: what is tried first when ``asked`` is None.
        avoid: a port that is spoken for.
        patience: seconds to wait for the preferred port, which a dying server may still hold.

    Raises:
        StoreUnavailableError: the requested port is taken.
    """
    if requested:
        if not is_free(requested) or requested == avoid:
            raise StoreUnavailableError(
                f"port {requested} is taken", remedy="Name another port, or stop the program that listens there"
            )
        return requested
    if requested is None and preferred != avoid:
        until = time.monotonic() + patience
        while not is_free(preferred) and time.monotonic() < until:
            time.sleep(0.05)
        if is_free(preferred):
            return preferred
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port != avoid:
            return port
