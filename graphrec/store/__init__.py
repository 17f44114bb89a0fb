"""The interface of stores, and the two engines that implement it."""
