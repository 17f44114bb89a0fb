"""Counterfactual sets: the fewest changes of a user's inputs that let another item overtake a recommended one."""
