"""Find ports that are free on this machine."""

from __future__ import annotations

import socket

from graphrec.errors import StoreUnavailableError

BOLT, HTTP = 7687, 7474
"""Neo4j's usual ports."""


def is_free(port: int) -> bool:
    """Return whether a server could listen on ``port`` of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(asked: int | None, preferred: int, avoid: int = 0) -> int:
    """Return the port asked for; or, if none was, the preferred one or any other that is free.

    Args:
        asked: a port that must be it; 0 for any free one; None to prefer ``preferred``.
        preferred: what is tried first when ``asked`` is None.
        avoid: a port that is spoken for.

    Raises:
        StoreUnavailableError: the port asked for is taken.
    """
    if asked:
        if not is_free(asked) or asked == avoid:
            raise StoreUnavailableError(
                f"port {asked} is taken", remedy="Name another port, or stop the program that listens there"
            )
        return asked
    if asked is None and preferred != avoid and is_free(preferred):
        return preferred
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port != avoid:
            return port
