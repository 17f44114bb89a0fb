"""Sorted explanation paths: possible reasons for the recommendations of any model, as paths through the graph."""
