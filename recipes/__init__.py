"""The papers' recipes: which tables and figures a report has, as data."""
