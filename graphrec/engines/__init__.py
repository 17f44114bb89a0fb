"""Engines: what does the parts of a long job, in this process, in several, or on a Ray cluster."""
