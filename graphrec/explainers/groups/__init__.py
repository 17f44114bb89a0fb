"""Groups of taken items that are switched off together: "without your horror films"."""
