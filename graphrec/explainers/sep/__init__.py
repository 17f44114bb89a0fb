"""Sorted explanation paths: why any model may have recommended an item, told as paths through the graph."""
