"""A real Neo4j server for those who have none at hand: start it, stop it, ask where it is."""

from graphrec.server.info import ServerInfo
from graphrec.server.lifecycle import start, status, stop
from graphrec.server.releases import LTS, NEWEST, Release

__all__ = ["LTS", "NEWEST", "Release", "ServerInfo", "start", "status", "stop"]
