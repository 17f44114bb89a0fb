"""The loaders that come with graphrec: one file per data set; each turns raw files into graph tables.

In a checkout the files are in ``loaders/`` at the top, in a wheel they are in this folder.
"""

from graphrec.resources import RESOURCES

__path__ = [str(RESOURCES / "loaders")]
