"""The embedded store: a folder with a LadybugDB file, and the Parquet tables that are the truth behind it.

``graph.lbug`` is never changed in place. Every change writes new table files and a new database file beside the old
ones, then replaces ``tables/manifest.json``: that one rename is the commit. Readers hold no lock and keep what they
opened; writers exclude each other by a lock on the file ``lock``. A crash therefore leaves either the old state or the
new one, and the files that the manifest does not name are swept away by the next writer.
"""
