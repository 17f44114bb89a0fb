"""Every Cypher text that graphrec runs or ships."""
