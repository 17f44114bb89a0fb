"""Papers reproduced: a recipe names the data, the protocol, the rows and the sections; this room does the work.

A recipe is data (``recipes/*.toml``). The unit of work is a job, whose result is kept, so that an interrupted run goes
on where it was, and a changed row redoes only itself.
"""
